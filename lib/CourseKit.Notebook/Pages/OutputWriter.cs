using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook;

/// <summary>
/// Turns a cell's outputs into HTML: of the forms an output has, the richest that a page can show. What an author who is
/// not trusted made stands in frames in which no script runs.
/// </summary>
internal sealed partial class OutputWriter(MarkdownWriter markdown, bool trusted, OutputLimits? limits = null)
{
    private readonly OutputLimits _limits = limits ?? new OutputLimits();

    /// <summary>The HTML of all outputs of a cell; empty where there are none.</summary>
    public string Write(NotebookCell cell)
    {
        var html = new StringBuilder();
        var shown = 0;
        foreach (var output in JoinStreams(cell.Outputs.OfType<JsonObject>()))
        {
            if (shown++ == _limits.Outputs || html.Length > _limits.Cell)
            {
                html.Append(LeftOut("More outputs follow; the executed notebook has them."));
                break;
            }

            html.Append(Write(output)).Append('\n');
        }

        return html.ToString();
    }

    private string Write(JsonObject output) => OutputJson.TypeOf(output) switch
    {
        "stream" => Stream(TextOf(output["text"]), IsErrorStream(output)),
        "error" => Error(output),
        _ => output["data"] is JsonObject data ? Display(data) : "",
    };

    private static bool IsErrorStream(JsonObject output) => TextOf(output["name"]) == "stderr";

    private string Stream(string text, bool isError) =>
        $"<pre class=\"output stream{(isError ? " stderr" : "")}\" tabindex=\"0\">{AnsiText.ToHtml(Shorten(text))}</pre>";

    private string Error(JsonObject output)
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
        ("application/javascript", (writer, script) => writer.Script(script)),
        ("image/svg+xml", (writer, svg) => writer.Svg(svg)),
        ("image/png", (writer, content) => writer.Picture("image/png", content)),
        ("image/jpeg", (writer, content) => writer.Picture("image/jpeg", content)),
        ("image/gif", (writer, content) => writer.Picture("image/gif", content)),
        ("text/markdown", (writer, text) => writer.Markdown(text)),
        ("text/latex", (writer, tex) => $"<div class=\"output latex\">{writer.Latex(tex)}</div>"),
        ("text/plain", (writer, text) => writer.Plain(text)),
    ];

    private string Markdown(string text)
    {
        if (IsTooLong(text))
            return LeftOut(text.Length);
        var html = markdown.Write(text, isOutline: false);
        return trusted ? $"<div class=\"output prose\">{html}</div>" : Frame(html);
    }

    private string Html(string html)
    {
        if (IsTooLong(html))
            return LeftOut(html.Length);
        if (trusted)
            return $"<div class=\"output html\">{html}</div>";
        var hasScript = html.Contains("<script", StringComparison.OrdinalIgnoreCase);
        return Frame(html) + (hasScript ? LeftOut("This output has a script, which does not run here; the executed notebook shows it whole.") : "");
    }

    private string Script(string script) => trusted
        ? Html($"<script>{script}</script>")
        : LeftOut("This output is a script, which does not run here; the executed notebook shows what it draws.");

    /// <summary>
    /// A frame without any right: no script, no forms, no windows, no way to the page around it. It cannot tell how high
    /// it wants to be either, so that is guessed.
    /// </summary>
    private static string Frame(string html)
    {
        var height = Math.Clamp(3 + 1.7 * Block().Count(html), 6, 22);
        return string.Create(CultureInfo.InvariantCulture,
            $"<iframe class=\"output framed\" sandbox title=\"Output of the cell above\" style=\"height:{height:0.#}rem\" srcdoc=\"{WebUtility.HtmlEncode(LinksOpenElsewhere + Reaching().Replace(html, "&lt;"))}\"></iframe>");
    }

    // A new window is what a frame without rights must not open: a click on a link does nothing, instead of putting
    // the browser's complaint in the place of the output.
    private const string LinksOpenElsewhere = "<base target=\"_blank\">";

    private bool IsTooLong(string content) => content.Length > _limits.Media;

    private static string LeftOut(int length) => LeftOut(string.Create(CultureInfo.InvariantCulture,
        $"An output of {length:N0} characters is left out here; the executed notebook has it."));

    private static string LeftOut(string sentence) => $"<p class=\"output left-out\">{sentence}</p>";

    /// <summary>As a picture an SVG runs no script, so that is the form for an author who is not trusted.</summary>
    private string Svg(string svg) => trusted
        ? $"<div class=\"output picture\">{svg}</div>"
        : Picture("image/svg+xml", Convert.ToBase64String(Encoding.UTF8.GetBytes(svg)));

    private string Picture(string mediaType, string content) => IsTooLong(content)
        ? LeftOut(content.Length)
        : $"<div class=\"output picture\"><img alt=\"Output of the cell above\" src=\"data:{mediaType};base64,{WebUtility.HtmlEncode(content.ReplaceLineEndings(""))}\"></div>";

    private string Plain(string text) => $"<pre class=\"output plain\" tabindex=\"0\">{AnsiText.ToHtml(Shorten(text))}</pre>";

    private string Latex(string tex)
    {
        var trimmed = tex.Trim();
        return MathSpans.Typeset(trimmed.Trim('$').Trim(), isDisplay: trimmed.StartsWith("$$", StringComparison.Ordinal) || !trimmed.StartsWith('$'), markdown.FormulasAsMathML);
    }

    private string Shorten(string text)
    {
        if (text.Length <= _limits.Text)
            return text;
        var (atStart, atEnd) = (_limits.Text / 2, _limits.Text / 10);
        return string.Create(CultureInfo.InvariantCulture,
            $"{text.AsSpan(0, atStart)}\n\n... {text.Length - atStart - atEnd:N0} characters are left out here; the executed notebook has them ...\n\n{text.AsSpan(text.Length - atEnd)}");
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

    // Elements that reach out of the frame or open another one. A browser connects to a <link rel=preconnect> whatever the
    // page's policy says, which would tell a student that the page is being read.
    [GeneratedRegex(@"<(?=(?:link|meta|base|i?frame|frameset|fencedframe|portal|object|embed)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reaching();

    [GeneratedRegex(@"<(?:p|div|br|tr|li|h[1-6]|pre|hr)\b|\n", RegexOptions.IgnoreCase)]
    private static partial Regex Block();
}

/// <summary>How much of what a cell left is shown.</summary>
internal sealed record OutputLimits
{
    /// <summary>Characters of a text: beyond this it makes a page slow and is read by nobody; its beginning and end are shown.</summary>
    public int Text { get; init; } = 200_000;

    /// <summary>Characters of a picture, or of an output's HTML.</summary>
    public int Media { get; init; } = int.MaxValue;

    /// <summary>Characters of a cell's outputs together; those that follow are left out.</summary>
    public int Cell { get; init; } = int.MaxValue;

    /// <summary>Outputs of one cell.</summary>
    public int Outputs { get; init; } = int.MaxValue;
}
