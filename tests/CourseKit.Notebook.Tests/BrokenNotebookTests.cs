using System.Text;

namespace CourseKit.Notebook.Tests;

public sealed class BrokenNotebookTests
{
    private static string ProblemOf(string text, NotebookReadOptions? options = null)
    {
        var error = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(text, "lab/week 1.ipynb", options));
        Assert.StartsWith("lab/week 1.ipynb: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("lab/week 1.ipynb", error.File);
        return error.Problem;
    }

    [Theory]
    [InlineData("{\n \"cells\": [\n  {\"cell_type\": \"co", "line 3")]
    [InlineData("{\n \"cells\": [\n", "line 3")]
    [InlineData("{\"nbformat\": 4", "line 1")]
    [InlineData("{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"a\": tr", "line 1")]
    public void A_truncated_file_is_told_from_a_damaged_one_and_its_end_is_named(string text, string line)
    {
        var problem = ProblemOf(text);
        Assert.Contains("ends in the middle", problem, StringComparison.Ordinal);
        Assert.Contains(line, problem, StringComparison.Ordinal);
        Assert.Contains("download it again", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_way_to_cut_a_notebook_short_is_reported_as_such()
    {
        var whole = NotebookText.WithCells(NotebookText.CodeCell("a", "var é = \"😀\";\n"));
        for (var length = 1; length < whole.Length; length++)
        {
            if (char.IsHighSurrogate(whole[length - 1]))
                continue;
            Assert.Contains("ends in the middle", ProblemOf(whole[..length]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\n \"cells\": [],\n oops\n}", "not valid JSON at line 3")]
    [InlineData("{\"cells\": []}}", "not valid JSON at line 1")]
    [InlineData("{\"cells\": [1,]}", "not valid JSON at line 1")]
    [InlineData("{\"a\": NaN}", "not valid JSON at line 1")]
    public void A_damaged_line_is_named(string text, string expected) =>
        Assert.Contains(expected, ProblemOf(text), StringComparison.Ordinal);

    [Fact]
    public void A_merge_conflict_is_recognized()
    {
        var problem = ProblemOf("{\n \"cells\": [\n<<<<<<< HEAD\n {},\n=======\n {}\n>>>>>>> other\n]}");
        Assert.Contains("line 3 is a merge conflict", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n", "empty")]
    [InlineData("[1, 2]", "not an object")]
    [InlineData("\"text\"", "not an object")]
    [InlineData("null", "not an object")]
    [InlineData("""{"a": 1}""", "nbformat\" is missing")]
    [InlineData("""{"nbformat": 3, "worksheets": []}""", "open and save it in Jupyter to upgrade")]
    [InlineData("""{"nbformat": 5, "cells": []}""", "newer format nbformat 5")]
    [InlineData("""{"nbformat": 4}""", "no list of cells")]
    [InlineData("""{"nbformat": 4, "cells": {}}""", "no list of cells")]
    [InlineData("""{"nbformat": 4, "cells": [], "metadata": 3}""", "metadata")]
    [InlineData("""{"nbformat": 4, "cells": [], "cells": []}""", "stands twice")]
    [InlineData("""{"nbformat": 4, "cells": [3]}""", "cell 1 is not an object")]
    [InlineData("""{"nbformat": 4, "cells": [{"source": ""}]}""", "cell 1 does not say its type")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": []}, {"cell_type": "code"}]}""", "cell 2 has no text")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 1]}]}""", "cell 1 has no text")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": ["x"]}]}""", "cell 1 has \"outputs\"")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": []}]}""", "cell 1 has \"metadata\"")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "id": 5}]}""", "cell 1 has an \"id\"")]
    public void What_is_wrong_is_said_in_words(string text, string expected) =>
        Assert.Contains(expected, ProblemOf(text), StringComparison.Ordinal);

    [Fact]
    public void Two_cells_with_one_id_are_named()
    {
        var text = NotebookText.WithCells(NotebookText.CodeCell("a", "1"), NotebookText.CodeCell("b", "2"), NotebookText.CodeCell("a", "3"));
        Assert.Contains("cells 1 and 3 have the same id \"a\"", ProblemOf(text), StringComparison.Ordinal);

        var document = NotebookDocument.Parse(text, "a.ipynb", new NotebookReadOptions { AllowDuplicateIds = true });
        Assert.Equal(3, document.Cells.Count);
        Assert.Equal(text, document.ToText());
    }

    [Fact]
    public void A_file_over_the_limit_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("big.ipynb");
        File.WriteAllText(path, NotebookText.Minimal + new string(' ', 3_000_000));

        var error = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(path, new NotebookReadOptions { MaximumSize = 2_000_000 }));
        Assert.Contains("3 MB, more than the 2 MB", error.Problem, StringComparison.Ordinal);
        Assert.Empty(NotebookDocument.Load(path).Cells);
    }

    [Fact]
    public void A_file_in_another_encoding_is_reported()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("utf16.ipynb");
        File.WriteAllText(path, NotebookText.Minimal, Encoding.Unicode);

        var error = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(path));
        Assert.Contains("UTF-8", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_or_a_missing_file_is_reported_with_its_name()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("folder", Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(folder.Path)).Problem, StringComparison.Ordinal);
        var missing = folder.File("missing.ipynb");
        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => NotebookDocument.Load(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("broken.ipynb");
        File.WriteAllText(path, "{\"cells\": [");
        Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(path));

        Assert.Equal("{\"cells\": [", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }
}
