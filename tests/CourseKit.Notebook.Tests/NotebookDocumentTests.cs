using System.Text;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Tests;

public sealed class NotebookDocumentTests
{
    private const string FromJupyter = """
        {
         "cells": [
          {
           "attachments": {"a.png": {"image/png": "iVBORw0="}},
           "cell_type": "markdown",
           "id": "intro",
           "metadata": {"tags": ["keep", "me"], "nobody knows": {"this": [1, 1.0, 1e5, -0.0]}},
           "source": ["# Grüße, 世界 😀\n", "$x_1$ & <b>"]
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "work",
           "metadata": {"nbgrader": {"grade": true, "points": 2, "schema_version": 3}},
           "outputs": [{"output_type": "stream", "name": "stdout", "text": ["\u001b[31mred\u001b[0m\n"], "future": null}],
           "source": "var x = 1;\nx"
          }
         ],
         "metadata": {"kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"}, "widgets": {"state": {}}},
         "nbformat": 4,
         "nbformat_minor": 5,
         "unknown at the top": [true, false, null, "\ud83d\ude00 \u00e9"]
        }
        """;

    public static TheoryData<string> Untouched => new()
    {
        FromJupyter,
        FromJupyter + "\n",
        FromJupyter.Replace("\n", "\r\n", StringComparison.Ordinal),
        FromJupyter.Replace(" ", "   ", StringComparison.Ordinal),
        "\uFEFF" + FromJupyter,
        NotebookText.Minimal,
        """{"nbformat":4,"nbformat_minor":2,"metadata":{},"cells":[{"cell_type":"code","metadata":{},"source":"1","outputs":[],"execution_count":null}]}""",
        """{"nbformat":4,"nbformat_minor":4,"cells":[{"cell_type":"code","source":[]},{"cell_type":"raw","source":""},{"cell_type":"strange","source":"kept"}]}""",
    };

    [Theory]
    [MemberData(nameof(Untouched))]
    public void An_untouched_notebook_comes_back_byte_for_byte(string text)
    {
        using var folder = new TemporaryFolder();
        var bytes = Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(folder.File("in.ipynb"), bytes);

        var document = NotebookDocument.Load(folder.File("in.ipynb"));
        // Looking is not touching, even at fields that are not there.
        foreach (var cell in document.Cells)
            _ = (cell.Source, cell.Metadata.Count, cell.Outputs.Count, cell.Language, cell.Tags, cell.ExecutionCount);
        document.Save(folder.File("out.ipynb"));

        Assert.Equal(bytes, File.ReadAllBytes(folder.File("out.ipynb")));
    }

    [Fact]
    public void What_the_kit_does_not_understand_survives_a_change()
    {
        var document = NotebookDocument.Parse(FromJupyter, "a.ipynb");
        document.Cells[1].Source = "changed";
        var after = JsonNode.Parse(document.ToText())!;
        var expected = JsonNode.Parse(FromJupyter)!;
        expected["cells"]![1]!["source"] = new JsonArray("changed");

        Assert.True(JsonNode.DeepEquals(expected, after), document.ToText());
        // Numbers keep their digits, fields their order.
        Assert.Contains("1.0,", document.ToText(), StringComparison.Ordinal);
        Assert.Contains("-0.0", document.ToText(), StringComparison.Ordinal);
        Assert.Equal(expected.AsObject().Select(field => field.Key), after.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void A_changed_notebook_is_written_as_Jupyter_writes_it()
    {
        var document = NotebookDocument.Create();
        document.Metadata.Clear();
        document.Cells.Add(NotebookCell.CreateCode("var e = \"é😀\u2028\";\n\tx\r\n\u001b\u007f", "one"));

        // The text of Python's json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) and a line feed.
        Assert.Equal("""
            {
             "cells": [
              {
               "cell_type": "code",
               "execution_count": null,
               "id": "one",
               "metadata": {},
               "outputs": [],
               "source": [
                "var e = \"é😀 \";\n",
                "\tx\r\n",
                "\u001b"
               ]
              }
             ],
             "metadata": {},
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """.Replace("😀 ", "😀\u2028", StringComparison.Ordinal).Replace("\\u001b", "\\u001b\u007f", StringComparison.Ordinal), document.ToText());
    }

    [Fact]
    public void A_change_that_is_taken_back_leaves_the_notebook_untouched()
    {
        var document = NotebookDocument.Parse(FromJupyter, "a.ipynb");
        var first = document.Cells[0];
        document.Cells.RemoveAt(0);
        Assert.NotEqual(FromJupyter, document.ToText());
        document.Cells.Insert(0, first);
        document.Cells[1].Source = "other";
        document.Cells[1].Json["source"] = "var x = 1;\nx";

        Assert.Equal(FromJupyter, document.ToText());
    }

    [Fact]
    public void Cells_are_inserted_replaced_and_removed()
    {
        var document = NotebookText.Code("a", "b", "c");
        document.Cells.RemoveAt(1);
        document.Cells.Insert(0, NotebookCell.CreateMarkdown("# first"));
        document.Cells[2] = NotebookCell.Create(CellKind.Raw, "last");
        var read = NotebookDocument.Parse(document.ToText(), "again");

        Assert.Equal(["# first", "a", "last"], read.Cells.Select(cell => cell.Source));
        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Raw], read.Cells.Select(cell => cell.Kind));
    }

    [Fact]
    public void A_cell_stands_in_one_document_only()
    {
        var one = NotebookText.Code("a");
        var other = NotebookText.Code("b");

        Assert.Throws<InvalidOperationException>(() => other.Cells.Add(one.Cells[0]));
        other.Cells.Add(one.Cells[0].Clone());
        Assert.Equal(["b", "a"], other.Cells.Select(cell => cell.Source));
        Assert.Equal(one.Cells[0].Id, other.Cells[1].Id);
    }

