using System.Text.Json;

namespace CourseKit.Session.Packages;

/// <summary>A package as NuGet has put it on this machine: the files of it that fit this machine.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The version that was chosen.</param>
/// <param name="Compiled">Assemblies to compile against.</param>
/// <param name="Loaded">Assemblies to load.</param>
/// <param name="Native">Libraries of machine code.</param>
internal sealed record RestoredPackage(string Id, string Version, IReadOnlyList<string> Compiled, IReadOnlyList<string> Loaded, IReadOnlyList<string> Native)
{
    /// <summary>Reads what a restore wrote down; null where it is not there, is not whole, or names files that are gone.</summary>
    public static IReadOnlyList<RestoredPackage>? TryRead(string assetsFile, string runtimeIdentifier)
    {
        try
        {
            using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
            var root = assets.RootElement;
            if (root.TryGetProperty("logs", out var logs) && logs.EnumerateArray().Any(log => log.GetProperty("level").GetString() == "Error"))
                return null;
            var folders = root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToArray();
            var target = root.GetProperty("targets").EnumerateObject().Single(target => target.Name.EndsWith('/' + runtimeIdentifier, StringComparison.Ordinal)).Value;
            return [.. target.EnumerateObject().Select(package => Read(package, root.GetProperty("libraries").GetProperty(package.Name).GetProperty("path").GetString()!, folders))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static RestoredPackage Read(JsonProperty package, string path, string[] folders)
    {
        var folder = folders.Select(folder => Path.Combine(folder, path)).FirstOrDefault(Directory.Exists)
            ?? throw new DirectoryNotFoundException($"The package {package.Name} is in none of the folders that it was restored to.");
        var name = package.Name.Split('/');
        return new RestoredPackage(name[0], name[1], Files("compile", ".dll"), Files("runtime", ".dll"), Files("native", ""));

        // A file named "_._" stands for none.
        string[] Files(string kind, string extension) => package.Value.TryGetProperty(kind, out var files)
            ? [.. files.EnumerateObject().Select(file => file.Name).Where(file => !file.EndsWith("/_._", StringComparison.Ordinal) && file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)).Select(file => Path.GetFullPath(file, folder))]
            : [];
    }
}
