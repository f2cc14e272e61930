using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook;

/// <summary>
/// Takes the formulas out of Markdown before it is parsed and puts them back after, as Jupyter does: a Markdown parser
/// would take an underscore for emphasis and two backslashes for one. Code is left alone.
/// </summary>
/// <param name="asMathML">Whether browsers draw the formulas by themselves, or KaTeX does.</param>
internal sealed partial class MathSpans(bool asMathML)
{
    // Two characters of the private use area around a number stand for a formula while the Markdown is parsed.
    private const char Open = '\uE000';
    private const char Close = '\uE001';

    // Nobody writes longer ones; without a limit a text of a million dollars or \begin would take minutes.
    private const int LongestFormula = 20_000;
    private const int LongestMarksBeforeFence = 200;

    private readonly List<Formula> _formulas = [];

    private sealed record Formula(string Raw, string Tex, bool IsDisplay);

    /// <summary>The Markdown with a mark in the place of every formula.</summary>
    public string TakeOut(string markdown)
    {
        var kept = new StringBuilder(markdown.Length);
        for (var at = 0; at < markdown.Length;)
        {
            var formula = FormulaAt(markdown, at);
            var length = formula?.Raw.Length ?? LengthWithoutFormula(markdown, at);
            if (formula is null)
                kept.Append(markdown, at, length);
            else
                kept.Append(Mark(formula));
            at += length;
        }

        return kept.ToString();
    }

    /// <summary>The HTML with the formulas back in place, drawn or for KaTeX to find; in code and inside tags as they were written.</summary>
    public string PutBack(string html) => _formulas.Count == 0 ? html : CodeTagOrMark().Replace(html, match =>
        match.Groups["mark"].Success && FormulaOf(match) is { } formula
            ? Typeset(formula)
            : Mark().Replace(match.Value, mark => WebUtility.HtmlEncode(FormulaOf(mark)?.Raw ?? mark.Value)));

    /// <summary>Text with the formulas as they were written.</summary>
    public string PutBackAsText(string text) => Mark().Replace(text, mark => FormulaOf(mark)?.Raw ?? mark.Value);

    /// <summary>A formula as a page holds it.</summary>
    /// <param name="tex">The formula without dollars.</param>
    /// <param name="isDisplay">Whether it is set apart.</param>
    /// <param name="asMathML">Whether browsers draw it by themselves; where it holds TeX that MathML has no form for, its source is shown.</param>
    public static string Typeset(string tex, bool isDisplay, bool asMathML) =>
        $"<span class=\"math{(isDisplay ? " display" : "")}\">{(asMathML ? MathML.From(tex, isDisplay) ?? Source(tex) : ForKatex(tex, isDisplay))}</span>";

    /// <summary>Whether a page shows a formula as its source.</summary>
    public static bool HasSource(string html) => html.Contains(SourceStart, StringComparison.Ordinal);

    private const string SourceStart = "<code class=\"tex\">";

    private static string Source(string tex) => $"{SourceStart}{WebUtility.HtmlEncode(tex)}</code>";

    private static string ForKatex(string tex, bool isDisplay) => isDisplay ? $"\\[{WebUtility.HtmlEncode(tex)}\\]" : $"\\({WebUtility.HtmlEncode(tex)}\\)";

    private string Typeset(Formula formula) => Typeset(formula.Tex, formula.IsDisplay, asMathML);

    private string Mark(Formula formula)
    {
        _formulas.Add(formula);
        return string.Create(CultureInfo.InvariantCulture, $"{Open}{_formulas.Count - 1}{Close}");
    }

