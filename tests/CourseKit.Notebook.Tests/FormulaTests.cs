using System.Text;
using System.Xml.Linq;
using AngleSharp.Html.Parser;

namespace CourseKit.Notebook.Tests;

/// <summary>Formulas of pages that have no KaTeX: MathML, which browsers draw by themselves.</summary>
public sealed class FormulaTests
{
    private static readonly HtmlPageOptions AsMathML = new() { FormulasAsMathML = true };

    public static TheoryData<string> Notebooks => [.. Directory.EnumerateFiles(Path.Combine(Root, "notebooks"), "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "CourseKit.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("CourseKit.sln is in no folder above the tests: run them from a checkout.");
            return folder.FullName;
        }
    }

    /// <summary>What is drawn, without the annotation that keeps the source.</summary>
    private static string Drawn(string tex, bool isDisplay = false)
    {
        var math = XElement.Parse(MathML.From(tex, isDisplay) ?? throw new InvalidOperationException($"not drawn: {tex}"));
        Assert.Equal(tex, math.Descendants("annotation").Single().Value);
        return string.Concat(math.Element("semantics")!.Elements().First().Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Every_formula_of_a_notebook_is_drawn_without_KaTeX(string notebook)
    {
        var document = NotebookDocument.Load(Path.Combine(Root, "notebooks", notebook));
        var written = new HtmlParser().ParseDocument(HtmlPage.Render(document, new HtmlPageOptions { FormulasAsMathML = false })).QuerySelectorAll("main .math").Length;
        var page = new HtmlParser().ParseDocument(HtmlPage.Render(document, AsMathML));

        Assert.Equal([], page.QuerySelectorAll(".math code").Select(source => source.TextContent));
        Assert.Equal(written, page.QuerySelectorAll("main .math > math").Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{written} formulas");
        if (char.IsAsciiDigit(notebook[0]))
            Assert.True(written > 20, $"only {written} formulas were found");
    }

    [Theory]
    [InlineData("x", "<mi>x</mi>")]
    [InlineData("12.5", "<mn>12.5</mn>")]
    [InlineData("x^12", "<msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>")]
    [InlineData("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("f'", "<mrow><mi>f</mi><mtext class=\"prime\">′</mtext></mrow>")]
    [InlineData("f''_i", "<msub><mrow><mi>f</mi><mtext class=\"prime\">′′</mtext></mrow><mi>i</mi></msub>")]
    [InlineData("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>")]
    [InlineData(@"\frac{a}b", "<mfrac><mrow><mi>a</mi></mrow><mi>b</mi></mfrac>")]
    [InlineData(@"\sqrt[3]x", "<mroot><mi>x</mi><mrow><mn>3</mn></mrow></mroot>")]
    [InlineData(@"\Delta", "<mi mathvariant=\"normal\">Δ</mi>")]
    [InlineData(@"\mathbb{R}", "<mrow><mi mathvariant=\"normal\">ℝ</mi></mrow>")]
    [InlineData(@"\text{if }x", "<mrow><mtext>if\u00a0</mtext></mrow><mi>x</mi>")]
    [InlineData(@"\text{a $x_1$}", "<mrow><mtext>a\u00a0</mtext><mrow><msub><mi>x</mi><mn>1</mn></msub></mrow></mrow>")]
    [InlineData("1{,}000", "<mn>1</mn><mo lspace=\"0\" rspace=\"0\">,</mo><mn>000</mn>")]
    public void TeX_becomes_MathML(string tex, string expected) => Assert.Equal(expected, Drawn(tex));

    [Fact]
    public void A_minus_between_operands_has_room_and_a_sign_has_none()
    {
        Assert.Equal("<mi>a</mi><mo>−</mo><mi>b</mi>", Drawn("a-b"));
        Assert.Equal("<mi>a</mi><mo>=</mo><mo form=\"prefix\">−</mo><mi>b</mi>", Drawn("a=-b"));
        Assert.StartsWith("<mo form=\"prefix\">−</mo>", Drawn("-b"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sum_has_its_limits_below_and_above_and_a_function_room_beside_it()
    {
        Assert.StartsWith("<munderover><mo lspace=\"0\" rspace=\"0\">∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mspace", Drawn(@"\sum_{i=1}^n x_i", isDisplay: true), StringComparison.Ordinal);
        Assert.StartsWith("<msub>", Drawn(@"\int_0 x"), StringComparison.Ordinal);
        Assert.Contains("<mspace", Drawn(@"\ln x"), StringComparison.Ordinal);
        Assert.DoesNotContain("<mspace", Drawn(@"\ln(x)"), StringComparison.Ordinal);
    }

    [Fact]
    public void Cases_matrices_and_aligned_lines_are_tables()
    {
        Assert.Equal([1, 2], RowsAndCells(@"\begin{pmatrix} a & b \end{pmatrix}"));
        Assert.Equal([2, 2, 2], RowsAndCells(@"f = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}"));
        Assert.Equal([2, 2, 2], RowsAndCells("\\begin{align}\na &= b \\\\[2pt]\nc &= d \\\\\n\\end{align}"));
        Assert.Equal([2, 1, 1], RowsAndCells(@"a \\ b"));

        static IEnumerable<int> RowsAndCells(string tex)
        {
            var rows = XElement.Parse(MathML.From(tex, isDisplay: true)!).Descendants("mtr").ToList();
            return [rows.Count, .. rows.Select(row => row.Elements("mtd").Count())];
        }
    }

    [Theory]
    [InlineData(@"\unknown x")]
    [InlineData(@"\frac{a}")]
    [InlineData("{x")]
    [InlineData("x}")]
    [InlineData("a & b")]
    [InlineData("x^")]
    [InlineData("x_1_2")]
    [InlineData(@"\left( x")]
    [InlineData(@"\begin{nothing} x \end{nothing}")]
    [InlineData(@"\begin{cases} x \end{matrix}")]
    [InlineData("\\")]
    public void What_is_not_known_is_shown_as_its_source_and_the_page_says_so(string tex)
    {
        Assert.Null(MathML.From(tex, isDisplay: false));
        var page = new HtmlParser().ParseDocument(HtmlPage.Render(NotebookText.Output(new System.Text.Json.Nodes.JsonObject
        {
            ["output_type"] = "display_data",
            ["data"] = new System.Text.Json.Nodes.JsonObject { ["text/latex"] = "$" + tex + "$" },
        }.ToJsonString()), AsMathML));

        Assert.Equal(1, page.QuerySelectorAll(".latex .math code.tex").Length);
        Assert.Contains("shown as its TeX source", page.QuerySelector("footer")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_not_known() => Assert.Null(MathML.From("x\ud800", isDisplay: false));

    [Fact]
    public void A_page_whose_formulas_are_drawn_says_nothing_and_has_no_KaTeX()
    {
        var html = HtmlPage.Render(NotebookText.Markdown("# T\n\n$x$ and $$\\frac{a}{b}$$"), AsMathML);
        var page = new HtmlParser().ParseDocument(html);

        Assert.Equal("Made with CourseKit.", page.QuerySelector("footer")!.TextContent.Trim());
        Assert.Equal(["assets/style.css"], page.QuerySelectorAll("[src], link[href]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")));
        Assert.DoesNotContain("katex", html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{")]
    [InlineData(@"\hat")]
    [InlineData(@"\frac{1}{")]
    [InlineData("x^{")]
    [InlineData(@"\left(")]
    [InlineData(@"\begin{matrix}")]
    [InlineData(@"\mathbf{")]
    [InlineData(@"\sqrt[")]
    [InlineData(@"\displaystyle ")]
    [InlineData(@"\text{$")]
    public void Nesting_without_end_is_left_as_its_source(string opening)
    {
        var deep = new StringBuilder().Insert(0, opening, 1_000).ToString();
        Assert.Null(MathML.From(deep, isDisplay: false));
        Assert.Null(MathML.From(deep + new string('}', 1_000), isDisplay: false));
    }

    [Fact]
    public void Nothing_in_a_formula_becomes_HTML()
    {
        foreach (var tex in new[] { "<script>", "\\text{<script>}", "\\operatorname{<script>}", "\\mathrm{<script>}", "\"&lt;", "\\begin{<script>}" })
        {
            var html = MathSpans.Typeset(tex, isDisplay: false, asMathML: true);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        }
    }
}
