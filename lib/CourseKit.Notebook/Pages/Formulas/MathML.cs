using System.Globalization;
using System.Net;
using System.Text;

namespace CourseKit.Notebook;

/// <summary>
/// Formulas as MathML, which browsers draw by themselves: no script, no font, no network. It knows the TeX that people
/// write in notebooks; of anything else it says so by drawing nothing, and the page shows the source.
/// </summary>
internal sealed class MathML
{
    // What a student wrote is drawn on a teacher's machine: a thousand braces must not exhaust its stack.
    private const int Deepest = 50;
    private const int Longest = 20_000;

    private readonly string _tex;
    private int _at;
    private int _depth;
    private bool _isStuck;
    private string _font = "";

    private MathML(string tex) => _tex = tex;

    /// <summary>One piece of a row.</summary>
    /// <param name="Xml">One MathML element.</param>
    /// <param name="Kind">How it stands among its neighbours.</param>
    /// <param name="HasLimits">Whether indices stand below and above it.</param>
    /// <param name="Sign">What a plain operator consists of, escaped; null for the rest.</param>
    private readonly record struct Part(string Xml, TexKind Kind = TexKind.Ordinary, bool HasLimits = false, string? Sign = null);

    /// <summary>The formula as a <c>math</c> element; null where it holds TeX that is not known here.</summary>
    /// <param name="tex">The formula without dollars.</param>
    /// <param name="isDisplay">Whether it is set apart.</param>
    public static string? From(string tex, bool isDisplay)
    {
        if (tex.Length > Longest)
            return null;
        var writer = new MathML(tex);
        var rows = writer.Rows();
        if (writer._isStuck || writer._at < tex.Length || rows.Any(row => row.Count > 1))
            return null;
        var content = rows is [[var only]] ? $"<mrow>{only}</mrow>" : Table(rows, "", isDisplayed: isDisplay);
        return $"<math{(isDisplay ? " display=\"block\"" : "")}><semantics>{content}<annotation encoding=\"application/x-tex\">{WebUtility.HtmlEncode(tex)}</annotation></semantics></math>";
    }

    // Rows and what they consist of

    /// <summary>Cells parted by <c>&amp;</c>, rows by <c>\\</c>, up to what ends them; each cell as the inside of a row.</summary>
    private List<List<string>> Rows()
    {
        var rows = new List<List<string>> { new() };
        while (true)
        {
            rows[^1].Add(Row());
            if (_isStuck)
                return rows;
            if (Takes("&"))
                continue;
            if (!Takes("\\\\"))
                break;
            if (Peek() == '[')
                RawArgument('[', ']');
            rows.Add([]);
        }

        // A break after the last row opens none.
        if (rows.Count > 1 && rows[^1] is [""])
            rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    private string Row(bool endsAtBracket = false)
    {
        if (++_depth > Deepest)
            return Stuck().Xml;
        var xml = new StringBuilder();
        var before = TexKind.Opening;
        var parts = 0;
        while (!IsAtEndOfRow(endsAtBracket))
        {
            if (StyleOfTheRest() is { } style)
            {
                xml.Append(style).Append(Row(endsAtBracket)).Append("</mstyle>");
                break;
            }

            if (Next(before) is not { } part)
                continue;
            if (_isStuck)
                break;
            // 2 sin x, but sin(x): room between a function, or a sum, and what stands beside it.
            if (parts > 0 && (before, part.Kind) is (TexKind.Operator, TexKind.Ordinary or TexKind.Operator) or (TexKind.Ordinary or TexKind.Closing, TexKind.Operator))
                xml.Append("<mspace width=\"0.1667em\"/>");
            xml.Append(part.Xml);
            if (part.Kind != TexKind.Space)
                before = part.Kind;
            parts++;
        }

        _depth--;
        return xml.ToString();
    }

    private bool IsAtEndOfRow(bool endsAtBracket)
    {
        SkipSpaces();
        return _isStuck || _at >= _tex.Length || _tex[_at] is '}' or '&' || endsAtBracket && _tex[_at] == ']'
            || LooksAt("\\\\") || LooksAtCommand("\\end") || LooksAtCommand("\\right") || LooksAtCommand("\\middle");
    }

    private string? StyleOfTheRest() =>
        TakesCommand("\\displaystyle") ? "<mstyle displaystyle=\"true\" scriptlevel=\"0\">"
        : TakesCommand("\\textstyle") ? "<mstyle displaystyle=\"false\" scriptlevel=\"0\">"
        : TakesCommand("\\scriptstyle") ? "<mstyle displaystyle=\"false\" scriptlevel=\"1\">"
        : null;

    /// <summary>The next piece with its indices; null where there was only something that draws nothing.</summary>
    private Part? Next(TexKind before)
    {
        if (TakesCommand("\\nonumber") || TakesCommand("\\notag"))
            return null;
        var part = _tex[_at] is '^' or '_' or '\'' ? new Part("<mrow></mrow>") : Atom();
        if (part is { Kind: TexKind.Binary, Sign: { } sign } && before is TexKind.Binary or TexKind.Relation or TexKind.Opening or TexKind.Punctuation or TexKind.Operator)
            part = new Part($"<mo form=\"prefix\">{sign}</mo>");
        return WithIndices(part);
    }

    private Part WithIndices(Part part)
    {
        string? below = null, above = null;
        var hasLimits = part.HasLimits;
        while (!_isStuck)
        {
            SkipSpaces();
            if (TakesCommand("\\limits"))
                hasLimits = true;
            else if (TakesCommand("\\nolimits"))
                hasLimits = false;
            else if (Peek() == '_' && below is null)
                below = Index();
            else if (Peek() == '^' && above is null)
                above = Index();
            else if (Peek() == '\'' && above is null)
                part = part with { Xml = $"<mrow>{part.Xml}{Primes()}</mrow>", Sign = null };
            else if (Peek() is '_' or '^' or '\'')
                return Stuck(); // Two indices in one place: an error in TeX too.
            else
                break;
        }

        var (under, over, both) = hasLimits ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup");
        var xml = (below, above) switch
        {
            (null, null) => part.Xml,
            (_, null) => $"<{under}>{part.Xml}{below}</{under}>",
            (null, _) => $"<{over}>{part.Xml}{above}</{over}>",
            _ => $"<{both}>{part.Xml}{below}{above}</{both}>",
        };
        return part with { Xml = xml, Kind = part.Kind == TexKind.Binary && xml != part.Xml ? TexKind.Ordinary : part.Kind };
    }

    private string Index()
    {
        _at++;
        return Argument();
    }

    /// <summary>Primes of the text's font, which has them small and raised; those of a font for formulas differ from each other.</summary>
    private string Primes()
    {
        var primes = 0;
        for (; Peek() == '\''; _at++)
            primes++;
        return $"<mtext class=\"prime\">{new string('′', primes)}</mtext>";
    }

    /// <summary>What a command or an index takes: a group, or one sign.</summary>
    private string Argument()
    {
        SkipSpaces();
        if (_at >= _tex.Length || _tex[_at] is '}' or '&' || ++_depth > Deepest)
            return Stuck().Xml;
        var xml = Atom(isOne: true).Xml;
        _depth--;
        return xml;
    }

    private Part Atom(bool isOne = false)
    {
        var c = _tex[_at];
        if (c == '{')
            return Group();
        if (c == '\\')
            return Command();
        if (char.IsAsciiDigit(c))
            return Number(isOne);
        if (!Rune.TryGetRuneAt(_tex, _at, out var rune))
            return Stuck();
        _at += rune.Utf16SequenceLength;
        if (Rune.IsLetter(rune))
            return Letter(rune.ToString(), isUpright: false);
        return c switch
        {
            '+' => Operator("+", TexKind.Binary),
            '-' => Operator("−", TexKind.Binary),
            '*' => Operator("∗", TexKind.Binary),
            '=' => Operator("=", TexKind.Relation),
            '<' => Operator("&lt;", TexKind.Relation),
            '>' => Operator("&gt;", TexKind.Relation),
            ':' => Operator(":", TexKind.Relation),
            ',' or ';' => Operator(c.ToString(), TexKind.Punctuation),
            '!' or '?' => new Part($"<mo form=\"postfix\" lspace=\"0\" rspace=\"0\">{c}</mo>", TexKind.Closing),
            '.' => new Part("<mn>.</mn>"),
            '~' => new Part("<mtext>\u00a0</mtext>", TexKind.Space),
            '(' or ')' or '[' or ']' or '|' or '/' => Bracket(c.ToString()),
            '$' or '%' or '#' or '&' or '^' or '_' or '}' => Stuck(),
            _ => new Part($"<mtext>{WebUtility.HtmlEncode(rune.ToString())}</mtext>"),
        };
    }

    private Part Group()
    {
        _at++;
        var from = _at;
        var row = Row();
        if (!Takes("}"))
            return Stuck();
        // A sign alone in braces has no room around it: 1{,}000.
        var inside = _tex.AsSpan(from, _at - 1 - from).Trim();
        return inside is "," or "=" or "+" or "-" or ";" or ":"
            ? new Part($"<mo lspace=\"0\" rspace=\"0\">{(inside is "-" ? "−" : inside)}</mo>")
            : new Part($"<mrow>{row}</mrow>");
    }

    private Part Number(bool isOne)
    {
        var from = _at++;
        while (!isOne && _at < _tex.Length && (char.IsAsciiDigit(_tex[_at]) || _tex[_at] == '.' && _at + 1 < _tex.Length && char.IsAsciiDigit(_tex[_at + 1])))
            _at++;
        var number = _tex[from.._at];
        return new Part(_font == "" ? $"<mn>{number}</mn>" : $"<mn{FontClass()}>{InFont(number)}</mn>");
    }

    private Part Letter(string letter, bool isUpright) => _font switch
    {
        "" when !isUpright => new Part($"<mi>{letter}</mi>"),
        "italic" => new Part($"<mi>{letter}</mi>"),
        "bold-italic" => new Part($"<mi{FontClass()}>{letter}</mi>"),
        _ => new Part($"<mi mathvariant=\"normal\"{FontClass()}>{InFont(letter)}</mi>"),
    };

    private static Part Operator(string sign, TexKind kind) => new($"<mo>{sign}</mo>", kind, Sign: sign);

    /// <summary>A bracket as high as a letter: in TeX only <c>\left</c> stretches one.</summary>
    private static Part Bracket(string tex)
    {
        var (sign, kind) = TexSymbols.Brackets[tex];
        return new Part($"<mo{Form(kind)} stretchy=\"false\" lspace=\"0\" rspace=\"0\">{sign}</mo>", kind);
    }

    private static string Form(TexKind kind) => kind switch
    {
        TexKind.Opening => " form=\"prefix\"",
        TexKind.Closing => " form=\"postfix\"",
        _ => "",
    };

    // Commands

    private Part Command()
    {
        var name = CommandName();
        if (TexSymbols.Letters.TryGetValue(name, out var letter))
            return Letter(letter, isUpright: false);
        if (TexSymbols.Brackets.ContainsKey("\\" + name))
            return Bracket("\\" + name);
        if (TexSymbols.Upright.TryGetValue(name, out var sign))
            return Letter(sign, isUpright: true);
        if (TexSymbols.Binary.TryGetValue(name, out sign))
            return Operator(sign, TexKind.Binary);
        if (TexSymbols.Relations.TryGetValue(name, out sign))
            return new Part($"<mo stretchy=\"false\" lspace=\"0.2778em\" rspace=\"0.2778em\">{sign}</mo>", TexKind.Relation);
        if (TexSymbols.Large.TryGetValue(name, out sign))
            return new Part($"<mo lspace=\"0\" rspace=\"0\">{sign}</mo>", TexKind.Operator, HasLimits: true);
        if (TexSymbols.Integrals.TryGetValue(name, out sign))
            return new Part($"<mo lspace=\"0\" rspace=\"0\">{sign}</mo>", TexKind.Operator);
        if (TexSymbols.Functions.Contains(name))
            return Function(name, hasLimits: false);
        if (TexSymbols.Limits.TryGetValue(name, out sign))
            return Function(sign, hasLimits: true);
        if (TexSymbols.Spaces.TryGetValue(name, out var width))
            return new Part($"<mspace width=\"{width}em\"/>", TexKind.Space);
        if (TexSymbols.Accents.TryGetValue(name, out var accent))
            return new Part($"<mover accent=\"true\">{Argument()}<mo stretchy=\"{(accent.Stretches ? "true" : "false")}\"{(name == "vec" ? " class=\"vec\"" : "")}>{accent.Sign}</mo></mover>");
        return Structure(name);
    }

    private Part Structure(string name) => name switch
    {
        "frac" => Fraction(""),
        "dfrac" or "cfrac" => Fraction(" displaystyle=\"true\" scriptlevel=\"0\""),
        "tfrac" => Fraction(" displaystyle=\"false\" scriptlevel=\"0\""),
        "binom" => new Part($"<mrow>{Fence("(", TexKind.Opening)}<mfrac linethickness=\"0\">{Argument()}{Argument()}</mfrac>{Fence(")", TexKind.Closing)}</mrow>"),
        "sqrt" => Root(),
        "text" or "textrm" or "mbox" or "textnormal" => new Part($"<mrow>{Text("")}</mrow>"),
        "textbf" => new Part($"<mrow>{Text(" class=\"bold\"")}</mrow>"),
        "textit" or "emph" => new Part($"<mrow>{Text(" class=\"slanted\"")}</mrow>"),
        "texttt" => new Part($"<mrow>{Text(" class=\"typed\"")}</mrow>"),
        "operatorname" => Takes("*") ? Function(Word(), hasLimits: true) : Function(Word(), hasLimits: false),
        "mathrm" => InFont("normal", isWord: true),
        "mathbf" => InFont("bold", isWord: true),
        "mathit" => InFont("italic", isWord: false),
        "mathsf" => InFont("sans", isWord: true),
        "mathtt" => InFont("typed", isWord: true),
        "boldsymbol" or "bm" or "pmb" => InFont("bold-italic", isWord: false),
        "mathbb" => InFont("double-struck", isWord: false),
        "mathcal" or "mathscr" => InFont("script", isWord: false),
        "mathfrak" => InFont("fraktur", isWord: false),
        "big" or "bigl" or "bigr" or "bigm" => Sized("1.2", name),
        "Big" or "Bigl" or "Bigr" or "Bigm" => Sized("1.8", name),
        "bigg" or "biggl" or "biggr" or "biggm" => Sized("2.4", name),
        "Bigg" or "Biggl" or "Biggr" or "Biggm" => Sized("3", name),
        "left" => Stretched(),
        "begin" => Environment(),
        "underbrace" => new Part($"<munder>{Argument()}<mo stretchy=\"true\">⏟</mo></munder>", HasLimits: true),
        "overbrace" => new Part($"<mover>{Argument()}<mo stretchy=\"true\">⏞</mo></mover>", HasLimits: true),
        "underline" => new Part($"<munder accentunder=\"true\">{Argument()}<mo stretchy=\"true\">_</mo></munder>"),
        "overset" or "stackrel" => Stacked("mover"),
        "underset" => Stacked("munder"),
        "boxed" or "fbox" => new Part($"<mrow class=\"boxed\">{Argument()}</mrow>"),
        "phantom" => new Part($"<mphantom>{Argument()}</mphantom>"),
        "not" => Negated(),
        _ => Stuck(),
    };

    private Part Fraction(string style)
    {
        var fraction = $"<mfrac>{Argument()}{Argument()}</mfrac>";
        return new Part(style.Length == 0 ? fraction : $"<mstyle{style}>{fraction}</mstyle>");
    }

    private Part Root()
    {
        SkipSpaces();
        if (!Takes("["))
            return new Part($"<msqrt>{Argument()}</msqrt>");
        var degree = Row(endsAtBracket: true);
        return Takes("]") ? new Part($"<mroot>{Argument()}<mrow>{degree}</mrow></mroot>") : Stuck();
    }

    private static Part Function(string name, bool hasLimits) => hasLimits
        ? new Part($"<mo movablelimits=\"true\" lspace=\"0\" rspace=\"0\">{WebUtility.HtmlEncode(name)}</mo>", TexKind.Operator, HasLimits: true)
        : new Part($"<mi{(name.Length == 1 ? " mathvariant=\"normal\"" : "")}>{WebUtility.HtmlEncode(name)}</mi>", TexKind.Operator);

    private Part Stacked(string element)
    {
        var small = Argument();
        return new Part($"<{element}>{Argument()}{small}</{element}>", TexKind.Relation);
    }

    private Part Negated()
    {
        SkipSpaces();
        if (_at >= _tex.Length)
            return Stuck();
        var of = Atom(isOne: true);
        return of.Xml.StartsWith("<mo", StringComparison.Ordinal) ? of with { Xml = of.Xml.Replace("</mo>", "\u0338</mo>", StringComparison.Ordinal) } : Stuck();
    }

    private Part Sized(string height, string name)
    {
        if (DelimiterSign() is not { } found)
            return Stuck();
        var kind = name[^1] switch { 'l' => TexKind.Opening, 'r' => TexKind.Closing, 'm' => TexKind.Relation, _ => found.Kind };
        return new Part($"<mo{Form(kind)} stretchy=\"true\" symmetric=\"true\" minsize=\"{height}em\" maxsize=\"{height}em\" lspace=\"0\" rspace=\"0\">{found.Sign}</mo>", kind);
    }

    private Part Stretched()
    {
        if (DelimiterSign() is not { } open)
            return Stuck();
        var xml = new StringBuilder("<mrow>").Append(Fence(open.Sign, TexKind.Opening)).Append(Row());
        while (TakesCommand("\\middle"))
        {
            if (DelimiterSign() is not { } middle)
                return Stuck();
            xml.Append(Fence(middle.Sign, TexKind.Relation)).Append(Row());
        }

        return TakesCommand("\\right") && DelimiterSign() is { } close
            ? new Part(xml.Append(Fence(close.Sign, TexKind.Closing)).Append("</mrow>").ToString())
            : Stuck();
    }

    private static string Fence(string sign, TexKind kind) =>
        sign.Length == 0 ? "" : $"<mo{Form(kind)} fence=\"true\" stretchy=\"true\" symmetric=\"true\"{(kind == TexKind.Relation ? "" : " lspace=\"0\" rspace=\"0\"")}>{sign}</mo>";

    /// <summary>The bracket after <c>\left</c> or <c>\big</c>; a point stands for none.</summary>
    private (string Sign, TexKind Kind)? DelimiterSign()
    {
        SkipSpaces();
        if (_at >= _tex.Length)
            return null;
        var tex = _tex[_at] == '\\' ? "\\" + CommandName() : _tex[_at++].ToString();
        return tex switch
        {
            "." => ("", TexKind.Ordinary),
            "<" => TexSymbols.Brackets["\\langle"],
            ">" => TexSymbols.Brackets["\\rangle"],
            _ => TexSymbols.Brackets.TryGetValue(tex, out var found) ? found : null,
        };
    }

    private Part Environment()
    {
        if (RawArgument('{', '}') is not { } name)
            return Stuck();
        if (name == "array" && RawArgument('{', '}') is null)
            return Stuck();
        var rows = Rows();
        if (_isStuck || !TakesCommand("\\end") || RawArgument('{', '}') != name)
            return Stuck();
        return name.TrimEnd('*') switch
        {
            "matrix" or "array" or "smallmatrix" => new Part(Table(rows, "")),
            "pmatrix" => Fenced("(", rows, ")"),
            "bmatrix" => Fenced("[", rows, "]"),
            "Bmatrix" => Fenced("{", rows, "}"),
            "vmatrix" => Fenced("|", rows, "|"),
            "Vmatrix" => Fenced("‖", rows, "‖"),
            "cases" => new Part($"<mrow>{Fence("{", TexKind.Opening)}{Table(rows, "cases")}</mrow>"),
            "aligned" or "align" or "split" => new Part(Table(rows, "aligned", isDisplayed: true)),
            "gathered" or "gather" or "equation" => new Part(Table(rows, "", isDisplayed: true)),
            _ => Stuck(),
        };
    }

    private static Part Fenced(string open, List<List<string>> rows, string close) =>
        new($"<mrow>{Fence(open, TexKind.Opening)}{Table(rows, "")}{Fence(close, TexKind.Closing)}</mrow>");

    private static string Table(List<List<string>> rows, string kind, bool isDisplayed = false)
    {
        var xml = new StringBuilder("<mtable").Append(kind.Length == 0 ? "" : $" class=\"{kind}\"").Append(isDisplayed ? " displaystyle=\"true\">" : ">");
        foreach (var row in rows)
        {
            xml.Append("<mtr>");
            foreach (var cell in row)
                xml.Append("<mtd><mrow>").Append(cell).Append("</mrow></mtd>");
            xml.Append("</mtr>");
        }

        return xml.Append("</mtable>").ToString();
    }

    // Words and fonts

    private string Word() => (RawArgument('{', '}') ?? "").Replace("\\,", "\u2009", StringComparison.Ordinal) is var word && IsWord(word) ? word : Stuck().Xml;

    private static bool IsWord(string text) => text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '\u2009');

    /// <summary>Running text within a formula, with the formulas that it holds.</summary>
    private string Text(string attributes)
    {
        if (RawArgument('{', '}') is not { } text)
            return Stuck().Xml;
        var pieces = text.Split('$');
        if (pieces.Length % 2 == 0)
            return Stuck().Xml;
        var xml = new StringBuilder();
        for (var i = 0; i < pieces.Length; i++)
        {
            if (i % 2 == 1)
                xml.Append("<mrow>").Append(Inner(pieces[i])).Append("</mrow>");
            else if (Unescaped(pieces[i]) is not { } plain)
                return Stuck().Xml;
            else if (plain.Length > 0)
                xml.Append(CultureInfo.InvariantCulture, $"<mtext{attributes}>{WebUtility.HtmlEncode(plain)}</mtext>");
        }

        return xml.ToString();
    }

    private string Inner(string tex)
    {
        var inner = new MathML(tex) { _depth = _depth };
        var row = inner.Row();
        return inner._isStuck || inner._at < tex.Length ? Stuck().Xml : row;
    }

    /// <summary>Text without TeX's escapes, its spaces kept; null where it holds a command.</summary>
    private static string? Unescaped(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
                plain.Append(text[i] is ' ' or '~' or '\n' ? '\u00a0' : text[i]);
            else if (i + 1 < text.Length && text[i + 1] is '_' or '%' or '&' or '#' or '{' or '}' or '$' or ' ')
                plain.Append(text[++i]);
            else
                return null;
        }

        return plain.Replace("{", "").Replace("}", "").ToString();
    }

    private Part InFont(string font, bool isWord)
    {
        var before = _font;
        _font = font;
        try
        {
            SkipSpaces();
            var start = _at;
            if (isWord && Peek() == '{' && RawArgument('{', '}') is { Length: > 1 } word && IsWord(word))
                return new Part($"<mi{FontClass()}>{word}</mi>");
            _at = start;
            return new Part(Argument());
        }
        finally
        {
            _font = before;
        }
    }

    /// <summary>Weight and width come from the style: unlike Unicode's bold letters, every font has them.</summary>
    private string FontClass() => _font switch
    {
        "bold" => " class=\"bold\"",
        "bold-italic" => " class=\"bold\"",
        "sans" => " class=\"sans\"",
        "typed" => " class=\"typed\"",
        _ => "",
    };

    private string InFont(string text) => _font switch
    {
        "double-struck" => string.Concat(text.Select(c => "CHNPQRZ".Contains(c, StringComparison.Ordinal) ? "ℂℍℕℙℚℝℤ"["CHNPQRZ".IndexOf(c, StringComparison.Ordinal)].ToString() : Moved(c, 0x1D538, 0x1D552))),
        "script" => string.Concat(text.Select(c => "BEFHILMRego".Contains(c, StringComparison.Ordinal) ? "ℬℰℱℋℐℒℳℛℯℊℴ"["BEFHILMRego".IndexOf(c, StringComparison.Ordinal)].ToString() : Moved(c, 0x1D49C, 0x1D4B6))),
        "fraktur" => string.Concat(text.Select(c => "CHIRZ".Contains(c, StringComparison.Ordinal) ? "ℭℌℑℜℨ"["CHIRZ".IndexOf(c, StringComparison.Ordinal)].ToString() : Moved(c, 0x1D504, 0x1D51E))),
        _ => text,
    };

    private static string Moved(char c, int upper, int lower) =>
        char.IsAsciiLetterUpper(c) ? char.ConvertFromUtf32(upper + c - 'A')
        : char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(lower + c - 'a')
        : c.ToString();

    // Reading

    private Part Stuck()
    {
        _isStuck = true;
        return new Part("");
    }

    private char Peek() => _at < _tex.Length ? _tex[_at] : '\0';

    private void SkipSpaces()
    {
        while (_at < _tex.Length && char.IsWhiteSpace(_tex[_at]))
            _at++;
    }

    private bool LooksAt(string text) => _tex.AsSpan(_at).StartsWith(text, StringComparison.Ordinal);

    private bool LooksAtCommand(string command) =>
        LooksAt(command) && (_at + command.Length >= _tex.Length || !char.IsAsciiLetter(_tex[_at + command.Length]));

    private bool Takes(string text)
    {
        if (_isStuck || !LooksAt(text))
            return false;
        _at += text.Length;
        return true;
    }

    private bool TakesCommand(string command) => LooksAtCommand(command) && Takes(command);

    /// <summary>The name after a backslash: letters, or one other character.</summary>
    private string CommandName()
    {
        var from = ++_at;
        while (_at < _tex.Length && char.IsAsciiLetter(_tex[_at]))
            _at++;
        if (_at == from && _at < _tex.Length)
            _at++;
        return _at == from + 1 && char.IsWhiteSpace(_tex[from]) ? " " : _tex[from.._at];
    }

    /// <summary>What stands between brackets, as it was written; null where there is none.</summary>
    private string? RawArgument(char open, char close)
    {
        SkipSpaces();
        if (Peek() != open)
            return null;
        var from = _at + 1;
        var nested = 0;
        for (var at = _at; at < _tex.Length; at++)
        {
            if (_tex[at] == '\\')
                at++;
            else if (_tex[at] == open)
                nested++;
            else if (_tex[at] == close && --nested == 0)
            {
                _at = at + 1;
                return _tex[from..at];
            }
        }

        return null;
    }
}
