using System.Globalization;
using System.Net;
using System.Text;

namespace CourseKit;

/// <summary>A tensor on a page: what it is, and its numbers as a table where they are few, as a picture where they are a grid of many.</summary>
internal static class TensorHtml
{
    private const int MostInTable = 12, HeadAndTail = 5;

    public static string Write(Tensor tensor)
    {
        var text = tensor.ToString();
        if (text.EndsWith("(released)", StringComparison.Ordinal))
            return $"<pre>{WebUtility.HtmlEncode(text)}</pre>";
        return Write($"Tensor {tensor.Shape} on {tensor.Device}{(tensor.RequiresGrad ? ", requires grad" : "")}", tensor.ToDoubleArray(), tensor.Shape, text);
    }

    public static string Write(IntTensor tensor) =>
        Write($"IntTensor {tensor.Shape}", Array.ConvertAll(tensor.ToArray(), value => (double)value), tensor.Shape, tensor.ToString());

    private static string Write(string headline, double[] values, Shape shape, string text)
    {
        // An image with its one channel is a grid too.
        var isImage = shape.Rank == 3 && shape[0] == 1;
        var (rows, columns) = shape.Rank switch { 0 => (1, 1), 1 => (1, shape[0]), 2 => (shape[0], shape[1]), _ when isImage => (shape[1], shape[2]), _ => (0, 0) };
        var body = values.Length == 0 || rows == 0 ? Text(text)
            : shape.Rank < 2 || (!isImage && rows <= MostInTable && columns <= MostInTable) ? Table(values, rows, columns, shape.Rank == 2)
            : HeatMap.Write(values, rows, columns, isImage);
        return $"<div class=\"coursekit-tensor\"><div style=\"font-family:monospace;margin-bottom:.3em\">{WebUtility.HtmlEncode(headline)}</div>{body}</div>";
    }

    private static string Text(string text) =>
        text.IndexOf('\n', StringComparison.Ordinal) is var end && end < 0 ? "" : $"<pre style=\"margin:0\">{WebUtility.HtmlEncode(text[(end + 1)..])}</pre>";

    private static string Table(double[] values, int rows, int columns, bool numbered)
    {
        var shown = Places(columns);
        var html = new StringBuilder("<table style=\"font-family:monospace;font-variant-numeric:tabular-nums\"><tbody>");
        if (numbered)
            html.Append("<tr><th></th>").AppendJoin("", shown.Select(column => $"<th scope=\"col\" style=\"text-align:right;opacity:.6;font-weight:normal\">{Place(column)}</th>")).Append("</tr>");
        for (var row = 0; row < rows; row++)
        {
            html.Append("<tr>");
            if (numbered)
                html.Append(CultureInfo.InvariantCulture, $"<th scope=\"row\" style=\"text-align:right;opacity:.6;font-weight:normal\">{row}</th>");
            foreach (var column in shown)
                html.Append("<td style=\"text-align:right\">").Append(column < 0 ? "..." : values[(row * columns) + column].ToString("G5", CultureInfo.InvariantCulture)).Append("</td>");
            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    // The columns to show; -1 stands for those between the first and the last.
    private static int[] Places(int count) => count <= MostInTable
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, HeadAndTail), -1, .. Enumerable.Range(count - HeadAndTail, HeadAndTail)];

    private static string Place(int place) => place < 0 ? "" : place.ToString(CultureInfo.InvariantCulture);
}
