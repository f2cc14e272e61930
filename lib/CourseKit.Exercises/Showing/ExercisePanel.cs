using System.Globalization;
using System.Net;
using System.Text;

namespace CourseKit.Exercises.Showing;

/// <summary>
/// The panel under a test cell: HTML with its own style and no script. Every state has a symbol and a word, so that
/// it does not take colours to read it.
/// </summary>
internal static class ExercisePanel
{
    private const string LightColors =
        "--ck-ink:#1c1c1e;--ck-quiet:#5a5a60;--ck-paper:#fbfbfc;--ck-line:#d4d4d8;"
        + "--ck-passed:#005a9c;--ck-failed:#a63603;--ck-open:#5a5a60;";

    private const string DarkColors =
        "--ck-ink:#ececf0;--ck-quiet:#a9a9b2;--ck-paper:#222226;--ck-line:#45454c;"
        + "--ck-passed:#7cc4ff;--ck-failed:#ffab70;--ck-open:#a9a9b2;";

    private const string Style =
        ".ck-check{" + LightColors
        + "font:14px/1.45 system-ui,sans-serif;color:var(--ck-ink);background:var(--ck-paper);"
        + "border:1px solid var(--ck-line);border-left-width:4px;border-radius:4px;padding:.6em .9em;"
        + "max-width:60em;margin:.3em 0}"
        + "@media (prefers-color-scheme:dark){.ck-check{" + DarkColors + "}}"
        + "html[data-theme=\"light\"] .ck-check,body[data-jp-theme-light=\"true\"] .ck-check,"
        + "body.vscode-light .ck-check{" + LightColors + "}"
        + "html[data-theme=\"dark\"] .ck-check,body[data-jp-theme-light=\"false\"] .ck-check,"
        + "body.vscode-dark .ck-check{" + DarkColors + "}"
        + ".ck-check .ck-head{font-weight:600;margin:0}"
        + ".ck-check .ck-title{color:var(--ck-quiet);font-weight:400}"
        + ".ck-check ul{list-style:none;margin:.4em 0 0;padding:0}"
        + ".ck-check li{margin:.25em 0;padding-left:1.6em;text-indent:-1.6em;text-align:left}"
        + ".ck-check .ck-sign{display:inline-block;width:1.6em;text-indent:0;font-weight:700}"
        + ".ck-check .ck-message{display:block;text-indent:0;color:var(--ck-ink);overflow-wrap:anywhere}"
        + ".ck-check .ck-points{color:var(--ck-quiet)}"
        + ".ck-check .ck-passed{color:var(--ck-passed)}"
        + ".ck-check .ck-failed{color:var(--ck-failed)}"
        + ".ck-check .ck-open{color:var(--ck-open)}";

    public static string Render(Exercise exercise)
    {
        var html = new StringBuilder();
        html.Append("<div class=\"ck-check\"><style>").Append(Style).Append("</style>");
        html.Append(CultureInfo.InvariantCulture,
            $"<p class=\"ck-head\">{Headline(exercise)} <span class=\"ck-title\">{Escape(exercise.Title)}</span></p>");
        if (exercise.Parts.Count > 0)
        {
            html.Append("<ul>");
            foreach (var part in exercise.Parts) Append(html, part);
            html.Append("</ul>");
        }
        return html.Append("</div>").ToString();
    }

    private static string Headline(Exercise exercise)
    {
        var points = $"{Number(exercise.Points)} of {Number(exercise.Possible)} {Plural(exercise.Possible)}";
        return exercise switch
        {
            { Parts.Count: 0 } => "<span class=\"ck-open\">○</span> Tested when it is graded",
            { Status: ExerciseStatus.Passed } => $"<span class=\"ck-passed\">✓</span> {points}: passed",
            { Status: ExerciseStatus.Partial } => $"<span class=\"ck-failed\">✗</span> {points}: partly right",
            { Status: ExerciseStatus.Failed } => $"<span class=\"ck-failed\">✗</span> {points}: not right yet",
            _ => $"<span class=\"ck-open\">○</span> {points}: not attempted",
        };
    }

    private static void Append(StringBuilder html, PartResult part)
    {
        var (sign, look) = part.Status switch
        {
            PartStatus.Passed => ("✓", "ck-passed"),
            PartStatus.NotAttempted => ("○", "ck-open"),
            _ => ("✗", "ck-failed"),
        };
        html.Append(CultureInfo.InvariantCulture,
            $"<li><span class=\"ck-sign {look}\">{sign}</span>{Escape(part.Name)} ");
        html.Append(CultureInfo.InvariantCulture,
            $"<span class=\"ck-points\">{part.Status.Name()}, {Number(part.Points)} of {Number(part.Possible)}</span>");
        if (part.Message.Length > 0)
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"ck-message\">{Escape(part.Message)}</span>");
        html.Append("</li>");
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Plural(double possible) => possible == 1 ? "point" : "points";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
