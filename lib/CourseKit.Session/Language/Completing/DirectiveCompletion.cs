using System.Collections.Concurrent;
using CourseKit.Session.Cells;
using CourseKit.Session.Magics;

namespace CourseKit.Session.Language.Completing;

/// <summary>Completes the lines that are for the session: the magic commands, their files, and packages.</summary>
internal sealed class DirectiveCompletion(IEnumerable<string> kitPackages)
{
    private const int MostFiles = 200;

    private readonly ConcurrentDictionary<string, byte> _packages = new(
        kitPackages.Select(package => KeyValuePair.Create(package, (byte)0)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers the packages that a cell names.</summary>
    public void Learn(string code)
    {
        foreach (var directive in CellSource.Parse(code, CancellationToken.None).Directives)
        {
            if (directive.Name == "r" && PackageOf(directive.Argument) is { Length: > 0 } package)
                _packages.TryAdd(package, 0);
        }
    }

    public static bool IsIn(CellDraft draft) => draft.Directive is not null || Line(draft) == "#";

    /// <summary>Where what is being written begins, and what it may become.</summary>
    public (int Start, IEnumerable<Suggestion> Found) Complete(CellDraft draft)
    {
        var line = Line(draft);
        var start = draft.Cursor - line.Length;
        if (line.AsSpan().IndexOfAny(' ', '\t', '"') < 0)
            return (start, MagicCommands.All.Select(command => new Suggestion("#" + command.Name, "magic")));

        var argument = line.AsSpan().IndexOfAny(' ', '\t', '"');
        while (argument < line.Length && line[argument] is ' ' or '\t' or '"')
            argument++;
        var typed = line[argument..];
        start += argument;
        if (typed.EndsWith('"'))
            return (draft.Cursor, []);
        return line[..2] == "#r" ? CompleteReference(typed, start)
            : line.StartsWith("#!import", StringComparison.Ordinal) ? CompletePath(typed, start, [".cs", ".csx", ".ipynb", ".dib"])
            : (draft.Cursor, []);
    }

    private (int Start, IEnumerable<Suggestion> Found) CompleteReference(string typed, int start)
    {
        const string nuget = "nuget:";
        if (!typed.StartsWith(nuget, StringComparison.OrdinalIgnoreCase))
        {
            var (at, files) = CompletePath(typed, start, [".dll"]);
            return nuget.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? (at, files.Prepend(new Suggestion("nuget: ", "keyword", SuggestionRank.Expected))) : (at, files);
        }

        var name = typed[nuget.Length..].TrimStart();
        return name.Contains(',', StringComparison.Ordinal)
            ? (start + typed.Length, [])
            : (start + typed.Length - name.Length, _packages.Keys.Select(package => new Suggestion(package, "package")));
    }

    private static (int Start, IEnumerable<Suggestion> Found) CompletePath(string typed, int start, string[] extensions)
    {
        // Only the last part is replaced, as names are.
        var name = typed.LastIndexOfAny(['/', '\\']) + 1;
        return (start + name, Files(typed[..name], extensions));
    }

    private static IEnumerable<Suggestion> Files(string folder, string[] extensions)
    {
        try
        {
            // A loop of links ends nowhere, and a folder may have a million files: only its own entries, and not all.
            return
            [
                .. new DirectoryInfo(Path.GetFullPath(folder.Length == 0 ? "." : folder)).EnumerateFileSystemInfos()
                    .Where(entry => !entry.Name.StartsWith('.'))
                    .Where(entry => entry is DirectoryInfo || extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                    .Take(MostFiles)
                    .Select(entry => entry is DirectoryInfo
                        ? new Suggestion(entry.Name + "/", "path")
                        : new Suggestion(entry.Name, "path", SuggestionRank.Expected)),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return [];
        }
    }

    private static string? PackageOf(string argument) =>
        argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) ? argument["nuget:".Length..].Split(',', 2)[0].Trim() : null;

    // The line up to the cursor.
    private static string Line(CellDraft draft)
    {
        var start = draft.Text.Lines.GetLineFromPosition(draft.Cursor).Start;
        return draft.Text.ToString(new(start, draft.Cursor - start)).TrimStart();
    }
}
