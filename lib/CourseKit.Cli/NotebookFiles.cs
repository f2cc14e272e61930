using System.Text.RegularExpressions;
using CourseKit.Cli.Commands;

namespace CourseKit.Cli;

/// <summary>Turns what a user typed into notebook files: files, folders, and patterns that the shell did not expand.</summary>
internal static partial class NotebookFiles
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

    /// <summary>An appendix, A1-title.ipynb, teaches without exercises: it is run like a chapter, and there is nothing in it to release, to test or to grade.</summary>
    public static bool IsAppendix(string path) => Appendix().IsMatch(Path.GetFileName(path));

    /// <summary>The files with exercises; a sentence on the standard error output names the appendices that were left out, so that a pattern for all notebooks works.</summary>
    public static IReadOnlyList<string> WithExercises(IReadOnlyList<string> files)
    {
        foreach (var appendix in files.Where(IsAppendix))
            Failures.Write($"{appendix}: left out, an appendix has no exercises; hand it out as it is.");
        return [.. files.Where(file => !IsAppendix(file))];
    }

    [GeneratedRegex(@"^A\d+-.*\.ipynb$")]
    private static partial Regex Appendix();

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
