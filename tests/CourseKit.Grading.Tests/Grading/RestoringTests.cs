using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Grading.Restoring;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Grading;

public sealed class RestoringTests
{
    private static readonly Assignment s_assignment = new(GradingFixture.Reference());

    private static NotebookDocument Release => ReleaseNotebook.Strip(GradingFixture.Reference());

    [Fact]
    public void An_untouched_notebook_is_restored_to_itself_without_a_flag()
    {
        var restored = NotebookRestorer.Restore(s_assignment, Release);
        Assert.Empty(restored.Flags);
        Assert.Equal(Release.Cells.Select(cell => cell.Source), restored.Notebook.Cells.Select(cell => cell.Source));
        Assert.True(restored.Cells.First(cell => cell.Cell.Source == Notebooks.FirstCell).IsTrusted);
        Assert.False(restored.Cells.First(cell => cell.Metadata?.GradeId == "square").IsTrusted && s_assignment.IsCourseCell(GradingFixture.Cell(Release, "square")));
    }

    [Fact]
    public void What_an_editor_changes_on_its_own_is_no_tampering()
    {
        var submitted = Release;
        var tests = GradingFixture.Cell(submitted, "square-tests");
        tests.Source = tests.Source.Replace("\n", "  \r\n", StringComparison.Ordinal) + "\n\n";
        Assert.Empty(NotebookRestorer.Restore(s_assignment, submitted).Flags);
    }

    [Fact]
    public void Cells_in_another_order_come_back_in_the_assignments_order_and_added_cells_follow_the_cell_they_followed()
    {
        var submitted = Release;
        var tests = GradingFixture.Cell(submitted, "square-tests").Clone();
        submitted.Cells.Remove(GradingFixture.Cell(submitted, "square-tests"));
        submitted.Cells.Add(tests);
        submitted.Cells.Insert(submitted.Cells.IndexOf(GradingFixture.Cell(submitted, "square")) + 1, NotebookCell.CreateCode("// mine"));
        var restored = NotebookRestorer.Restore(s_assignment, submitted).Notebook.Cells;
        var square = restored.IndexOf(restored.First(cell => NbgraderMetadata.Read(cell)?.GradeId == "square"));
        Assert.Equal("// mine", restored[square + 1].Source);
        var order = restored.Select(cell => NbgraderMetadata.Read(cell)?.GradeId).OfType<string>();
        Assert.Equal(["square", "square-tests", "double", "double-tests", "count", "count-tests"], order);
    }

    [Fact]
    public void Of_two_answers_with_one_id_the_last_that_was_changed_is_graded()
    {
        var submitted = Release;
        var answer = GradingFixture.Cell(submitted, "square");
        var (stub, wrong) = (answer.Clone(), answer.Clone());
        wrong.Source = "double Square(double x) => 0;";
        answer.Source = GradingFixture.SquareSolution;
        submitted.Cells.Insert(0, wrong);
        submitted.Cells.Add(stub);
        var restored = NotebookRestorer.Restore(s_assignment, submitted);
        Assert.Equal(GradingFixture.SquareSolution, restored.Cells.Single(cell => cell.Metadata?.GradeId == "square").Cell.Source);
        Assert.Equal(SubmissionFlagKind.Duplicated, Assert.Single(restored.Flags).Kind);
    }

    [Fact]
    public void An_answer_turned_into_text_is_code_again()
    {
        var submitted = Release;
        var answer = GradingFixture.Cell(submitted, "square");
        var text = NotebookCell.CreateMarkdown(GradingFixture.SquareSolution);
        NbgraderMetadata.Read(answer)!.Write(text);
        submitted.Cells[submitted.Cells.IndexOf(answer)] = text;
        var restored = NotebookRestorer.Restore(s_assignment, submitted);
        var cell = restored.Cells.Single(cell => cell.Metadata?.GradeId == "square").Cell;
        Assert.Equal((CellKind.Code, GradingFixture.SquareSolution), (cell.Kind, cell.Source));
        Assert.Equal(SubmissionFlagKind.Tampered, Assert.Single(restored.Flags).Kind);
    }

    [Fact]
    public void A_tag_that_would_keep_a_cell_from_running_is_not_taken_over()
    {
        var submitted = Release;
        GradingFixture.Cell(submitted, "square-tests").Metadata["tags"] = new JsonArray("skip-execution");
        Assert.All(NotebookRestorer.Restore(s_assignment, submitted).Cells, cell => Assert.Empty(cell.Cell.Tags));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"cells\": [{\"cell_type\": \"code\", \"sour")]
    [InlineData("[1, 2]")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"code\", \"source\": 7}]}")]
    [InlineData("{\"nbformat\": \"4\", \"cells\": 1}")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"id\": 5, \"source\": \"\"}]}")]
    public void A_file_that_is_no_notebook_is_a_problem_in_words(string content)
    {
        var (notebook, problem) = SubmissionReader.Read(new Submission("s", "s.ipynb", Encoding.UTF8.GetBytes(content), null));
        Assert.Null(notebook);
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void A_file_of_200_MB_is_not_even_parsed()
    {
        var (notebook, problem) = SubmissionReader.Read(new Submission("s", "s.ipynb", new byte[200_000_000], null));
        Assert.Null(notebook);
        Assert.Contains("200 MB", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_cells_are_refused()
    {
        var cells = string.Join(",", Enumerable.Repeat("{\"cell_type\":\"code\",\"metadata\":{},\"source\":\"\",\"outputs\":[]}", 100_000));
        var (notebook, problem) = SubmissionReader.Read(new Submission("s", "s.ipynb", Encoding.UTF8.GetBytes($"{{\"nbformat\":4,\"nbformat_minor\":4,\"metadata\":{{}},\"cells\":[{cells}]}}"), null));
        Assert.Null(notebook);
        Assert.Contains("100000 cells", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_tests_take_from_libraries_are_reserved_and_the_notebooks_own_are_not()
    {
        var (names, _) = ReservedNames.Of(GradingFixture.Reference());
        Assert.Contains("Check", names);
        Assert.Contains("Math", names);
        Assert.DoesNotContain("Square", names);
        Assert.DoesNotContain("x", names);
    }
}
