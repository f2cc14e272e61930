using System.Globalization;
using System.Net;
using System.Text;
using CourseKit.Session.Output;

namespace CourseKit.Session.Showing;

/// <summary>A table as HTML and as plain text, with its first rows where it has many.</summary>
internal static class TextTable
{
    /// <summary>How many rows are shown.</summary>
    public const int MostRows = 20;

    private const int MostColumns = 30;
    private const int LongestCell = 200;

    public static MimeBundle Show(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows) =>
        MimeBundle.OfForms(("text/html", Html(header, rows, rows.Count, rows.Count)), ("text/plain", Text(header, rows, rows.Count)));

    /// <summary>What is said of rows that are not shown; null where there are none.</summary>
    public static string? More(int shown, long? count) => count switch
    {
        null => "... and more",
        { } all when all > shown => string.Create(CultureInfo.InvariantCulture, $"... and {all - shown:N0} more"),
        _ => null,
    };

    /// <param name="header">The columns' names.</param>
    /// <param name="rows">The rows to show.</param>
    /// <param name="count">How many there are; null where nobody has counted.</param>
    /// <param name="aligned">How many leading rows decide which columns are numbers.</param>
    public static string Html(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, long? count, int aligned = MostRows)
    {
        var columns = Math.Min(header.Count, MostColumns);
        var isNumber = Enumerable.Range(0, columns).Select(column => rows.Count > 0 && rows.Take(aligned).All(row => IsNumber(row[column]))).ToArray();
        var html = new StringBuilder("<table class=\"coursekit-table\">");
        if (header.Any(name => name.Length > 0))
        {
            html.Append("<thead><tr>");
            for (var column = 0; column < columns; column++)
                html.Append(CultureInfo.InvariantCulture, $"<th style=\"text-align:{Side(isNumber[column])}\">{Encode(header[column])}</th>");
            html.Append(header.Count > columns ? "<th>...</th>" : "").Append("</tr></thead>");
        }

        html.Append("<tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var column = 0; column < columns; column++)
                html.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:{Side(isNumber[column])};white-space:pre-wrap\">{Encode(row[column])}</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (More(rows.Count, count) is { } more)
            html.Append("<p><i>").Append(more).Append("</i></p>");
        return html.ToString();
    }

    public static string Text(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, long? count)
    {
        var columns = Math.Min(header.Count, MostColumns);
        var lines = rows.Select(row => row.Take(columns).Select(Shorten).ToArray()).ToList();
        var widths = Enumerable.Range(0, columns).Select(column => lines.Select(line => line[column].Length).Append(header[column].Length).Max()).ToArray();
        var isNumber = Enumerable.Range(0, columns).Select(column => rows.Count > 0 && rows.All(row => IsNumber(row[column]))).ToArray();
        var text = new StringBuilder();
        if (header.Any(name => name.Length > 0))
        {
            Append([.. header.Take(columns)]);
            text.Append('-', widths.Sum() + (2 * (columns - 1))).Append('\n');
        }

        foreach (var line in lines)
            Append(line);
        return text.Append(More(rows.Count, count)).ToString().TrimEnd('\n');

        void Append(string[] cells)
        {
            var line = string.Join("  ", cells.Select((cell, column) => isNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])));
            text.Append(line.TrimEnd()).Append('\n');
        }
    }

    private static string Side(bool isNumber) => isNumber ? "right" : "left";

    private static bool IsNumber(string text) => text is "" or "<null>" || double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);

    private static string Encode(string text) => WebUtility.HtmlEncode(text.Length > LongestCell ? text[..LongestCell] + "..." : text);

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > 60 ? line[..57] + "..." : line;
    }
}
