namespace CourseKit.Cli;

/// <summary>Turns what a user typed into notebook files: files, folders, and patterns that the shell did not expand.</summary>
internal static class NotebookFiles
{
    public const string DefaultFolder = "notebooks";

    /// <returns>The files in order of their names, without repetitions, and a sentence for each argument that named none.</returns>
    public static (IReadOnlyList<string> Files, IReadOnlyList<string> Problems) Find(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            arguments = [DefaultFolder];
        var files = new List<string>();
        var problems = new List<string>();
        foreach (var argument in arguments)
        {
            var found = Expand(argument);
            if (found.Count == 0)
                problems.Add(Problem(argument));
            files.AddRange(found.Except(files));
        }
        return (files, problems);
    }

    private static List<string> Expand(string argument)
    {
        if (Directory.Exists(argument))
            return Sorted(argument, "*.ipynb");
        var name = Path.GetFileName(argument);
        if (name.AsSpan().IndexOfAny('*', '?') < 0)
            return File.Exists(argument) ? [argument] : [];
        var folder = Path.GetDirectoryName(argument) is { Length: > 0 } given ? given : ".";
        return Directory.Exists(folder) ? Sorted(folder, name) : [];
    }

    private static List<string> Sorted(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern).Where(IsNotebook).Order(StringComparer.Ordinal)];

    private static bool IsNotebook(string path) =>
        path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(path).StartsWith('.');

    private static string Problem(string argument) => argument == DefaultFolder
        ? $"There is no folder {DefaultFolder} with chapters here: start the command in the kit's folder, or name the notebooks to run."
        : Directory.Exists(argument) ? $"{argument}: there is no notebook (.ipynb) in this folder."
        : $"{argument}: there is no such notebook.";
}
