using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourseKit.Cli.Kernelspecs;

/// <summary>A kernel as Jupyter knows it: a folder whose name is the kernel's, with a kernel.json in it.</summary>
/// <param name="Name">What notebooks call it.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="DisplayName">What a menu calls it.</param>
/// <param name="Language">What it speaks.</param>
/// <param name="Arguments">The program Jupyter starts, and its arguments.</param>
/// <param name="IsOurs">Whether this kit wrote it, by its metadata.</param>
internal sealed partial record Kernelspec(string Name, string Folder, string DisplayName, string Language, IReadOnlyList<string> Arguments, bool IsOurs)
{
    /// <summary>The name chapters and notebooks made for .NET Interactive ask for.</summary>
    public const string PreferredName = ".net-csharp";

    /// <summary>The name where the preferred one is taken.</summary>
    public const string OtherName = "coursekit";

    /// <summary>The key in kernel.json's metadata that says this kit wrote it.</summary>
    public const string MetadataKey = "coursekit";

    /// <summary>What Jupyter replaces by the path of the connection file.</summary>
    public const string ConnectionFile = "{connection_file}";

    /// <summary>What stands in the way of starting it: a file of its command that is gone; null where all are there.</summary>
    public string? Problem => Arguments.Count == 0
        ? "its kernel.json names no program"
        : Arguments.FirstOrDefault(argument => Path.IsPathFullyQualified(argument) && !File.Exists(argument)) is { } gone ? $"{gone} is gone" : null;

    /// <summary>The rule of Jupyter's own <c>kernelspec install</c>.</summary>
    public static bool IsName(string name) => NameRule().IsMatch(name);

    /// <summary>What a menu calls our kernel of this name.</summary>
    public static string DefaultDisplayName(string name) => name == PreferredName ? ".NET (C#)" : "C# (CourseKit)";

    /// <summary>The folder of a data folder that holds kernels.</summary>
    public static string KernelsFolder(string dataFolder) => Path.Combine(dataFolder, "kernels");

    /// <summary>Every kernel in Jupyter's folders, the one Jupyter would take first where names are equal.</summary>
    public static IReadOnlyList<Kernelspec> FindAll(IEnumerable<string> dataFolders) =>
        [.. dataFolders.Select(KernelsFolder).SelectMany(Folders).Select(Read).OfType<Kernelspec>()];

    /// <summary>Reads one; null where there is no kernel.json, or what is there is none.</summary>
    public static Kernelspec? Read(string folder)
    {
        try
        {
            // Names are compared without case, as Jupyter does.
            var name = Path.GetFileName(folder).ToLowerInvariant();
            if (!IsName(name) || JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json"))) is not JsonObject json)
                return null;
            return new Kernelspec(
                name,
                folder,
                Text(json["display_name"]) ?? name,
                Text(json["language"]) ?? "",
                [.. (json["argv"] as JsonArray ?? []).Select(Text).OfType<string>()],
                json["metadata"] is JsonObject metadata && metadata.ContainsKey(MetadataKey));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Folders(string kernels)
    {
        try
        {
            return Directory.Exists(kernels) ? Directory.EnumerateDirectories(kernels).Order(StringComparer.Ordinal).ToArray() : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex(@"^[a-z0-9._\-]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NameRule();
}