    [Fact]
    public void A_copy_is_independent()
    {
        var document = NotebookDocument.Parse(FromJupyter, "a.ipynb");
        var copy = document.Clone();
        copy.Cells[1].Outputs.Clear();
        copy.Cells[1].ExecutionCount = 9;

        Assert.Equal(FromJupyter, document.ToText());
        Assert.Single(document.Cells[1].Outputs);
    }

    [Fact]
    public void A_new_cell_in_an_older_notebook_gives_every_cell_an_id()
    {
        var document = NotebookDocument.Parse(
            """{"nbformat":4,"nbformat_minor":4,"metadata":{},"cells":[{"cell_type":"markdown","metadata":{},"source":"old"}]}""", "old.ipynb");
        Assert.Null(document.Cells[0].Id);
        document.Cells.Add(NotebookCell.CreateCode("new", "new"));

        Assert.Equal(5, document.FormatMinor);
        Assert.Matches("^[0-9a-f]{8}$", document.Cells[0].Id!);
    }

    [Fact]
    public void Metadata_and_outputs_that_a_file_lacks_are_added_when_used()
    {
        var document = NotebookDocument.Parse("""{"nbformat":4,"nbformat_minor":4,"cells":[{"cell_type":"code","source":"1"}]}""", "bare.ipynb");
        document.Metadata["title"] = "t";
        document.Cells[0].Metadata["tags"] = new JsonArray("a");
        document.Cells[0].Outputs.Add(new JsonObject { ["output_type"] = "stream" });
        var read = NotebookDocument.Parse(document.ToText(), "again");

        Assert.Equal("t", read.Metadata["title"]!.GetValue<string>());
        Assert.Equal(["a"], read.Cells[0].Tags);
        Assert.Single(read.Cells[0].Outputs);
    }

    [Fact]
    public void An_output_of_50_MB_is_read_and_written()
    {
        using var folder = new TemporaryFolder();
        var document = NotebookText.Code("print");
        document.Cells[0].Outputs.Add(new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = new string('x', 50_000_000) + "é\n" });
        document.Save(folder.File("big.ipynb"));
        var read = NotebookDocument.Load(folder.File("big.ipynb"));
        read.Cells[0].Source = "changed";
        read.Save(folder.File("big.ipynb"));

        var output = NotebookDocument.Load(folder.File("big.ipynb")).Cells[0].Outputs[0]!;
        Assert.Equal(50_000_002, output["text"]!.GetValue<string>().Length);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file_and_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.ipynb");
        NotebookText.Code("kept").Save(path);
        var before = File.ReadAllBytes(path);

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("the disk is full");
        }));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Saving_makes_the_folder_and_replaces_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "new", "a.ipynb");
        NotebookText.Code("one").Save(path);
        NotebookText.Code("two").Save(path);

        Assert.Equal("two", NotebookDocument.Load(path).Cells[0].Source);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Saving_through_a_link_changes_the_file_behind_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("file.ipynb");
        var link = folder.File("link.ipynb");
        NotebookText.Code("one").Save(file);
        try
        {
            File.CreateSymbolicLink(link, file);
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows allows symbolic links in developer mode only.");
        }

        NotebookText.Code("two").Save(link);

        Assert.Equal("two", NotebookDocument.Load(file).Cells[0].Source);
        Assert.NotNull(File.ResolveLinkTarget(link, returnFinalTarget: false));
    }

    [Theory]
    [InlineData("""{"kernelspec": {"name": ".net-csharp", "language": "C#", "display_name": ".NET (C#)"}}""", "csharp")]
    [InlineData("""{"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}""", "python")]
    [InlineData("""{"kernelInfo": {"defaultKernelName": "fsharp"}, "kernelspec": {"language": "C#"}}""", "fsharp")]
    [InlineData("""{"polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp", "items": []}}, "kernelspec": {"language": "python"}}""", "csharp")]
    [InlineData("""{"polyglot_notebook": {"defaultKernelName": "html"}}""", "html")]
    [InlineData("""{"language_info": {"name": "C#"}}""", "csharp")]
    [InlineData("{}", "csharp")]
    public void The_language_of_a_document_is_read_in_the_order_of_dotnet_interactive(string metadata, string language)
    {
        var document = NotebookDocument.Parse($$"""{"nbformat":4,"nbformat_minor":5,"metadata":{{metadata}},"cells":[]}""", "a.ipynb");

        Assert.Equal(language, document.Language);
    }

    [Theory]
    [InlineData("1 + 1", "{}", "csharp")]
    [InlineData("<b>", """{"dotnet_interactive": {"language": "html"}}""", "html")]
    [InlineData("<b>", """{"dotnet_interactive": {"language": "csharp"}, "polyglot_notebook": {"kernelName": "html"}}""", "html")]
    [InlineData("#!csharp\n1", """{"polyglot_notebook": {"kernelName": "html"}}""", "csharp")]
    [InlineData("\n#!js\n1", "{}", "javascript")]
    [InlineData("#!time\n1", "{}", "csharp")]
    [InlineData("#!set --name x --value 1", """{"polyglot_notebook": {"kernelName": "markdown"}}""", "markdown")]
    public void A_first_line_overrides_a_cells_metadata_and_that_the_documents(string source, string metadata, string language)
    {
        var document = NotebookText.Code(source);
        foreach (var (name, value) in JsonNode.Parse(metadata)!.AsObject())
            document.Cells[0].Metadata[name] = value!.DeepClone();

        Assert.Equal(language, document.Cells[0].Language);
    }
}