    private Formula? FormulaOf(Match mark) =>
        int.TryParse(mark.Groups["mark"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _formulas.Count
            ? _formulas[index]
            : null;

    /// <summary>How much to copy at a place where no formula starts: code as a whole, an escape as a whole, else one character.</summary>
    private static int LengthWithoutFormula(string text, int at) => text[at] switch
    {
        '\\' => Math.Min(2, text.Length - at),
        '`' => CodeLength(text, at),
        '~' when IsFence(text, at) => FenceLength(text, at),
        _ => 1,
    };

    private static Formula? FormulaAt(string text, int at)
    {
        if (text[at] == '\\')
            return EnvironmentAt(text, at);
        if (text[at] != '$')
            return null;
        return text.AsSpan(at).StartsWith("$$") ? DisplayAt(text, at) : InlineAt(text, at);
    }

    private static Formula? EnvironmentAt(string text, int at)
    {
        if (Begin().Match(text, at) is not { Success: true } begin)
            return null;
        var rest = text.AsSpan(at, Math.Min(text.Length - at, LongestFormula));
        var last = $"\\end{{{begin.Groups["name"].Value}}}";
        var end = rest.IndexOf(last, StringComparison.Ordinal);
        if (end < 0)
            return null;
        var tex = rest[..(end + last.Length)].ToString();
        return new Formula(tex, tex, IsDisplay: true);
    }

    private static Formula? DisplayAt(string text, int at)
    {
        var end = Closing(text, at + 2, "$$");
        if (end <= at + 2)
            return null;
        var tex = text[(at + 2)..end];
        // An empty line ends a paragraph and with it a formula, except in a block whose dollars stand on lines of their own.
        return BlankLine().IsMatch(tex) && !tex.TrimStart(' ', '\r').StartsWith('\n')
            ? null
            : new Formula(text[at..(end + 2)], tex.Trim(), IsDisplay: true);
    }

    /// <summary>
    /// A formula in running text. Dollars that are money stay text: no space may follow the first dollar or precede the
    /// last one, and no digit may follow it.
    /// </summary>
    private static Formula? InlineAt(string text, int at)
    {
        var end = Closing(text, at + 1, "$");
        if (end <= at + 1 || char.IsWhiteSpace(text[at + 1]) || char.IsWhiteSpace(text[end - 1]))
            return null;
        if (end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))
            return null;
        var tex = text[(at + 1)..end];
        return BlankLine().IsMatch(tex) ? null : new Formula(text[at..(end + 1)], tex, IsDisplay: false);
    }

    private static int Closing(string text, int from, string dollars)
    {
        var limit = Math.Min(text.Length, from + LongestFormula);
        for (var at = from; at < limit; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text.AsSpan(at).StartsWith(dollars, StringComparison.Ordinal))
                return at;
        }

        return -1;
    }

    private static int CodeLength(string text, int at)
    {
        if (IsFence(text, at))
            return FenceLength(text, at);
        var ticks = RunLength(text, at);
        for (var end = at + ticks; end < text.Length;)
        {
            var run = RunLength(text, end, '`');
            if (run == ticks)
                return end + run - at;
            end += Math.Max(run, 1);
        }

        return ticks;
    }

    /// <summary>Whether three or more backticks or tildes open a block here: only list and quote marks may stand before them.</summary>
    private static bool IsFence(string text, int at)
    {
        if (RunLength(text, at) < 3)
            return false;
        var before = text.AsSpan(Math.Max(0, at - LongestMarksBeforeFence), Math.Min(at, LongestMarksBeforeFence));
        var lineStart = before.LastIndexOf('\n') + 1;
        return (lineStart > 0 || before.Length == at) && BeforeFence().IsMatch(before[lineStart..]);
    }

    private static int FenceLength(string text, int at)
    {
        var width = RunLength(text, at);
        for (var lineEnd = text.IndexOf('\n', at); lineEnd >= 0; lineEnd = text.IndexOf('\n', lineEnd + 1))
        {
            var start = lineEnd + 1;
            while (start < text.Length && text[start] is ' ' or '\t' or '>')
                start++;
            if (start < text.Length && text[start] == text[at] && RunLength(text, start) is var run && run >= width)
                return start + run - at;
        }

        return text.Length - at;
    }

    private static int RunLength(string text, int at) => RunLength(text, at, text[at]);

    private static int RunLength(string text, int at, char character)
    {
        var rest = text.AsSpan(at);
        var length = rest.IndexOfAnyExcept(character);
        return length < 0 ? rest.Length : length;
    }

    [GeneratedRegex(@"\G\\begin\{(?<name>[A-Za-z]{1,30}\*?)\}")]
    private static partial Regex Begin();

    [GeneratedRegex(@"\n[ \t\r]*\n")]
    private static partial Regex BlankLine();

    [GeneratedRegex(@"^[\s>]*(([-*+]|\d+[.)])\s+)*$")]
    private static partial Regex BeforeFence();

    [GeneratedRegex("\uE000(?<mark>[0-9]+)\uE001")]
    private static partial Regex Mark();

    [GeneratedRegex("(?:<(?<tag>code|pre)\\b.*?</\\k<tag>>)|<[^>]*>|\uE000(?<mark>[0-9]+)\uE001", RegexOptions.Singleline)]
    private static partial Regex CodeTagOrMark();
}
