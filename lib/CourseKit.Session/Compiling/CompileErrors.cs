using System.Globalization;
using CourseKit.Session.Cells;
using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Compiling;

/// <summary>Turns what the compiler says into what a person reads below the cell.</summary>
internal static class CompileErrors
{
    private const int MostDiagnostics = 10;

    public static CellError OfDiagnostics(CompilationFailedException failure, CellText text)
    {
        var ordered = failure.Errors.OrderBy(error => error.Location.SourceTree?.FilePath != text.Name).ThenBy(error => error.Location.SourceSpan.Start).ToArray();
        var traceback = ordered.Take(MostDiagnostics).SelectMany(error => Lines(error, failure, text)).ToList();
        if (ordered.Length > MostDiagnostics)
            traceback.Add(string.Create(CultureInfo.InvariantCulture, $"... and {ordered.Length - MostDiagnostics} more errors"));
        return new CellError("CompilationError", Sentence(ordered[0], text.Place), traceback);
    }

    public static string OfWarning(Diagnostic warning, CellText text) => Sentence(warning, text.Place);

    private static IEnumerable<string> Lines(Diagnostic error, CompilationFailedException failure, CellText text)
    {
        var tree = error.Location.SourceTree;
        var isHere = tree?.FilePath == text.Name;
        yield return Sentence(error, tree is null ? "" : isHere && text.File is not null ? text.Place : tree.FilePath + " ");
        if (tree is null)
            yield break;

        // The cell as it was written; of another's code, what was compiled.
        var position = error.Location.GetLineSpan().StartLinePosition;
        var lines = (isHere ? text.Code : tree.ToString()).Split('\n');
        if (position.Line < lines.Length)
        {
            var line = lines[position.Line].TrimEnd('\r');

            // A tab is as wide in the line below as in the line itself.
            var indent = new string([.. line.Take(position.Character).Select(character => character == '\t' ? '\t' : ' ')]).PadRight(position.Character);
            yield return "    " + line;
            yield return "    " + indent + "^";
        }

        if (Hint(error, failure) is { } hint)
            yield return "    hint: " + hint;
    }

    private static string? Hint(Diagnostic error, CompilationFailedException failure)
    {
        try
        {
            return CompileHints.Of(error, failure);
        }
#pragma warning disable CA1031 // The error is what matters; code that is wrong may be wrong in ways that a hint did not think of.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static string Sentence(Diagnostic diagnostic, string place)
    {
        var position = diagnostic.Location.GetLineSpan().StartLinePosition;
        var kind = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{place}({position.Line + 1},{position.Character + 1}): {kind} {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}");
    }
}
