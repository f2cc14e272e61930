using CourseKit.Charts;
using CourseKit.Exercises;
using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.EndToEnd;

/// <summary>A real chapter through the grader: its own solutions handed in, as a student would have written them.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
[Trait(ToolTests.Trait, ChaptersToCheck.Group)]
public sealed class ChapterGradingTests
{
    // Two hidden tests hand a student's function on by its name alone, as a method group, which fails where cells are compiled
    // for grading. Both earn everything in `check`. Whoever mends that takes this list away: it must be exact.
    private static readonly string[] FailByMethodGroup = ["own-loss-tests", "smoothing-tests"];

    public static TheoryData<string> Checked => ChaptersToCheck.Chapters;

    [Theory]
    [MemberData(nameof(Checked))]
    public async Task The_reference_solutions_of_a_chapter_handed_in_earn_all_points_without_a_flag_and_an_untouched_release_earns_none(string chapter)
    {
        var stop = TestContext.Current.CancellationToken;
        var reference = NotebookDocument.Load(Path.Combine(Checkout.Notebooks, chapter));
        var options = new GradingOptions
        {
            Jobs = 2,
            Sandbox = RequiredTools.Bubblewrap(),
            MemoryBytes = 3L << 30,
            KitPackages = new Dictionary<string, string>
            {
                ["CourseKit"] = typeof(Tensor).Assembly.Location,
                ["CourseKit.Charts"] = typeof(Figure).Assembly.Location,
                ["CourseKit.Exercises"] = typeof(Check).Assembly.Location,
            },
        };
        await using var grader = await SubmissionGrader.CreateAsync(reference, options, stop);
        var solved = grader.GradeAsync(Submitted("solved", Solved(reference)), stop);
        var untouched = grader.GradeAsync(Submitted("untouched", ReleaseNotebook.Strip(reference)), stop);

        var all = (await solved).Result;
        Assert.True(all.Flags.Count == 0, string.Join("\n", all.Flags));
        Assert.All(all.Exercises, exercise => Assert.True((exercise.Status is ScoreStatus.Passed or ScoreStatus.NeedsManualGrade) == !FailByMethodGroup.Contains(exercise.Id), $"{exercise.Id}: {exercise.Status} {exercise.Message}"));
        Assert.Contains(all.Exercises, exercise => exercise.HiddenParts.Count > 0);
        Assert.DoesNotContain((await solved).Executed!.Cells, cell => cell.Source.Contains("HIDDEN TESTS", StringComparison.Ordinal));

        var none = (await untouched).Result;
        Assert.Empty(none.Flags);
        Assert.Equal(0, none.Exercises.Sum(exercise => exercise.Points));
    }

    private static NotebookDocument Solved(NotebookDocument reference)
    {
        var submitted = ReleaseNotebook.Strip(reference);
        for (var i = 0; i < submitted.Cells.Count; i++)
        {
            if (NbgraderMetadata.Read(submitted.Cells[i]) is { Solution: true })
                submitted.Cells[i].Source = reference.Cells[i].Source;
        }

        return submitted;
    }

    private static Submission Submitted(string student, NotebookDocument notebook) =>
        new(student, student + ".ipynb", System.Text.Encoding.UTF8.GetBytes(notebook.ToText()), null);
}
