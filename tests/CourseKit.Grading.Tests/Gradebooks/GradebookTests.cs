using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsvHelper;
using Microsoft.Data.Sqlite;

namespace CourseKit.Grading.Tests.Gradebooks;

/// <summary>What people enter, what is exported, and what a full or broken disk does to a gradebook.</summary>
public sealed class GradebookTests : IDisposable
{
    private readonly ClassFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private Task<Gradebook> OpenAsync() => Gradebook.OpenToWriteAsync(fixture.Grades, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Points_by_hand_comments_and_penalties_count_and_are_kept_when_it_is_graded_again()
    {
        fixture.HandIn("ann", "step=3");
        await fixture.GradeAsync();
        Assert.True(fixture.Rows()[0].NeedsManualGrade);
        using (var gradebook = await OpenAsync())
        {
            gradebook.SetManualGrade("ann", "chapter", "why", 1);
            gradebook.SetManualGrade("ann", "chapter", "why", 2);
            gradebook.SetManualGrade("ann", "chapter", "sketch", 0.5);
            gradebook.AddComment("ann", "chapter", "why", "Well argued.");
            gradebook.AddComment("ann", "chapter", "", "See me.");
            gradebook.SetLatePenalty("ann", "chapter", 4);
        }
        var row = Assert.Single(fixture.Rows());
        Assert.Equal((5.5, 4, 1.5, 9.5), (row.RawScore, row.LatePenalty, row.Score, row.MaxScore));
        Assert.False(row.NeedsManualGrade);
        Assert.Equal([("why", "Well argued."), ("", "See me.")], row.Comments.Select(comment => (comment.Exercise, comment.Text)));

        fixture.HandIn("ann", "step=2 threshold=1");
        await fixture.GradeAsync();
        row = Assert.Single(fixture.Rows());
        Assert.Equal((5.5, 2), (row.RawScore, row.Gradings));
        // The written answer may be another one now.
        Assert.True(row.Exercises.Single(exercise => exercise.Id == "why").IsManualOutdated);
        using (var gradebook = await OpenAsync())
        {
            gradebook.SetManualGrade("ann", "chapter", "why", null);
            gradebook.SetLatePenalty("ann", "chapter", 100);
        }
        Assert.Equal((3.5, 0), (fixture.Rows()[0].RawScore, fixture.Rows()[0].Score));
        using var history = Gradebook.OpenToRead(fixture.Grades);
        Assert.Equal(10, history.History("ann", "chapter").Count);
    }

    [Theory]
    [InlineData("nobody", "why", 1.0, "no submission of nobody")]
    [InlineData("ann", "wy", 1.0, "no exercise wy; it has step, threshold, perceptron, why, sketch")]
    [InlineData("ann", "why", 2.5, "worth 0 to 2 points, and 2.5 were given")]
    [InlineData("ann", "why", -1.0, "worth 0 to 2 points")]
    [InlineData("ann", "why", double.NaN, "worth 0 to 2 points")]
    public async Task Points_by_hand_that_cannot_be_are_refused(string student, string exercise, double points, string sentence)
    {
        fixture.HandIn("ann", "step=3");
        await fixture.GradeAsync();
        using var gradebook = await OpenAsync();
        var error = Assert.Throws<GradingException>(() => gradebook.SetManualGrade(student, "chapter", exercise, points));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    public async Task The_table_has_nbgraders_columns_one_for_each_exercise_and_no_formula(string culture)
    {
        var itsCulture = Cultures.Find(culture);
        fixture.HandIn("ann, \"the first\"", "step=1.5");
        if (!OperatingSystem.IsWindows())
            fixture.HandIn("=cmd|' C calc'!A0", "step=3 threshold=1");
        await fixture.GradeAsync();
        using var gradebook = await OpenAsync();
        gradebook.SetLatePenalty("ann, \"the first\"", "chapter", 0.5);
        gradebook.SetDueDate("chapter", new DateTimeOffset(2026, 11, 20, 23, 59, 0, TimeSpan.FromHours(1)));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = itsCulture;
            GradebookExport.WriteCsv(gradebook, fixture.Grades.GradesCsv);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        using var reader = new StreamReader(fixture.Grades.GradesCsv);
        using var csv = CsvReader.Create(reader, new CsvReaderOptions(), leaveOpen: true);
        csv.ReadHeader();
        Assert.Equal(["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score", "late_submission_penalty", "score", "max_score", "status", "step", "threshold", "perceptron", "why", "sketch"], csv.Headers!);
        var records = new List<string[]>();
        while (csv.Read())
            records.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)!]);
        Assert.Equal(["chapter", "2026-11-20 22:59:00.000000", "", "ann, \"the first\"", "", "", "", "1.5", "0.5", "1", "9.5", "needs manual grade", "1.5", "0", "0", "0", "0"], records[^1]);
        if (!OperatingSystem.IsWindows())
            Assert.Equal("'=cmd|' C calc'!A0", records[0][3]);
    }

    [Fact]
    public async Task Gradescope_and_PrairieLearn_get_the_fields_they_read()
    {
        fixture.HandIn("ann", "step=3 threshold=0 tampered");
        await fixture.GradeAsync();
        using var gradebook = await OpenAsync();
        gradebook.AddComment("ann", "chapter", "step", "Nice.");
        gradebook.SetManualGrade("ann", "chapter", "why", 1);
        var single = Path.Combine(fixture.Path, "autograder", "results", "results.json");
        GradebookExport.WriteResults(gradebook, CoursePlatform.Gradescope, single: ("ann", single));
        GradebookExport.WriteResults(gradebook, CoursePlatform.PrairieLearn);

        var gradescope = JsonNode.Parse(await File.ReadAllTextAsync(fixture.Grades.PlatformResultsOf(CoursePlatform.Gradescope, "chapter", "ann"), TestContext.Current.CancellationToken))!;
        Assert.Equal(await File.ReadAllTextAsync(single, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(fixture.Grades.PlatformResultsOf(CoursePlatform.Gradescope, "chapter", "ann"), TestContext.Current.CancellationToken));
        Assert.Empty(gradescope.AsObject().Select(field => field.Key).Except(["score", "execution_time", "output", "output_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"]));
        Assert.Equal(4, (double)gradescope["score"]!);
        Assert.Contains("The test cell was changed", (string)gradescope["output"]!, StringComparison.Ordinal);
        var tests = gradescope["tests"]!.AsArray();
        Assert.All(tests, test => Assert.Empty(test!.AsObject().Select(field => field.Key).Except(["score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility", "extra_data"])));
        Assert.Equal(["passed", "failed", "failed", null, null], tests.Select(test => (string?)test!["status"]));
        Assert.Equal(4, tests.Sum(test => (double)test!["score"]!));
        Assert.Equal("fires at zero: passed, 3 of 3 points\nother inputs (hidden): passed, 0 of 0 points\nComment: Nice.", (string)tests[0]!["output"]!);

        var prairieLearn = JsonNode.Parse(await File.ReadAllTextAsync(fixture.Grades.PlatformResultsOf(CoursePlatform.PrairieLearn, "chapter", "ann"), TestContext.Current.CancellationToken))!;
        Assert.True((bool)prairieLearn["gradable"]!);
        Assert.Equal(4 / 9.5, (double)prairieLearn["score"]!, 6);
        Assert.Equal(5, prairieLearn["tests"]!.AsArray().Count);
        Assert.All(prairieLearn["tests"]!.AsArray(), test => Assert.Empty(test!.AsObject().Select(field => field.Key).Except(["name", "description", "points", "max_points", "message", "output", "images"])));
    }

    [Fact]
    public async Task JUnit_counts_failures_and_what_waits_and_is_valid_whatever_students_print()
    {
        fixture.HandIn("ann", "step=3 threshold=0");
        fixture.HandIn("bob", "step=3 threshold=1 perceptron=2");
        await fixture.GradeAsync();
        using var gradebook = await OpenAsync();
        GradebookExport.WriteJUnit(gradebook, fixture.Grades.JUnit);
        var suites = XDocument.Load(fixture.Grades.JUnit).Root!;
        Assert.Equal(("10", "2", "4"), ((string?)suites.Attribute("tests"), (string?)suites.Attribute("failures"), (string?)suites.Attribute("skipped")));
        Assert.Equal(suites.Descendants("failure").Count(), suites.Elements().Sum(suite => (int)suite.Attribute("failures")!));
        Assert.Equal(["threshold", "perceptron"], suites.Descendants("failure").Select(failure => (string?)failure.Parent!.Attribute("name")));
        Assert.StartsWith("Expected 1, got <script>", suites.Descendants("failure").First().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full_leaves_the_gradebook_as_it_was()
    {
        fixture.HandInMany(5);
        await fixture.GradeAsync();
        var before = fixture.Contents();
        var records = Enumerable.Range(0, 2000).Select(number => Record($"more{number:0000}")).ToList();
        using (var gradebook = await OpenAsync())
        {
            Limit(gradebook, pages: 60);
            var error = Assert.Throws<GradingException>(() => gradebook.Take(records));
            Assert.Contains("the disk is full. The gradebook is as it was before", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, fixture.Contents());
        using (var gradebook = await OpenAsync())
            Assert.Equal(2000, gradebook.Take(records));
        Assert.Equal(2005, fixture.Rows().Count);
    }

    // SQLite's own bound on the file's size: at it, it fails as on a disk without room.
    private static void Limit(Gradebook gradebook, int pages)
    {
        var field = typeof(Gradebook).GetField("connection", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        using var command = ((SqliteConnection)field.GetValue(gradebook)!).CreateCommand();
        command.CommandText = $"PRAGMA max_page_count = {pages}";
        command.ExecuteScalar();
    }

    private GradingRecord Record(string student) => new()
    {
        Id = Guid.NewGuid(),
        GradedAt = DateTimeOffset.UtcNow,
        Student = new Student(student),
        SubmissionHash = "a",
        ReferenceHash = "b",
        ExerciseHashes = fixture.Reference.ExerciseHashes,
        Result = new SubmissionResult { Student = student, Assignment = "chapter", SubmissionHash = "a", Exercises = fixture.Reference.Exercises, Sandbox = "none" },
    };

    [Fact]
    public async Task A_file_that_is_no_gradebook_is_left_alone_and_said_so()
    {
        Directory.CreateDirectory(fixture.Grades.Path);
        await File.WriteAllTextAsync(fixture.Grades.Database, new string('x', 5000), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<GradingException>(OpenAsync);
        Assert.Contains("this is no gradebook, or it is damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(fixture.Grades.Database).Length);
        Assert.Contains("no gradebook.db", Assert.Throws<GradingException>(() => Gradebook.OpenToRead(new GradeFolder(fixture.Path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_result_file_is_named_and_the_others_are_taken()
    {
        fixture.HandInMany(3);
        await fixture.GradeAsync();
        File.Delete(fixture.Grades.Database);
        await File.WriteAllTextAsync(fixture.Grades.ResultOf("chapter", "student001"), "{ \"version\": 1, ", TestContext.Current.CancellationToken);
        using var gradebook = await OpenAsync();
        var (taken, problems) = gradebook.TakeResults();
        Assert.Equal(2, taken);
        Assert.Contains("student001.json: the result file is damaged", Assert.Single(problems), StringComparison.Ordinal);
    }
}
