using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace CourseKit.Notebook.Tests;

public sealed class HtmlPageTests
{
    private static IHtmlDocument Page(NotebookDocument document, HtmlPageOptions? options = null) =>
        new HtmlParser().ParseDocument(HtmlPage.Render(document, options));

    private static IElement Only(IParentNode page, string selector) => Assert.Single(page.QuerySelectorAll(selector));

    [Theory]
    [InlineData("""{"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script>"}""")]
    [InlineData("""{"output_type": "stream", "name": "stderr", "text": ["\u001b[31m<script>", "alert(1)</script>"]}""")]
    [InlineData("""{"output_type": "execute_result", "data": {"text/plain": "<script>alert(1)</script>"}, "metadata": {}}""")]
    [InlineData("""{"output_type": "error", "ename": "<script>alert(1)</script>", "evalue": "<script>", "traceback": ["<script>alert(1)</script>"]}""")]
    [InlineData("""{"output_type": "display_data", "data": {"image/png": "\"><script>alert(1)</script>"}, "metadata": {}}""")]
    public void Text_in_an_output_is_text_on_the_page(string output)
    {
        var outputs = Only(Page(NotebookText.Output(output)), ".outputs");

        Assert.Empty(outputs.QuerySelectorAll("script"));
        Assert.Contains("<script>", outputs.TextContent + outputs.QuerySelector("img")?.GetAttribute("src"), StringComparison.Ordinal);
    }

