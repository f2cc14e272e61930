using System.Text.Json;
using CourseKit.Exercises;
using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Grading;

public sealed class SubmissionGraderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_plain_process_grades_right_wrong_and_missing_answers() => GradesAnswersAsync(SandboxKind.Process);

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public Task Bubblewrap_grades_right_wrong_and_missing_answers() => GradesAnswersAsync(GradingFixture.Bubblewrap());

    [Fact]
    public async Task An_exercise_that_asks_for_operators_and_one_whose_hidden_tests_stand_inside_a_part_are_graded()
    {
        var reference = Notebooks.Of(
            Notebooks.Code(Notebooks.FirstCell),
            Notebooks.Solution("value", """
                record Value(double Number)
                {
                    // BEGIN SOLUTION
                    public static Value operator +(Value a, Value b) => new(a.Number + b.Number);
                    // END SOLUTION
                }
                """),
            Notebooks.Tests("value-tests", 2, """
                Check.Exercise("value", "Add values")
                    .Part("one and two", 2, () =>
                    {
                        Check.Equal(3.0, (new Value(1) + new Value(2)).Number);
                        // BEGIN HIDDEN TESTS
                        Check.Equal(12.0, (new Value(5) + new Value(7)).Number);
                        // END HIDDEN TESTS
                    })
                """));
        await using var grader = await SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process), Stop);
        var right = grader.GradeAsync(Handed("new(a.Number + b.Number)"), Stop);
        var wrong = grader.GradeAsync(Handed("new(3)"), Stop);
        Assert.Equal((ScoreStatus.Passed, 2.0), ((await right).Result.Exercises[0].Status, (await right).Result.Exercises[0].Points));
        var failed = (await wrong).Result.Exercises[0];
        Assert.Equal((ScoreStatus.Failed, 0.0), (failed.Status, failed.Points));
        Assert.DoesNotContain("12", Assert.Single(failed.VisibleParts).Message, StringComparison.Ordinal);

        Submission Handed(string sum) => Answered(reference, $"record Value(double Number)\n{{\n    public static Value operator +(Value a, Value b) => {sum};\n}}");
    }

    [Fact]
    public async Task A_reference_that_does_not_earn_its_own_points_grades_nobody()
    {
        var reference = GradingFixture.Reference();
        GradingFixture.Cell(reference, "count").Source = "int Count(int[] numbers)\n{\n    // BEGIN SOLUTION\n    return 0;\n    // END SOLUTION\n}";
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process), Stop));
        Assert.Contains("count-tests: 0 of 1 points", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_is_a_result_and_stopping_is_an_exception()
    {
        await using var grader = await SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options(SandboxKind.Process) with { OnlyExercises = new HashSet<string> { "count-tests" } }, Stop);
        var broken = await grader.GradeAsync(new Submission("half", "half.ipynb", "{\"cells\": ["u8.ToArray(), null), Stop);
        Assert.Null(broken.Executed);
        Assert.Contains("half.ipynb", broken.Result.Failure, StringComparison.Ordinal);
        Assert.Equal(SubmissionFlagKind.Unreadable, Assert.Single(broken.Result.Flags).Kind);
        Assert.Equal(ScoreStatus.NotRun, Assert.Single(broken.Result.Exercises).Status);

        // Only what was asked for is graded.
        Assert.Equal(["count-tests"], (await grader.GradeAsync(GradingFixture.Handed("one"), Stop)).Result.Exercises.Select(exercise => exercise.Id));

        using var stopped = new CancellationTokenSource(TimeSpan.FromMilliseconds(300)); // at whatever moment, it never ends
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grader.GradeAsync(GradingFixture.Handed("stopped", count: "int Count(int[] n) { while (true) { } }"), stopped.Token));
    }

    [Fact]
    public async Task An_answer_that_is_made_while_it_is_read_is_as_good_as_an_array()
    {
        var reference = Notebooks.Of(
            Notebooks.Code(Notebooks.FirstCell),
            Notebooks.Solution("value", "IEnumerable<int> Values()\n{\n    // BEGIN SOLUTION\n    return new[] { 1, 2 };\n    // END SOLUTION\n}"),
            Notebooks.Tests("value-tests", 2, """
                Check.Exercise("value", "Values").Part("one and two", 2, () => Check.Equal([1, 2], Values()))
                """));
        await using var grader = await SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process), Stop);
        var lazy = (await grader.GradeAsync(Answered(reference, "IEnumerable<int> Values()\n{\n    yield return 1;\n    yield return 2;\n}"), Stop)).Result;
        Assert.Equal((ScoreStatus.Passed, 2.0), (lazy.Exercises[0].Status, lazy.Exercises[0].Points));
        Assert.Empty(lazy.Flags);
    }

    [Theory]
    [InlineData("")]
    [InlineData("((System.Collections.IList)typeof(Exercise).GetField(\"comparisons\", hidden)!.GetValue(exercise)!)[0] = Array.Empty<Comparison>();")]
    public async Task A_result_that_was_forged_inside_the_program_is_found_out_by_the_values_it_compared(string more)
    {
        // The worst that could get past the guard: the kit's own record of the parts is overwritten. Here the author's cell does it.
        var reference = Notebooks.Of(
            Notebooks.Code(Notebooks.FirstCell),
            Notebooks.Solution("value", "double Value()\n{\n    // BEGIN SOLUTION\n    return 0.5;\n    // END SOLUTION\n}"),
            Notebooks.Tests("value-tests", 2, $$"""
                var exercise = Check.Exercise("value", "A value").Part("a half", 2, () => Check.Close(0.5, Value()));
                var hidden = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic;
                ((System.Collections.IList)typeof(Exercise).GetField("parts", hidden)!.GetValue(exercise)!)[0] = new PartResult("a half", 2, 2, PartStatus.Passed, "");
                if (Value() != 0.5) { {{more}} }
                exercise
                """));
        await using var grader = await SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process), Stop);
        var right = (await grader.GradeAsync(Handed("0.5"), Stop)).Result;
        Assert.Equal((ScoreStatus.Passed, 2.0), (right.Exercises[0].Status, right.Exercises[0].Points));
        Assert.Empty(right.Flags);
        var wrong = (await grader.GradeAsync(Handed("0.25"), Stop)).Result;
        Assert.Equal((ScoreStatus.Failed, 0.0), (wrong.Exercises[0].Status, wrong.Exercises[0].Points));
        Assert.Equal((SubmissionFlagKind.Suspicious, "value-tests"), (Assert.Single(wrong.Flags).Kind, wrong.Flags[0].CellId));

        Submission Handed(string value) => Answered(reference, $"double Value() => {value};");
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task A_compiler_that_is_ended_in_the_middle_costs_no_points()
    {
        var options = GradingFixture.Options(GradingFixture.Bubblewrap());
        var data = Directory.CreateTempSubdirectory("coursekit-test-data ").FullName;
        await using var grader = await SubmissionGrader.CreateAsync(GradingFixture.Reference(), options with { DataFolder = data }, Stop);
        // The answer says by a process that its test runs, and goes on when the compiler is gone.
        var (nap, goOn) = ($"7{Environment.ProcessId}.75", Path.Combine(data, "go on"));
        var grading = grader.GradeAsync(GradingFixture.Handed("slow", twice: $$"""
            double Twice(double x)
            {
                if (x == 4)
                {
                    using var nap = System.Diagnostics.Process.Start("/bin/sleep", ["{{nap}}"]);
                    while (!System.IO.File.Exists({{JsonSerializer.Serialize(goOn)}})) System.Threading.Thread.Sleep(10);
                    nap.Kill();
                }

                return 2 * x;
            }
            """), Stop);
        while (!Ours().Any(process => Command(process.Id).Contains(nap)))
        {
            Assert.False(grading.IsCompleted, "It was graded without its test having run.");
            await Task.Delay(10, Stop);
        }

        var compilers = Ours().Where(process => Command(process.Id) is var words && words.Contains(data) && words.Contains("--compiler")).ToList();
        Assert.NotEmpty(compilers);
        compilers.ForEach(ProcessTree.Kill);
        await File.WriteAllTextAsync(goOn, "", Stop);
        Assert.All((await grading).Result.Exercises, exercise => Assert.Equal(ScoreStatus.Passed, exercise.Status));
        Directory.Delete(data, recursive: true);

        static IReadOnlyList<ProcessIdentity> Ours() => [.. ProcessTree.Members(ProcessIdentity.Current)];

        static string[] Command(int process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    /// <summary>The release of a reference with one exercise, answered.</summary>
    private static Submission Answered(NotebookDocument reference, string answer)
    {
        var notebook = ReleaseNotebook.Strip(reference);
        GradingFixture.Cell(notebook, "value").Source = answer;
        return new Submission(answer, "value.ipynb", System.Text.Encoding.UTF8.GetBytes(notebook.ToText()), null);
    }

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
