using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using CourseKit.Notebook;

namespace CourseKit.Cli.Runs;

/// <summary>
/// What the outcome of a notebook depends on, as a key: its code cells, the files it can read, the kit's own files, the
/// runtime, and the settings of machine and user that a cell could see. Not its text and its metadata, which a run leaves
/// alone, and not the time: a cell that shows today's date shows that of the run that is kept.
/// </summary>
internal sealed class RunKeys
{
    private static readonly string[] Prefixes = ["DOTNET_", "COMPlus_", "COURSEKIT_", "LC_", "NUGET_", "CUDA_", "OCL_", "OPENCL_", "ILGPU_", "NVIDIA_"];
    private static readonly string[] Variables = ["LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH"];

    // Where runs are kept and whether tests take their time changes nothing in them; the rest is about the SDK that started the command.
    private static readonly string[] NoMatter = [ChapterRuns.EnvironmentVariable, "COURSEKIT_REQUIRE_END_TO_END", "DOTNET_CLI_", "DOTNET_EnableDiagnostics", "DOTNET_HOST_PATH", "DOTNET_ROOT", "DOTNET_NOLOGO", "DOTNET_LAUNCH_PROFILE", "DOTNET_SKIP_", "DOTNET_NUGET_", "DOTNET_GENERATE_", "DOTNET_ADD_"];

    private readonly FileSums files = new();
    private readonly Lazy<IReadOnlyList<string>> kit;

    public RunKeys(IReadOnlyDictionary<string, string> kitPackages)
    {
        KitPackages = kitPackages;
        kit = new(KitFiles);
    }

    private IReadOnlyDictionary<string, string> KitPackages { get; }

    /// <summary>The key of a notebook as it and all around it are now; or, where none can be made, the reason as the end of a sentence about the notebook.</summary>
    public (string? Key, string? Reason) Of(NotebookDocument document, NotebookRunOptions options)
    {
        var folder = Path.GetFullPath(options.FolderFor(document));
        var code = NotebookCode.Of(document, folder);
        if (code.WhyNotKept(KitPackages.Keys) is { } reason)
            return (null, reason);

        using var key = new Fingerprint();
        key.Add("code", document.Language);
        foreach (var cell in document.Cells.Where(cell => cell.Kind == CellKind.Code))
            key.Add(cell.Language, string.Join(' ', cell.Tags), cell.Source);
        key.Add("options", options.OutputLimit.ToString(CultureInfo.InvariantCulture));
        key.Add("kit");
        key.Add(kit.Value);
        key.Add("surroundings", folder);
        key.Add(Surroundings(code.Text));
        key.Add("graphics");
        if (code.UsesGraphics)
            key.Add(GraphicsDrivers.Describe());
        key.Add("files");
        foreach (var (name, parts) in Folders(folder, code))
        {
            if (parts is null)
                return (null, $"there are too many files in {name} to see whether one has changed");
            key.Add(name);
            key.Add(parts);
        }

        return (key.Finish(), null);
    }

    /// <summary>The kit's own assemblies beside the command, and the list of the packages they are built with.</summary>
    private List<string> KitFiles()
    {
        var home = AppContext.BaseDirectory;
        string[] own = ["CourseKit.Session.dll", "CourseKit.Session.deps.json", "CourseKit.Session.runtimeconfig.json", "CourseKit.Protocol.dll", "CourseKit.Notebook.dll", "CourseKit.Cli.deps.json"];
        return [.. KitPackages.OrderBy(package => package.Key, StringComparer.Ordinal).SelectMany(package => new[] { package.Key, files.Of(package.Value) }), .. own.SelectMany(name => new[] { name, files.Of(Path.Combine(home, name)) })];
    }

    /// <summary>What is not in a file: runtime, machine, language, time zone, and the settings that the kit, the runtime or the code itself look at.</summary>
    private static IEnumerable<string> Surroundings(string code)
    {
        yield return RuntimeInformation.FrameworkDescription;
        yield return RuntimeInformation.RuntimeIdentifier;
        yield return RuntimeInformation.OSDescription;
        yield return Environment.MachineName;
        yield return Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        yield return CultureInfo.CurrentCulture.Name;
        yield return CultureInfo.CurrentUICulture.Name;
        yield return TimeZoneInfo.Local.Id;
        foreach (var (name, value) in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => ((string)entry.Key, (string?)entry.Value)).OrderBy(entry => entry.Item1, StringComparer.Ordinal))
        {
            var matters = Variables.Contains(name) || (StartsWithOneOf(Prefixes, name) && !StartsWithOneOf(NoMatter, name));
            if (matters || code.Contains($"\"{name}\"", StringComparison.OrdinalIgnoreCase))
                yield return $"{name}={value}";
        }
    }

    private static bool StartsWithOneOf(string[] prefixes, string name) => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The places that cells can read from without further ado: beside the notebook, the folders of data, and what the code names.</summary>
    private IEnumerable<(string Name, IReadOnlyList<string>? Parts)> Folders(string folder, NotebookCode code)
    {
        yield return (folder, files.OfFolder(folder, path => !IsAnothers(path) || code.Text.Contains(Path.GetFileName(path), StringComparison.Ordinal)));
        foreach (var (place, _) in DataFiles.SearchedFolders(folder).Where(place => place.WithInner))
        {
            var data = Path.GetFullPath(place, folder);
            if (!Directory.Exists(data))
                continue;
            yield return (data, files.OfFolder(data));
            foreach (var inner in Directory.EnumerateDirectories(data, "*", new EnumerationOptions()).Order(StringComparer.Ordinal))
                yield return (inner, files.OfFolder(inner));
        }

        foreach (var path in code.Paths)
            yield return (path, Directory.Exists(path) ? files.OfFolder(path, recurse: true) : [files.Of(path)]);
    }

    /// <summary>What lies beside a notebook and is not its own: other notebooks with their mutants, the map of the course, hidden files.</summary>
    private static bool IsAnothers(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith('.') || name == CourseMap.FileName
            || name.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".mutants.json", StringComparison.OrdinalIgnoreCase);
    }
}
