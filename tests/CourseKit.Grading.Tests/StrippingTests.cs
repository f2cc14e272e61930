using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

public class StrippingTests
{
    private static string Stripped(string source) => ReleaseNotebook.Strip(Notebooks.Of(
        Notebooks.Solution("s", source), Notebooks.Tests("t", 1, "1"))).Cells[0].Source;

    private static string Refusal(params NotebookCell[] cells) =>
        Assert.Throws<ReleaseRefusedException>(() => ReleaseNotebook.Strip(Notebooks.Of(cells))).Message;

    [Fact]
    public void In_a_function_the_stub_throws_and_keeps_the_indentation() =>
        Assert.Equal(
            """
            double Step(double z)
            {
                // YOUR CODE HERE
                throw new NotImplementedException("Replace this line with your code.");
            }
            """,
            Stripped("""
                double Step(double z)
                {
                    // BEGIN SOLUTION
                    return z >= 0 ? 1 : 0;
                    // END SOLUTION
                }
                """));

    [Fact]
    public void At_top_level_the_stub_is_only_a_comment() =>
        Assert.Equal(
            """
            double rate = 0;
            // YOUR CODE HERE
            rate
            """,
            Stripped("""
                double rate = 0;
                // BEGIN SOLUTION
                rate = 0.1;
                // END SOLUTION
                rate
                """));

    [Fact]
    public void In_a_loop_at_top_level_nothing_throws() =>
        Assert.DoesNotContain("throw", Stripped("""
            var sum = 0.0;
            for (var i = 0; i < 3; i++)
            {
                // BEGIN SOLUTION
                sum += i;
                // END SOLUTION
            }
            """), StringComparison.Ordinal);

