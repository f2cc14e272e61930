using System.Globalization;
using System.Net;
using System.Text;

namespace CourseKit;

/// <summary>A model on a page: each of its parts with what it learns.</summary>
internal static class ModuleHtml
{
    public static string Write(Module module)
    {
        var html = new StringBuilder("<table class=\"coursekit-module\"><thead><tr><th></th><th style=\"text-align:left\">module</th><th style=\"text-align:right\">parameters</th></tr></thead><tbody>");
        if (module.Parts.Count == 0)
            Append(html, "", module, 0);
        foreach (var (name, part) in module.Parts)
            Append(html, name, part, 0);
        html.Append("</tbody></table>");
        var mode = module.IsTraining ? "in training" : "in use";
        return string.Create(CultureInfo.InvariantCulture, $"<div><b>{Encode(NameOf(module))}</b>, {module.ParameterCount:N0} parameters, {mode}</div>{html}");
    }

    private static void Append(StringBuilder html, string path, Module module, int depth)
    {
        html.Append(CultureInfo.InvariantCulture, $"<tr><td style=\"text-align:left;opacity:.7\">{Encode(path)}</td><td style=\"text-align:left;padding-left:{(1.5 * depth) + .5}em\">{Encode(Line(module))}</td><td style=\"text-align:right\">{module.ParameterCount:N0}</td></tr>");
        foreach (var (name, part) in module.Parts)
            Append(html, $"{path}.{name}", part, depth + 1);
    }

    // What a module says it is, where it says so in a line; else the name of its class.
    private static string Line(Module module) =>
        module.ToString() is { } text && text != module.GetType().ToString() && !text.Contains('\n', StringComparison.Ordinal) ? text : NameOf(module);

    private static string NameOf(Module module) => module.GetType().Name;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
