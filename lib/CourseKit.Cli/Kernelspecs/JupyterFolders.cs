namespace CourseKit.Cli.Kernelspecs;

/// <summary>Which system's rules say where Jupyter keeps its data.</summary>
internal enum JupyterSystem
{
    Linux,
    MacOS,
    Windows,
}

/// <summary>
/// Where Jupyter looks for its data, kernelspecs among it, as jupyter_core's <c>jupyter_path</c> has it. The system and its
/// environment variables are given, so that the rules of each system can be tested on any of them.
/// </summary>
internal sealed class JupyterFolders(JupyterSystem system, string home, Func<string, string?> variable)
{
    /// <summary>Those of this machine and this user.</summary>
    public static JupyterFolders Here { get; } = new(
        OperatingSystem.IsWindows() ? JupyterSystem.Windows : OperatingSystem.IsMacOS() ? JupyterSystem.MacOS : JupyterSystem.Linux,
        // As it is named, also where there is no such folder: without it, what belongs there would go into the current one.
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        Environment.GetEnvironmentVariable);

    /// <summary>The user's own data folder, where a kernel goes when nothing else is said.</summary>
    public string User => Value("JUPYTER_DATA_DIR") ?? system switch
    {
        JupyterSystem.Windows => Value("APPDATA") is { } roaming
            ? Path.Combine(roaming, "jupyter")
            : Path.Combine(Value("JUPYTER_CONFIG_DIR") ?? Path.Combine(home, ".jupyter"), "data"),
        JupyterSystem.MacOS => Path.Combine(home, "Library", "Jupyter"),
        _ => Path.Combine(Value("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter"),
    };

    /// <summary>The Python environment that is switched on in this shell (venv or conda); null where none is.</summary>
    public string? ActiveEnvironment => Value("VIRTUAL_ENV") ?? Value("CONDA_PREFIX");

    /// <summary>Every data folder Jupyter looks into, the most important first; they need not exist.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            List<string> folders = [.. (Value("JUPYTER_PATH") ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), User];
            if (Value("PYTHONUSERBASE") is { } userBase)
                folders.Add(InPrefix(userBase));
            if (ActiveEnvironment is { } environment)
                folders.Add(InPrefix(environment));
            folders.AddRange(PrefixesOfCommands().Select(InPrefix));
            folders.AddRange(system == JupyterSystem.Windows
                ? Value("PROGRAMDATA") is { } shared ? [Path.Combine(shared, "jupyter")] : []
                : ["/usr/local/share/jupyter", "/usr/share/jupyter"]);
            return [.. folders.Distinct(system == JupyterSystem.Linux ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>The data folder of an installation prefix, like a Python environment's root.</summary>
    public static string InPrefix(string prefix) => Path.Combine(prefix, "share", "jupyter");

    private char Separator => system == JupyterSystem.Windows ? ';' : ':';

    // Jupyter itself looks beside the Python it runs on: the environment of each jupyter command on the PATH.
    private IEnumerable<string> PrefixesOfCommands()
    {
        var name = system == JupyterSystem.Windows ? "jupyter.exe" : "jupyter";
        return (Value("PATH") ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => Path.IsPathFullyQualified(folder) && File.Exists(Path.Combine(folder, name)))
            .Select(folder => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)))
            .OfType<string>();
    }

    private string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
}
