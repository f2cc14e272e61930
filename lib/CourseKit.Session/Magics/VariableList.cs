using System.Text;
using CourseKit.Session.Output;
using CourseKit.Session.Showing;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Session.Magics;

/// <summary>The variables of a session as <c>#!who</c> and <c>#!whos</c> show them.</summary>
internal static class VariableList
{
    private const int LongestValue = 80;
    private const string None = "No cell has declared a variable yet.";

    public static MimeBundle Names(SessionVariables variables)
    {
        var names = variables.All().Select(variable => variable.Name).ToArray();
        return MimeBundle.OfText(names.Length == 0 ? None : string.Join('\n', names), []);
    }

    public static MimeBundle Table(SessionVariables variables)
    {
        var rows = variables.All().Select(variable => new[] { variable.Name, TypeNames.Of(variable.Type), Short(variable.Value) }).ToArray();
        return rows.Length == 0 ? MimeBundle.OfText(None, []) : TextTable.Show(["Variable", "Type", "Value"], rows);
    }

    private static string Short(object? value)
    {
        string text;
        try
        {
            text = value.ToDisplayString("text/plain");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A value of the cell's own type may fail while it says what it is; the list goes on.
            text = $"({exception.GetType().Name} while it was read)";
        }

        var line = new StringBuilder();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            line.Append(line.Length > 0 ? " " : "").Append(word);
            if (line.Length > LongestValue)
                return line.ToString(0, LongestValue) + "...";
        }

        return line.ToString();
    }
}
