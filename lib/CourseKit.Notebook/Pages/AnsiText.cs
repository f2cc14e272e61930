using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook;

/// <summary>Text as a terminal would show it, in HTML: its colours, and lines that a carriage return wrote over.</summary>
internal static partial class AnsiText
{
    private static readonly string[] Colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

    /// <summary>The text encoded for HTML, colours as spans; other commands to the terminal are left out.</summary>
    public static string ToHtml(string text)
    {
        var html = new StringBuilder();
        var style = new Style();
        var shown = 0;
        foreach (Match command in Escape().Matches(text = OverwriteLines(text)))
        {
            Append(html, text[shown..command.Index], style);
            if (command.Groups["colours"].Success)
                style = style.After(command.Groups["colours"].Value);
            shown = command.Index + command.Length;
        }

        Append(html, text[shown..], style);
        return html.ToString();
    }

    /// <summary>A progress bar writes a line again and again: what counts is what stood there last.</summary>
    private static string OverwriteLines(string text) => text.Contains('\r', StringComparison.Ordinal)
        ? Overwritten().Replace(text.Replace("\r\n", "\n", StringComparison.Ordinal), "")
        : text;

    private static void Append(StringBuilder html, string text, Style style)
    {
        if (text.Length == 0)
            return;
        var encoded = WebUtility.HtmlEncode(Unprintable().Replace(text, ""));
        html.Append(style.CssClass is { } cssClass ? $"<span class=\"{cssClass}\">{encoded}</span>" : encoded);
    }

    /// <summary>The sixteen colours and bold; finer colours are left out, as few of them are readable on every background.</summary>
    private readonly record struct Style(string? Colour, bool IsBold)
    {
        public string? CssClass => (Colour, IsBold) switch
        {
            (null, false) => null,
            (null, true) => "ansi-bold",
            ({ } colour, false) => $"ansi-{colour}",
            ({ } colour, true) => $"ansi-{colour} ansi-bold",
        };

        public Style After(string codes)
        {
            var style = this;
            foreach (var code in codes.Split(';'))
            {
                // 38 and 48 are followed by the parts of a finer colour.
                if (code is "38" or "48")
                    break;
                style = code switch
                {
                    "" or "0" => default,
                    "1" => style with { IsBold = true },
                    "22" => style with { IsBold = false },
                    "39" => style with { Colour = null },
                    ['3' or '9', >= '0' and <= '7'] => style with { Colour = Colours[code[1] - '0'] },
                    _ => style,
                };
            }

            return style;
        }
    }

    [GeneratedRegex(@"\x1b(?:\[(?:(?<colours>[0-9;]*)m|[0-?]*[ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"^[^\n]*\r(?=[^\n])", RegexOptions.Multiline)]
    private static partial Regex Overwritten();

    [GeneratedRegex(@"[\x00-\x08\x0b\x0c\x0e-\x1f]")]
    private static partial Regex Unprintable();
}
