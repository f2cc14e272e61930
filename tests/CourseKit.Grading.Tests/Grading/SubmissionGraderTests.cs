using CourseKit.Exercises;

namespace CourseKit.Grading.Tests.Grading;

public sealed class SubmissionGraderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_plain_process_grades_right_wrong_and_missing_answers() => GradesAnswersAsync(SandboxKind.Process);

    [Fact]
    public Task Bubblewrap_grades_right_wrong_and_missing_answers() => GradesAnswersAsync(GradingFixture.Bubblewrap());

    private static async Task GradesAnswersAsync(SandboxKind sandbox)
    {
        await using var grader = await SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options(sandbox), Stop);
        var right = grader.GradeAsync(GradingFixture.Handed("right"), Stop);
        var part = grader.GradeAsync(GradingFixture.Handed("part", square: "double Square(double x) => 3 * x;", twice: null), Stop);

        var all = (await right).Result;
        Assert.Equal("", all.Failure);
        Assert.Empty(all.Flags);
        Assert.All(all.Exercises, exercise => Assert.Equal(ScoreStatus.Passed, exercise.Status));
        Assert.Equal(6, all.Exercises.Sum(exercise => exercise.Points));
        Assert.Equal(["of three"], all.Exercises[0].VisibleParts.Select(visible => visible.Name));
        var hidden = Assert.Single(all.Exercises[0].HiddenParts);
        Assert.Equal(new PartResult("of a fraction", 2, 2, PartStatus.Passed, ""), hidden);

        // 3 * 3 is 9: what the student could see is right, and what was hidden is not.
        var some = (await part).Result;
        Assert.Equal((ScoreStatus.Partial, 1.0), (some.Exercises[0].Status, some.Exercises[0].Points));
        Assert.Equal((ScoreStatus.NotAttempted, 0.0), (some.Exercises[1].Status, some.Exercises[1].Points));
        Assert.Equal((ScoreStatus.Passed, 1.0), (some.Exercises[2].Status, some.Exercises[2].Points));
        Assert.DoesNotContain(GradingFixture.HiddenArgument, (await part).Executed!.ToText(), StringComparison.Ordinal);
    }
}
