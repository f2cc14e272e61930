using System.Text.Json.Nodes;
using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

/// <summary>Reading scores from outputs, without running anything.</summary>
public class ScoringTests
{
    private const string Bundle = """
        {"version":1,"exercise":"loss","title":"The loss","points":1.5,"possible":2,"status":"partial","parts":[
          {"name":"value","points":1.5,"possible":1.5,"status":"passed","message":""},
          {"name":"gradient","points":0,"possible":0.5,"status":"failed","message":"Expected 1, got 2."}]}
        """;

    private static NotebookCell Executed(string id, double points, params string[] outputs)
    {
        var cell = Notebooks.Tests(id, points, "Check.Exercise(...)");
        cell.ExecutionCount = 1;
        foreach (var output in outputs) cell.Outputs.Add(JsonNode.Parse(output));
        return cell;
    }

    private static string Result(string bundle, string type = "execute_result") => new JsonObject
    {
        ["output_type"] = type,
        ["metadata"] = new JsonObject(),
        ["data"] = new JsonObject { [Exercise.MimeType] = JsonNode.Parse(bundle) },
    }.ToJsonString();

    private static ExerciseScore Score(params NotebookCell[] cells) =>
        Assert.Single(NotebookScores.From(Notebooks.Of(cells)).Exercises);

    [Fact]
    public void A_result_is_read_with_its_parts()
    {
        var score = Score(Executed("loss", 2, Result(Bundle)));

        Assert.Equal(("loss", "The loss", 1.5, 2, 2), (score.Id, score.Title, score.Points, score.Possible, score.Tested));
        Assert.Equal(ScoreStatus.Partial, score.Status);
        Assert.Equal(new PartResult("gradient", 0, 0.5, PartStatus.Failed, "Expected 1, got 2."), score.Parts[1]);
    }

    [Fact]
    public void A_result_that_came_as_a_string_is_read_too() =>
        Assert.Equal(1.5, Score(Executed("loss", 2, Result(JsonValue.Create(Bundle).ToJsonString()))).Points);

    [Fact]
    public void More_points_than_the_cell_is_worth_are_cut() =>
        Assert.Equal(1, Score(Executed("loss", 1, Result(Bundle))).Points);

    [Fact]
    public void An_error_in_the_test_cell_earns_nothing()
    {
        var score = Score(Executed("loss", 2, Result(Bundle),
            """{"output_type":"error","ename":"CS0103","evalue":"The name 'Loss' does not exist","traceback":[]}"""));

        Assert.Equal((0, ScoreStatus.Error), (score.Points, score.Status));
        Assert.Equal("CS0103: The name 'Loss' does not exist", score.Message);
    }

    [Fact]
    public void What_the_students_code_displays_is_no_result()
    {
        var score = Score(Executed("loss", 2, Result(Bundle, "display_data")));

        Assert.Equal((0, ScoreStatus.NoResult), (score.Points, score.Status));
        Assert.Contains("without a semicolon", score.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":1,"exercise":"loss","points":"2","possible":2,"status":"passed","parts":[]}""")]
    [InlineData("""{"version":1,"exercise":"loss","points":2,"possible":2,"status":"superb","parts":[]}""")]
    [InlineData("""{"version":1,"exercise":"loss","points":2,"possible":2,"status":"passed","parts":[7]}""")]
    [InlineData("\"{ not json\"")]
    [InlineData("[1, 2]")]
    public void A_result_that_cannot_be_read_earns_nothing(string bundle)
    {
        var score = Score(Executed("loss", 2, Result(bundle)));

        Assert.Equal((0, ScoreStatus.NoResult), (score.Points, score.Status));
    }

    [Fact]
    public void A_cell_that_was_not_run_says_so()
    {
        var score = Score(Notebooks.Tests("loss", 2, "1"));

        Assert.Equal("the test cell was not run", score.Message);
        Assert.Equal(0, score.Points);
    }

    [Fact]
    public void Without_a_title_the_heading_above_is_taken() =>
        Assert.Equal("Exercise 3: the loss", Score(
            Notebooks.Text("# Losses\n\ntext\n\n## Exercise 3: the loss\nmore"),
            Executed("loss", 2, Result("""{"version":1,"exercise":"loss","title":"loss","points":0,"possible":2,"status":"failed","parts":[]}"""))).Title);

    [Fact]
    public void What_a_person_grades_is_listed_and_not_counted()
    {
        var scores = NotebookScores.From(Notebooks.Of(
            Executed("loss", 2, Result(Bundle)), Notebooks.Answer("why", 3, "Because."), Notebooks.TaskCell("sketch", 1.5, "Sketch.")));

        Assert.Equal((1.5, 2, 4.5), (scores.Points, scores.Possible, scores.ManualPoints));
        Assert.Equal(
            [ScoreStatus.Partial, ScoreStatus.NeedsManualGrade, ScoreStatus.NeedsManualGrade],
            scores.Exercises.Select(exercise => exercise.Status));
    }

    [Fact]
    public void A_written_answer_that_was_not_begun_is_told()
    {
        var release = ReleaseNotebook.Strip(Notebooks.Of(Notebooks.Answer("why", 3, "Because.")));
        Assert.Equal("no answer was written", NotebookScores.From(release).Exercises[0].Message);

        release.Cells[0].Source = "Since the sum is negative.";
        Assert.Equal("", NotebookScores.From(release).Exercises[0].Message);
    }

    [Fact]
    public void A_test_cell_that_was_changed_is_told()
    {
        var release = ReleaseNotebook.Strip(Notebooks.Of(Notebooks.Tests("loss", 2, "Check.Exercise(\"loss\")")));
        Assert.False(NotebookScores.From(release).Exercises[0].IsChanged);

        release.Cells[0].Source += ".Part(\"mine\", 2, () => { })";
        Assert.True(NotebookScores.From(release).Exercises[0].IsChanged);
    }
}