    [Theory]
    [InlineData("Func<double, double> f = z =>\n{\n    // BEGIN SOLUTION\n    return z;\n    // END SOLUTION\n};")]
    [InlineData("Func<double, double> f = z =>\n    // BEGIN SOLUTION\n    z * 2;\n    // END SOLUTION")]
    [InlineData("Func<double, double> f = z =>\n    // BEGIN SOLUTION\n    z * 2\n    // END SOLUTION\n    ;")]
    [InlineData("Func<int> f = delegate\n{\n    // BEGIN SOLUTION\n    return 1;\n    // END SOLUTION\n};")]
    [InlineData("double Twice(double z) =>\n    // BEGIN SOLUTION\n    z * 2;\n    // END SOLUTION")]
    [InlineData("class N\n{\n    public double W =>\n        // BEGIN SOLUTION\n        2;\n        // END SOLUTION\n}")]
    [InlineData("class N\n{\n    public double W\n    {\n        get\n        {\n            // BEGIN SOLUTION\n            return 2;\n            // END SOLUTION\n        }\n    }\n}", "            ")]
    [InlineData("class N\n{\n    public N()\n    {\n        // BEGIN SOLUTION\n        W = 1;\n        // END SOLUTION\n    }\n    public int W;\n}")]
    [InlineData("int F()\n{\n    int Inner(int x)\n    {\n        if (x > 0)\n        {\n            // BEGIN SOLUTION\n            return 1;\n            // END SOLUTION\n        }\n        return 2;\n    }\n    return Inner(1);\n}", "            ")]
    [InlineData("#!time\nint F()\n{\n#region BEGIN SOLUTION\n    return 1;\n#endregion END SOLUTION\n}", "")]
    public void Every_kind_of_function_gets_a_stub_that_throws(string source, string? indentation = null)
    {
        var stripped = Stripped(source);

        Assert.Contains("throw new NotImplementedException(", stripped, StringComparison.Ordinal);
        if (indentation is not null)
            Assert.Contains($"\n{indentation}// YOUR CODE HERE\n{indentation}throw", stripped, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_body_outside_functions_gets_only_the_comment() =>
        Assert.DoesNotContain("throw", Stripped("class N\n{\n    // BEGIN SOLUTION\n    public int W;\n    // END SOLUTION\n}"), StringComparison.Ordinal);

    [Fact]
    public void Several_regions_in_one_cell_are_each_replaced()
    {
        var stripped = Stripped("""
            int A()
            {
                // BEGIN SOLUTION
                return 1;
                // END SOLUTION
            }
            int x = 0;
            // BEGIN SOLUTION
            x = 7;
            // END SOLUTION
            int B()
            {
                // BEGIN SOLUTION
                return 2;
                // END SOLUTION
            }
            """);

        Assert.Equal(3, stripped.Split("// YOUR CODE HERE").Length - 1);
        Assert.Equal(2, stripped.Split("throw new").Length - 1);
    }

    [Fact]
    public void A_solution_cell_without_a_region_is_emptied()
    {
        var release = ReleaseNotebook.Strip(Notebooks.Of(
            Notebooks.Solution("s", "var answer = 42;"), Notebooks.Answer("w", 1, "Because."), Notebooks.Tests("t", 1, "1")));

        Assert.Equal("// YOUR CODE HERE", release.Cells[0].Source);
        Assert.Equal("YOUR ANSWER HERE", release.Cells[1].Source);
    }

    [Fact]
    public void A_written_answer_keeps_what_stands_around_its_region()
    {
        var release = ReleaseNotebook.Strip(Notebooks.Of(
            Notebooks.Answer("w", 1, "1. Why?\n   ### BEGIN SOLUTION\n   Because.\n   ### END SOLUTION\n2. More?")));

        Assert.Equal("1. Why?\n   YOUR ANSWER HERE\n2. More?", release.Cells[0].Source);
    }

    [Fact]
    public void No_trace_of_a_secret_is_left_anywhere()
    {
        var chapter = Notebooks.Chapter();
        foreach (var cell in chapter.Cells.Where(cell => cell.Kind == CellKind.Code))
        {
            cell.ExecutionCount = 3;
            cell.Outputs.Add((JsonNode)new JsonObject
            {
                ["output_type"] = "stream",
                ["name"] = "stdout",
                ["text"] = "secret-output",
            });
            cell.Metadata["execution"] = new JsonObject { ["iopub.execute_input"] = "secret-time" };
        }
        chapter.Metadata["widgets"] = new JsonObject { ["state"] = "secret-widget" };

        var text = ReleaseNotebook.Strip(chapter).ToText();

        foreach (var secret in (string[])[
            "secret", "var fires", "0.731;", "Math.Max", "Weight * 2", "Weight / 2",
            "-123.456", "other inputs", "BEGIN", "END", "HIDDEN", "MARK SCHEME"])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("silent below", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_only_the_solution_showed_is_dropped()
    {
        var document = NotebookDocument.Parse("""
            {"cells":[{"cell_type":"markdown","id":"a","metadata":{"nbgrader":
              {"schema_version":3,"grade":true,"solution":true,"locked":false,"grade_id":"w","points":1}},
              "attachments":{"question one.png":{"image/png":"cXVlc3Rpb24="},"answer.png":{"image/png":"c2VjcmV0"}},
              "source":"![q](attachment:question%20one.png)\n### BEGIN SOLUTION\n![a](attachment:answer.png)\n### END SOLUTION"}],
             "metadata":{"kernelspec":{"name":".net-csharp","language":"C#","display_name":".NET (C#)"}},
             "nbformat":4,"nbformat_minor":5}
            """, "pictures.ipynb");

        var text = ReleaseNotebook.Strip(document).ToText();

        Assert.Contains("cXVlc3Rpb24=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_are_locked_and_sealed_as_nbgrader_does()
    {
        var release = ReleaseNotebook.Strip(Notebooks.Chapter());

        var locks = release.Cells
            .Where(cell => NbgraderMetadata.Read(cell) is not null)
            .ToDictionary(
                cell => NbgraderMetadata.Read(cell)!.GradeId,
                cell => (cell.Metadata["deletable"]?.ToJsonString(), cell.Metadata["editable"]?.ToJsonString()));
        Assert.Equal(("false", "false"), locks["step"]);
        Assert.Equal(("false", "false"), locks["data"]);
        Assert.Equal(("false", null), locks["step-solution"]);
        Assert.Equal(("false", null), locks["why"]);
        Assert.All(release.Cells, cell =>
        {
            if (NbgraderMetadata.Read(cell) is not { } metadata) return;
            Assert.Equal(NbgraderChecksum.Compute(cell, metadata), metadata.Checksum);
            Assert.Equal(cell.Kind == CellKind.Code ? "code" : "markdown", metadata.CellType);
        });
        Assert.Empty(NbgraderValidation.Validate(release));
    }

    [Fact]
    public void The_reference_is_not_touched()
    {
        var reference = Notebooks.Chapter();
        var before = reference.ToText();

        ReleaseNotebook.Strip(reference);

        Assert.Equal(before, reference.ToText());
    }

    [Theory]
    [InlineData("a\n// BEGIN SOLUTION\nb", "line 2: BEGIN SOLUTION without a END SOLUTION after it")]
    [InlineData("// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION", "line 2: BEGIN SOLUTION inside the region that began in line 1")]
    [InlineData("var a = 1;\n// END SOLUTION", "line 2: END SOLUTION without a BEGIN SOLUTION before it")]
    [InlineData("// BEGIN SOLUTON\nvar a = 1;\n// END SOLUTION", "line 3: END SOLUTION without a BEGIN SOLUTION")]
    [InlineData("// Begin solution\n// BEGIN SOLUTION\n// END SOLUTION", "line 1: \"// Begin solution\" looks like a marker")]
    [InlineData("// BEGIN SOLUTION\n// END SOLUTION\n// BEGIN HIDDEN TESTS\n// END HIDDEN TESTS", "line 3: BEGIN HIDDEN TESTS stands outside a graded test cell")]
    [InlineData("// BEGIN SOLUTION\n// END SOLUTION\n// BEGIN MARK SCHEME\n// END MARK SCHEME", "BEGIN MARK SCHEME stands outside a task cell")]
    [InlineData("double W => // BEGIN SOLUTION\n2;\n// END SOLUTION", "line 1: the marker's line holds code as well")]
    [InlineData("var a =\n// BEGIN SOLUTION\n1;\n// END SOLUTION", "no longer C#")]
    [InlineData("int F()\n{\n// BEGIN SOLUTION\nreturn 1;\n}\n// END SOLUTION", "no longer C#")]
    public void Wrong_markers_are_named_with_cell_and_line(string source, string expected)
    {
        var refusal = Refusal(Notebooks.Solution("the-cell", source), Notebooks.Tests("t", 1, "1"));

        Assert.StartsWith("chapter.ipynb, cell the-cell", refusal, StringComparison.Ordinal);
        Assert.Contains(expected, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_solution_outside_a_solution_cell_is_refused()
    {
        var plain = NotebookCell.CreateCode("// BEGIN SOLUTION\n1\n// END SOLUTION", id: "plain-id");

        Assert.StartsWith(
            "chapter.ipynb, cell plain-id, line 1: BEGIN SOLUTION stands outside a solution cell",
            Refusal(plain, Notebooks.Tests("t", 1, "1")), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        var refusal = Assert.Throws<ReleaseRefusedException>(() => ReleaseNotebook.Strip(Notebooks.Of(
            Notebooks.Solution("a", "// BEGIN SOLUTION"),
            Notebooks.Solution("b", "// END SOLUTION"),
            Notebooks.Tests("b", 1, "// BEGIN HIDDEN TESTS"))));

        Assert.Equal(4, refusal.Problems.Count);
    }

    [Fact]
    public void A_notebook_without_points_or_of_another_language_is_refused()
    {
        Assert.Contains("no cell gives points", Refusal(Notebooks.Code("1")), StringComparison.Ordinal);
        var python = NotebookDocument.Parse("""
            {"cells":[],"metadata":{"kernelspec":{"name":"python3","language":"python","display_name":"Python 3"}},
             "nbformat":4,"nbformat_minor":5}
            """, "python.ipynb");
        Assert.Contains(
            "the notebook's language is python",
            Assert.Throws<ReleaseRefusedException>(() => ReleaseNotebook.Strip(python)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solutions_in_other_languages_are_refused() =>
        Assert.Contains(
            "a solution in javascript",
            Refusal(Notebooks.Solution("s", "#!javascript\nalert(1)"), Notebooks.Tests("t", 1, "1")), StringComparison.Ordinal);
}
