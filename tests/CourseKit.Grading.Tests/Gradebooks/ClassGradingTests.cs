using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Gradebooks;

/// <summary>Grading a class: once each, again where something changed, with nothing lost.</summary>
public sealed class ClassGradingTests : IDisposable
{
    private readonly ClassFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Everybody_is_graded_once_and_the_second_run_has_nothing_to_do()
    {
        fixture.HandInMany(20);
        var first = await fixture.GradeAsync();
        Assert.Equal((20, 20, false), (first.Count, first.Of(SubmissionOutcome.Graded), first.IsStopped));
        var contents = fixture.Contents();
        Assert.Equal(20, contents.Count);

        var grader = new ClassFixture.CountingGrader(fixture);
        var second = await fixture.GradeAsync(grader);
        Assert.Equal((0, 20), (grader.Graded, second.Of(SubmissionOutcome.UpToDate)));
        Assert.Equal(contents, fixture.Contents());
        Assert.Equal(20, Directory.GetFiles(fixture.Grades.ResultsOf("chapter"), "*.ipynb").Length);
        Assert.Empty(Directory.EnumerateFiles(fixture.Grades.Path, "*.claim", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_gradebook_is_made_again_from_the_result_files()
    {
        fixture.HandInMany(12);
        await fixture.GradeAsync();
        fixture.HandIn("student003", "step=0.5");
        await fixture.GradeAsync();
        var contents = fixture.Contents();
        File.Delete(fixture.Grades.Database);

        var grader = new ClassFixture.CountingGrader(fixture);
        await fixture.GradeAsync(grader);
        Assert.Equal(0, grader.Graded);
        Assert.Equal(contents, fixture.Contents());
    }

    [Fact]
    public async Task A_changed_file_is_graded_again_and_the_first_grading_stays_in_the_history()
    {
        fixture.HandIn("ann", "step=1");
        fixture.HandIn("bob", "step=2");
        await fixture.GradeAsync();
        fixture.HandIn("ann", "step=3 threshold=1");
        var grader = new ClassFixture.CountingGrader(fixture);
        await fixture.GradeAsync(grader);

        Assert.Equal(1, grader.Graded);
        Assert.Equal([(4.0, 2), (2.0, 1)], fixture.Rows().Select(row => (row.Score, row.Gradings)));
        using var gradebook = Gradebook.OpenToRead(fixture.Grades);
        var history = gradebook.History("ann", "chapter");
        Assert.Equal([1, 4], history.Select(item => item.Points!.Value));
        Assert.Equal(2, history.Select(item => item.SubmissionHash).Distinct().Count());
    }

    [Fact]
    public async Task Corrected_tests_grade_everybody_again_and_a_corrected_sentence_nobody()
    {
        fixture.HandInMany(3);
        await fixture.GradeAsync();
        var reference = Notebooks.Chapter();
        reference.Cells.First(cell => cell.Kind == CellKind.Markdown).Source = "# Neurons\nRead, run, and solve.";
        fixture.Reference = GradingReference.From(reference, "chapter");
        Assert.Equal(3, (await fixture.GradeAsync()).Of(SubmissionOutcome.UpToDate));

        Change(reference, "threshold");
        fixture.Reference = GradingReference.From(reference, "chapter");
        Assert.Equal(3, (await fixture.GradeAsync()).Of(SubmissionOutcome.Graded));
        Assert.All(fixture.Rows(), row => Assert.Equal(2, row.Gradings));
    }

    private static void Change(NotebookDocument reference, string exercise) =>
        reference.Cells.Single(cell => NbgraderMetadata.Read(cell)?.GradeId == exercise).Source += " // corrected";

    [Fact]
    public async Task One_exercise_is_graded_again_alone_and_only_where_its_tests_changed()
    {
        fixture.HandIn("ann", "step=1 threshold=0 perceptron=2");
        fixture.HandIn("bob", "step=2 threshold=0 perceptron=1");
        await fixture.GradeAsync();
        var regrade = new ClassGradingOptions { Regrade = new HashSet<string> { "threshold" } };
        Assert.Equal(2, (await fixture.GradeAsync(options: regrade)).Of(SubmissionOutcome.UpToDate));

        var reference = Notebooks.Chapter();
        Change(reference, "threshold");
        fixture.Reference = GradingReference.From(reference, "chapter");
        fixture.HandIn("late", "step=3");
        var grader = new ClassFixture.CountingGrader(fixture);
        var report = await fixture.GradeAsync(grader, regrade);
        Assert.Equal((2, 2, 1), (grader.Graded, report.Of(SubmissionOutcome.Graded), report.Of(SubmissionOutcome.NotGradedBefore)));
        var ann = fixture.Rows().Single(row => row.Student.Id == "ann");
        Assert.Equal([("step", 1.0), ("threshold", 0), ("perceptron", 2), ("why", 0), ("sketch", 0)], ann.Exercises.Select(exercise => (exercise.Id, exercise.Points)));
        using (var gradebook = Gradebook.OpenToRead(fixture.Grades))
            Assert.Equal(["graded", "graded again: threshold"], gradebook.History("ann", "chapter").Select(item => item.What));
        var executed = NotebookDocument.Load(fixture.Grades.ExecutedOf("chapter", "ann"));
        Assert.Contains("corrected", executed.Cells.Single(cell => NbgraderMetadata.Read(cell)?.GradeId == "threshold").Source, StringComparison.Ordinal);

        // All hashes are the present ones now, so nothing is left for a whole run but who came late.
        var whole = await fixture.GradeAsync();
        Assert.Equal((2, 1), (whole.Of(SubmissionOutcome.UpToDate), whole.Of(SubmissionOutcome.Graded)));
        Assert.Equal(2, (await fixture.GradeAsync(options: new ClassGradingOptions { Regrade = regrade.Regrade, Force = true, Shard = Shard.Whole })).Of(SubmissionOutcome.Graded) - 1);
    }

    [Fact]
    public async Task An_exercise_that_is_not_there_cannot_be_graded_again()
    {
        fixture.HandInMany(1);
        var error = await Assert.ThrowsAsync<GradingException>(() => fixture.GradeAsync(options: new ClassGradingOptions { Regrade = new HashSet<string> { "stp" } }));
        Assert.Contains("has no exercise stp to grade again; it has step, threshold, perceptron, why, sketch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_handed_in_no_notebook_is_in_the_gradebook_with_no_points_and_the_reason()
    {
        Directory.CreateDirectory(Path.Combine(fixture.HandedIn, "two"));
        File.WriteAllText(Path.Combine(fixture.HandedIn, "two", "a.ipynb"), "");
        File.WriteAllText(Path.Combine(fixture.HandedIn, "two", "b.ipynb"), "");
        fixture.HandIn("ann", "step=1");
        var report = await fixture.GradeAsync();
        Assert.Equal(2, report.Of(SubmissionOutcome.Graded));
        var two = fixture.Rows().Single(row => row.Student.Id == "two");
        Assert.Equal((0, 9.5), (two.Score, two.MaxScore));
        Assert.Contains("none is called chapter.ipynb", two.Failure, StringComparison.Ordinal);
        Assert.Equal(SubmissionFlagKind.Unreadable, Assert.Single(two.Flags).Kind);
    }

    [Fact]
    public async Task One_submission_that_breaks_the_grader_is_named_and_the_others_go_on()
    {
        fixture.HandInMany(6);
        var grader = new ClassFixture.CountingGrader(fixture)
        {
            During = (submission, _) => submission.Student == "student002" ? throw new InvalidOperationException("a bug of the grader") : Task.CompletedTask,
        };
        var report = await fixture.GradeAsync(grader);
        Assert.Equal((5, 1), (report.Of(SubmissionOutcome.Graded), report.Of(SubmissionOutcome.Failed)));
        Assert.Contains("student002 could not be graded", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.GradeAsync()).Of(SubmissionOutcome.Graded));
    }

    [Fact]
    public async Task Stopped_it_keeps_what_is_finished_and_the_next_run_goes_on()
    {
        fixture.HandInMany(20);
        using var stop = new CancellationTokenSource();
        ClassFixture.CountingGrader grader = null!;
        grader = new ClassFixture.CountingGrader(fixture)
        {
            During = async (submission, _) =>
            {
                if (string.CompareOrdinal(submission.Student, "student007") >= 0)
                {
                    while (grader.Graded == 0)
                        await Task.Delay(1, CancellationToken.None);
                    await stop.CancelAsync();
                    // Not the token that is handed in: it is linked, and learns of it on another thread.
                    stop.Token.ThrowIfCancellationRequested();
                }
            },
        };
        var report = await fixture.GradeAsync(grader, cancellation: stop.Token);
        Assert.True(report.IsStopped);
        Assert.Equal(grader.Graded, fixture.Rows().Count);
        Assert.InRange(grader.Graded, 1, 7);

        var next = await fixture.GradeAsync();
        Assert.Equal((grader.Graded, 20 - grader.Graded), (next.Of(SubmissionOutcome.UpToDate), next.Of(SubmissionOutcome.Graded)));
    }

    [Fact]
    public async Task Two_graders_in_one_folder_share_the_work_and_neither_does_any_twice()
    {
        fixture.HandInMany(40);
        // Each waits with its first until the other has one: both are at work, however late one of them begins.
        var (first, second) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var (one, two) = (Meeting(first, second), Meeting(second, first));
        var reports = await Task.WhenAll(fixture.GradeAsync(one), fixture.GradeAsync(two));
        Assert.Equal(40, one.Graded + two.Graded);
        Assert.True(one.Graded > 0 && two.Graded > 0);
        Assert.All(reports, report => Assert.Equal(0, report.Of(SubmissionOutcome.Failed)));
        var contents = fixture.Contents();

        var alone = new GradeFolder(Path.Combine(fixture.Path, "alone"));
        await fixture.GradeAsync(into: alone);
        Assert.Equal(fixture.Contents(alone), contents);

        ClassFixture.CountingGrader Meeting(TaskCompletionSource own, TaskCompletionSource other) => new(fixture)
        {
            During = async (_, stop) =>
            {
                own.TrySetResult();
                await other.Task.WaitAsync(stop);
            },
        };
    }

    [Fact]
    public async Task Shards_are_stable_parts_and_joined_they_are_the_whole()
    {
        fixture.HandInMany(30);
        await fixture.GradeAsync();
        var parts = new List<GradeFolder>();
        for (var number = 1; number <= 3; number++)
        {
            parts.Add(new GradeFolder(Path.Combine(fixture.Path, $"part{number}")));
            var report = await fixture.GradeAsync(into: parts[^1], options: new ClassGradingOptions { Shard = new Shard(number, 3) });
            Assert.InRange(report.Count, 1, 29);
        }
        var whole = new GradeFolder(Path.Combine(fixture.Path, "whole"));
        await GradebookMerge.MergeAsync(parts, whole, TestContext.Current.CancellationToken);
        Assert.Equal(fixture.Contents(), fixture.Contents(whole));

        await GradebookMerge.MergeAsync(parts, whole, TestContext.Current.CancellationToken);
        Assert.Equal(fixture.Contents(), fixture.Contents(whole));
        var grader = new ClassFixture.CountingGrader(fixture);
        await fixture.GradeAsync(grader, into: whole);
        Assert.Equal(0, grader.Graded);
    }

    [Theory]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("a/b")]
    [InlineData("-1/3")]
    public void A_shard_that_is_none_is_refused(string text) => Assert.False(Shard.TryParse(text, out _));

    [Fact]
    public async Task Joined_gradebooks_keep_what_people_entered_and_both_histories()
    {
        fixture.HandIn("ann", "step=1");
        var (a, b) = (new GradeFolder(Path.Combine(fixture.Path, "a")), new GradeFolder(Path.Combine(fixture.Path, "b")));
        await fixture.GradeAsync(into: a);
        using (var gradebook = await Gradebook.OpenToWriteAsync(a, TestContext.Current.CancellationToken))
            gradebook.SetManualGrade("ann", "chapter", "why", 1.5);
        fixture.HandIn("ann", "step=3");
        await fixture.GradeAsync(into: b);

        var whole = new GradeFolder(Path.Combine(fixture.Path, "whole"));
        await GradebookMerge.MergeAsync([b, a], whole, TestContext.Current.CancellationToken);
        var row = Assert.Single(fixture.Rows(whole));
        Assert.Equal((4.5, 2), (row.Score, row.Gradings));
        Assert.True(row.Exercises.Single(exercise => exercise.Id == "why").NeedsManualGrade);

        File.Delete(whole.Database);
        await fixture.GradeAsync(into: whole);
        Assert.Equal(2, fixture.Rows(whole).Single().Gradings);
    }

    [Fact]
    public async Task Awkward_names_are_graded_under_their_own_names()
    {
        string[] names = OperatingSystem.IsWindows() ? ["Zoë O'Neil", "王 小明"] : ["Zoë O'Neil", "王 小明", "a\\b:c*?", "CON", "=cmd|' C calc'!A0", "new\nline", "%2e%2e", "-rf", "[red]x"];
        foreach (var name in names)
            fixture.HandIn(name, "step=1");
        await fixture.GradeAsync();
        var rows = fixture.Rows();
        Assert.Equal(names.Length, rows.Count);
        Assert.All(rows, row => Assert.Equal(1, row.Score));
        using (var gradebook = await Gradebook.OpenToWriteAsync(fixture.Grades, TestContext.Current.CancellationToken))
            Assert.Equal(names.Length, GradebookExport.WriteResults(gradebook, CoursePlatform.Gradescope).Count);
        Assert.Equal(names.Length, Directory.GetFiles(Path.Combine(fixture.Grades.Path, "gradescope"), "results.json", SearchOption.AllDirectories).Length);
        Assert.Equal(["class", "grades"], Directory.GetFileSystemEntries(fixture.Path).Select(Path.GetFileName).Order());
    }
}