    [Fact]
    public void Html_in_an_output_is_html_on_the_page()
    {
        var page = Page(NotebookText.Output("""{"output_type": "display_data", "data": {"text/plain": "plain", "text/html": ["<table id='t'>", "<tr><td>1</td></tr></table>"]}}"""));

        Assert.Equal("1", Only(page, "#t td").TextContent);
        Assert.DoesNotContain("plain", Only(page, ".outputs").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_author_who_is_not_trusted_runs_no_script_in_the_readers_browser()
    {
        var document = NotebookText.Output("""{"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script><p title=\"a\">x</p>"}}""");
        document.Cells[0].Outputs.Add(JsonNode.Parse("""{"output_type": "display_data", "data": {"image/svg+xml": "<svg onload='alert(1)'></svg>"}}"""));
        document.Cells[0].Outputs.Add(JsonNode.Parse("""{"output_type": "display_data", "data": {"text/markdown": "<img src=x onerror=alert(1)> [a](javascript:alert(1)) <javascript:alert(1)>"}}"""));
        document.Cells.Add(NotebookCell.CreateMarkdown("# <script>alert(2)</script>\n\n<div onclick=\"alert(3)\">d</div>\n\n[b](JavaScript:alert(4)) [c](data:text/html,x) [ok](https://example.org)"));
        var page = Page(document, new HtmlPageOptions { TrustsNotebook = false });

        Assert.Empty(page.QuerySelectorAll("main script"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(["https://example.org"], page.QuerySelectorAll("main a:not(.anchor)").Select(link => link.GetAttribute("href")).Where(address => address != "#"));
        var frames = page.QuerySelectorAll("iframe");
        Assert.Equal(2, frames.Length); // the HTML and the Markdown; the SVG is a picture
        Assert.All(frames, frame => Assert.Equal("", frame.GetAttribute("sandbox")));
        Assert.Contains("<p title=\"a\">x</p>", frames[0].GetAttribute("srcdoc"), StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", frames[1].GetAttribute("srcdoc"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Headings_have_unique_anchors_and_make_the_table_of_contents()
    {
        var document = NotebookText.Markdown("# Title\n\n## Überblick: $x_1$ & more\n\ntext\n\n## Same\n\n## Same\n\n[to it](#Same-1)");
        document.Cells.Add(NotebookCell.CreateMarkdown("## Same\n\n#### deep"));
        var page = Page(document);

        Assert.Equal(["title", "überblick-x_1--more", "same", "same-1", "same-2", "deep"], page.QuerySelectorAll("main :is(h1,h2,h4)").Select(heading => heading.Id));
        Assert.Equal(["#überblick-x_1--more", "#same", "#same-1", "#same-2"], page.QuerySelectorAll("nav.contents a").Select(link => link.GetAttribute("href")));
        Assert.Equal("#same-1", Only(page, "main p a").GetAttribute("href"));
        Assert.Equal("Title", page.Title);
        Assert.Empty(page.QuerySelectorAll("nav.contents a a"));
    }

    [Theory]
    [InlineData(@"a $x_1 + y_1$ b", @"\(x_1 + y_1\)")]
    [InlineData(@"$$\begin{pmatrix} a \\ b \end{pmatrix}$$", @"\[\begin{pmatrix} a \\ b \end{pmatrix}\]")]
    [InlineData("text\n$$\na\n- b\n= c\n$$\nmore", "\\[a\n- b\n= c\\]")]
    [InlineData("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", "\\[\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\\]")]
    [InlineData(@"| a | b |
|---|---|
| $|x|$ | $y_1*z*2$ |", @"\(|x|\)\(y_1*z*2\)")]
    [InlineData(@"$a<b>c$ and $d\$e$", @"\(a<b>c\)\(d\$e\)")]
    public void Formulas_reach_the_page_as_they_were_written(string markdown, string expected)
    {
        var page = Page(NotebookText.Markdown(markdown), new HtmlPageOptions { FormulasAsMathML = false });

        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Concat(page.QuerySelectorAll(".math").Select(formula => formula.TextContent)));
    }

    [Theory]
    [InlineData("`$a_1$ and $b$`", "$a_1$ and $b$")]
    [InlineData("``a ` $x$``", "a ` $x$")]
    [InlineData("```\n$x$\n\n$$y$$\n```", "$x$\n\n$$y$$\n")]
    [InlineData("- item\n\n  ~~~text\n  $x$\n  ~~~", "$x$\n")]
    [InlineData("text\n\n    $indented$ code", "$indented$ code")]
    [InlineData("```csharp\nvar s = $\"{a}\" + $\"{b}\";\n```", "var s = $\"{a}\" + $\"{b}\";\n")]
    public void Dollars_in_code_are_not_formulas(string markdown, string code)
    {
        var page = Page(NotebookText.Markdown(markdown));

        Assert.Empty(page.QuerySelectorAll(".math"));
        Assert.Equal(code.TrimEnd('\n'), Only(page, "main code").TextContent.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("It costs $5 and $6 a piece.")]
    [InlineData("From 5 $ to 6 $ in a year.")]
    [InlineData(@"An escaped \$x\$ is text.")]
    [InlineData("One $ here.\n\nAnother$ there.")]
    public void Dollars_that_are_money_stay_text(string markdown)
    {
        var page = Page(NotebookText.Markdown(markdown));

        Assert.Empty(page.QuerySelectorAll(".math"));
        Assert.Contains("$", Only(page, "article").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Csharp_is_coloured_and_no_character_is_lost()
    {
        const string Source = "#r \"nuget: A\"\nusing System;\n/// <summary>doc</summary>\nvar list = new List<int> { 1, 2 }; // <b>\nstring F(Tensor x) => $\"{x.Sum():0.0} é\";\nConsole.WriteLine(F(list!) + @\"a\"\"b\"";
        var code = Only(Page(NotebookText.Code(Source)), ".input code");

        Assert.Equal(Source, code.TextContent);
        string[] Texts(string cssClass) => [.. code.QuerySelectorAll("." + cssClass).Select(span => span.TextContent.Trim())];
        Assert.Equal(["using", "var", "new", "int", "string"], Texts("keyword"));
        Assert.Equal(["List", "Tensor", "Console"], Texts("type"));
        Assert.Equal(["F", "Sum", "WriteLine", "F"], Texts("method"));
        Assert.Equal(["1", "2"], Texts("number"));
        Assert.Contains("// <b>", Texts("comment"));
        Assert.Contains("#r \"nuget: A\"", Texts("directive"));
    }

    [Theory]
    [InlineData("for (var i = 0; i < ")]
    [InlineData("\"unfinished\n}}}} #!html <b> @ § \u0001")]
    [InlineData("/* open")]
    [InlineData("")]
    public void Broken_csharp_is_shown_whole(string source)
    {
        var page = Page(NotebookText.Code(source, "1"));

        Assert.Equal(source + "1", string.Concat(page.QuerySelectorAll(".input code").Select(code => code.TextContent)));
    }

    [Theory]
    [InlineData("(", 16_000)]
    [InlineData("(", 50_000)]
    [InlineData("A<", 8_000)]
    [InlineData("$\"{", 5_000)]
    [InlineData("if(x)", 3_000)]
    [InlineData("x=>", 5_000)]
    [InlineData("a[", 8_000)]
    [InlineData("{", 16_000)]
    [InlineData("(/*)*/", 1_500)]
    public void Code_nested_beyond_all_reason_is_shown_whole(string piece, int count)
    {
        var source = string.Concat(Enumerable.Repeat(piece, count));
        Assert.Equal(source, Only(Page(NotebookText.Code(source)), ".input code").TextContent);
    }

    [Theory]
    [InlineData("\\begin{a}")]
    [InlineData("$$ ")]
    [InlineData("$a ")]
    [InlineData("`` ` ")]
    [InlineData("```a")]
    [InlineData("> ")]
    [InlineData("[")]
    [InlineData("<code>$x$")]
    public void Markdown_that_repeats_itself_without_end_is_shown(string piece)
    {
        var page = Page(NotebookText.Markdown(string.Concat(Enumerable.Repeat(piece, 20_000)) + "\n\nlast"), new HtmlPageOptions { TrustsNotebook = false });

        Assert.Contains("last", Only(page, "article").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_colours_are_shown_and_other_commands_left_out()
    {
        var page = Page(NotebookText.Output("""{"output_type": "stream", "name": "stdout", "text": "\u001b[1;32mgood\u001b[0m plain \u001b[38;5;200mfine\u001b[2K\r\nold\rnew\n"}"""));
        var output = Only(page, ".stream");

        Assert.Equal("good plain fine\nnew\n", output.TextContent);
        Assert.Equal("good", Only(output, ".ansi-green.ansi-bold").TextContent);
    }

    [Fact]
    public void Pieces_of_one_stream_are_shown_as_one_and_errors_apart()
    {
        var document = NotebookText.Output("""{"output_type": "stream", "name": "stdout", "text": "a"}""");
        foreach (var (name, text) in new[] { ("stdout", "b\n"), ("stderr", "warn"), ("stdout", "c") })
            document.Cells[0].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = name, ["text"] = text });
        var page = Page(document);

        Assert.Equal(["ab\n", "warn", "c"], page.QuerySelectorAll(".stream").Select(stream => stream.TextContent));
        Assert.Equal("warn", Only(page, ".stderr").TextContent);
    }

    [Fact]
    public void A_very_long_text_is_cut_in_the_middle_and_says_so()
    {
        var text = "first" + new string('x', 3_000_000) + "last";
        var page = Page(NotebookText.Output(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text }.ToJsonString()));
        var shown = Only(page, ".stream").TextContent;

        Assert.StartsWith("first", shown, StringComparison.Ordinal);
        Assert.EndsWith("last", shown, StringComparison.Ordinal);
        Assert.Contains("2,880,009 characters are left out", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 100_000, 200_000);
    }

    [Fact]
    public void An_error_shows_its_message_and_its_traceback()
    {
        var page = Page(NotebookText.Output("""{"output_type": "error", "ename": "DivideByZeroException", "evalue": "by zero", "traceback": ["DivideByZeroException: by zero", "line 1", "\u001b[31mline 2\u001b[0m"]}"""));

        Assert.Equal("DivideByZeroException: by zero", Only(page, ".error .headline").TextContent);
        Assert.Equal("line 1\nline 2", Only(page, ".error pre").TextContent);
    }

    [Fact]
    public void Pictures_beside_the_notebook_and_inside_it_go_into_the_page()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("dot.png"), [1, 2, 3]);
        var source = NotebookText.Markdown("![a](dot.png) <img width=\"9\" src=\"dot.png\"> ![b](attachment:b.png) ![c](missing.png) ![d](https://example.org/d.png)");
        source.Cells[0].Json["attachments"] = JsonNode.Parse("""{"b.png": {"image/png": "BBBB"}}""");
        source.Save(folder.File("a.ipynb"));
        var page = Page(NotebookDocument.Load(folder.File("a.ipynb")));

        Assert.Equal(
            ["data:image/png;base64,AQID", "data:image/png;base64,AQID", "data:image/png;base64,BBBB", "missing.png", "https://example.org/d.png"],
            page.QuerySelectorAll("main img").Select(picture => picture.GetAttribute("src")));
    }

    [Fact]
    public void Scripts_that_outputs_need_stand_before_every_output()
    {
        var options = new HtmlPageOptions { Assets = [PageAsset.Embedded("plotly.min.js", "1"), PageAsset.FromCdn("other.js", new Uri("https://cdn.example.org/other.js"))] };
        var page = Page(NotebookText.Output("""{"output_type": "display_data", "data": {"text/html": "<script>Plotly</script>"}}"""), options);

        Assert.Equal(["assets/plotly.min.js", "https://cdn.example.org/other.js"], page.Head!.QuerySelectorAll("script").Select(script => script.GetAttribute("src")));
        Assert.Contains("The pages need a network: they load other.js from cdn.example.org.", Only(page, "footer").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("plotly", Only(page, "footer").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_its_own_needs_no_other_file()
    {
        using var folder = new TemporaryFolder();
        HtmlPage.Save(NotebookText.Markdown("# T\n\n$x$"), folder.File("a.html"), new HtmlPageOptions { Assets = [PageAsset.Embedded("p.js", "var s = '</script>';")] });
        var page = new HtmlParser().ParseDocument(File.ReadAllText(folder.File("a.html")));

        Assert.Equal([folder.File("a.html")], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.NotEmpty(page.QuerySelectorAll("style"));
        Assert.Equal("var s = '<\\/script>';", page.QuerySelectorAll("head script")[^1].TextContent);
        Assert.Empty(page.QuerySelectorAll("[src], link[href]"));
        Assert.DoesNotContain(page.QuerySelectorAll("script, style"), element => element.TextContent.Length == 0);
    }

    [Fact]
    public void An_asset_that_is_missing_is_never_taken_for_an_embedded_one()
    {
        Assert.Throws<ArgumentNullException>(() => PageAsset.Embedded("a.js", (byte[])null!));
        Assert.Throws<ArgumentNullException>(() => PageAsset.Embedded("a.js", (string)null!));
        Assert.Throws<ArgumentNullException>(() => PageAsset.FromCdn("a.js", null!));
        Assert.Contains("a.js is empty", Assert.Throws<ArgumentException>(() => PageAsset.Embedded("a.js", "")).Message, StringComparison.Ordinal);
        var remote = PageAsset.FromCdn("a.js", new Uri("https://cdn.example.org/a.js"));
        Assert.Null(remote.Content);
        Assert.Null(PageAsset.Embedded("a.js", "1").Cdn);
        Assert.Null(PageAsset.NetworkNeed([BuiltInAssets.Style, .. BuiltInAssets.Katex, BuiltInAssets.Book]));
        Assert.Equal("The pages need a network: they load a.js from cdn.example.org.", PageAsset.NetworkNeed([BuiltInAssets.Style, remote]));
    }

    [Fact]
    public void A_page_of_its_own_links_what_it_does_not_carry()
    {
        using var folder = new TemporaryFolder();
        HtmlPage.Save(NotebookText.Markdown("# T"), folder.File("a.html"), new HtmlPageOptions { Assets = [PageAsset.FromCdn("p.js", new Uri("https://cdn.example.org/p.js"))] });
        var page = new HtmlParser().ParseDocument(File.ReadAllText(folder.File("a.html")));

        Assert.Equal("https://cdn.example.org/p.js", Only(page, "script").GetAttribute("src"));
    }

    [Fact]
    public void Katex_comes_with_its_fonts_inside()
    {
        Assert.SkipUnless(BuiltInAssets.IsKatexEmbedded, "The kit was built without npm, so KaTeX is not embedded.");
        var style = System.Text.Encoding.UTF8.GetString(BuiltInAssets.Katex[0].Content!.Value.Span);

        Assert.DoesNotContain("url(fonts", style, StringComparison.Ordinal);
        Assert.Equal(20, style.Split("url(data:font/woff2;base64,").Length - 1);
    }

    [Fact]
    public void A_page_has_a_language_landmarks_and_a_way_past_the_navigation()
    {
        var page = Page(NotebookText.Markdown("# T\n\n## A\n\n## B"), new HtmlPageOptions
        {
            Language = "de",
            Home = new PageLink("Course", "index.html"),
            Previous = new PageLink("One & <two>", "1.html"),
            Next = new PageLink("Three", "3.html"),
            Status = "3/4 points",
        });

        Assert.Equal("de", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal("T · Course", page.Title);
        Assert.Equal("#content", Only(page, "a.skip").GetAttribute("href"));
        Only(page, "main#content");
        Assert.All(page.QuerySelectorAll("nav"), navigation => Assert.NotNull(navigation.GetAttribute("aria-label")));
        Assert.Contains("One & <two>", Only(page, ".neighbours [rel=prev]").TextContent, StringComparison.Ordinal);
        Assert.Equal("3/4 points", Only(page, ".status").TextContent);
    }
}
