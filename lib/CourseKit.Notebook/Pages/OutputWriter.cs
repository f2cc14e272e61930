using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>Turns a cell's outputs into HTML: of the forms an output has, the richest that a page can show.</summary>
internal sealed class OutputWriter(MarkdownWriter markdown, bool trusted)
{
    // Text beyond this makes a page slow and is read by nobody; its beginning and end are shown.
    private const int LongestText = 200_000;
    private const int ShownAtStart = 100_000;
    private const int ShownAtEnd = 20_000;

    /// <summary>The HTML of all outputs of a cell; empty where there are none.</summary>
    public string Write(NotebookCell cell)
    {
        var html = new StringBuilder();
        foreach (var output in JoinStreams(cell.Outputs.OfType<JsonObject>()))
            html.Append(Write(output)).Append('\n');
        return html.ToString();
    }

    private string Write(JsonObject output) => OutputJson.TypeOf(output) switch
    {
        "stream" => Stream(TextOf(output["text"]), IsErrorStream(output)),
        "error" => Error(output),
        _ => output["data"] is JsonObject data ? Display(data) : "",
    };

    private static bool IsErrorStream(JsonObject output) => TextOf(output["name"]) == "stderr";

    private static string Stream(string text, bool isError) =>
        $"<pre class=\"output stream{(isError ? " stderr" : "")}\" tabindex=\"0\">{AnsiText.ToHtml(Shorten(text))}</pre>";

    private static string Error(JsonObject output)
    {
        var name = TextOf(output["ename"]);
        var message = TextOf(output["evalue"]);
        var traceback = string.Join('\n', output["traceback"] is JsonArray lines ? lines.Select(TextOf) : []);
        var headline = string.Join(": ", new[] { name, message }.Where(text => text.Length > 0));
        var html = new StringBuilder("<div class=\"output error\" role=\"group\" aria-label=\"Error\">");
        html.Append("<p class=\"headline\">").Append(AnsiText.ToHtml(Shorten(headline))).Append("</p>");
        // Most tracebacks begin with what the headline says already.
        foreach (var said in new[] { headline, message })
            traceback = said.Length > 0 && traceback.StartsWith(said, StringComparison.Ordinal) ? traceback[said.Length..].TrimStart('\r', '\n') : traceback;
        if (traceback.Trim().Length > 0)
            html.Append("<pre tabindex=\"0\">").Append(AnsiText.ToHtml(Shorten(traceback))).Append("</pre>");
        return html.Append("</div>").ToString();
    }

    private string Display(JsonObject data)
    {
        foreach (var (mediaType, show) in Forms)
        {
            if (MultilineText.IsText(data[mediaType]))
                return show(this, MultilineText.Join(data[mediaType]));
        }

        var form = data.FirstOrDefault();
        return form.Value is null
            ? ""
            : Plain(string.Create(CultureInfo.InvariantCulture, $"An output of the type {form.Key}, which a page cannot show; open the notebook to see it."));
    }

    /// <summary>What a page can show, the richest first.</summary>
    private static readonly (string MediaType, Func<OutputWriter, string, string> Show)[] Forms =
    [
        ("text/html", (writer, html) => writer.Html(html)),
        ("application/javascript", (writer, script) => writer.Html($"<script>{script}</script>")),
        ("image/svg+xml", (writer, svg) => writer.Svg(svg)),
        ("image/png", (_, content) => Picture("image/png", content)),
        ("image/jpeg", (_, content) => Picture("image/jpeg", content)),
        ("image/gif", (_, content) => Picture("image/gif", content)),
        ("text/markdown", (writer, text) => $"<div class=\"output prose\">{writer.Markdown(text)}</div>"),
        ("text/latex", (_, tex) => $"<div class=\"output latex\">{Latex(tex)}</div>"),
        ("text/plain", (_, text) => Plain(text)),
    ];

    private string Markdown(string text) => markdown.Write(text, isOutline: false);

    private string Html(string html) => trusted
        ? $"<div class=\"output html\">{html}</div>"
        : $"<iframe class=\"output framed\" sandbox title=\"Output\" srcdoc=\"{WebUtility.HtmlEncode(html)}\"></iframe>";

    /// <summary>As a picture an SVG runs no script, so that is the form for an author who is not trusted.</summary>
    private string Svg(string svg) => trusted
        ? $"<div class=\"output picture\">{svg}</div>"
        : Picture("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)));

    private static string Picture(string mediaType, string content) =>
        $"<div class=\"output picture\"><img alt=\"Output of the cell above\" src=\"data:{mediaType};base64,{WebUtility.HtmlEncode(content.ReplaceLineEndings(""))}\"></div>";

    private static string Plain(string text) => $"<pre class=\"output plain\" tabindex=\"0\">{AnsiText.ToHtml(Shorten(text))}</pre>";

    private static string Latex(string tex)
    {
        var trimmed = tex.Trim();
        return MathSpans.Typeset(trimmed.Trim('$').Trim(), isDisplay: trimmed.StartsWith("$$", StringComparison.Ordinal) || !trimmed.StartsWith('$'));
    }

    private static string Shorten(string text)
    {
        if (text.Length <= LongestText)
            return text;
        var left = text.Length - ShownAtStart - ShownAtEnd;
        return string.Create(CultureInfo.InvariantCulture,
            $"{text.AsSpan(0, ShownAtStart)}\n\n... {left:N0} characters are left out here; the executed notebook has them ...\n\n{text.AsSpan(text.Length - ShownAtEnd)}");
    }

    /// <summary>What a cell printed in many pieces is one text to a reader.</summary>
    private static IEnumerable<JsonObject> JoinStreams(IEnumerable<JsonObject> outputs)
    {
        JsonObject? open = null;
        var text = new StringBuilder();
        foreach (var output in outputs)
        {
            var continues = open is not null && OutputJson.TypeOf(output) == "stream" && IsErrorStream(output) == IsErrorStream(open);
            if (!continues && open is not null)
            {
                yield return Joined(open, text);
                open = null;
            }

            if (OutputJson.TypeOf(output) != "stream")
            {
                yield return output;
                continue;
            }

            open ??= output;
            text.Append(TextOf(output["text"]));
        }

        if (open is not null)
            yield return Joined(open, text);
    }

    private static JsonObject Joined(JsonObject stream, StringBuilder text)
    {
        var joined = new JsonObject { ["name"] = TextOf(stream["name"]), ["output_type"] = "stream", ["text"] = text.ToString() };
        text.Clear();
        return joined;
    }

    private static string TextOf(JsonNode? node) => MultilineText.IsText(node) ? MultilineText.Join(node) : "";
}
