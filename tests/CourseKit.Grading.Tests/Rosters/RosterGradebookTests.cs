using CourseKit.Grading.Tests.Gradebooks;

namespace CourseKit.Grading.Tests.Rosters;

/// <summary>Who handed in nothing is in the gradebook and in what is made from it, until something comes late.</summary>
public sealed class RosterGradebookTests : IDisposable
{
    private readonly ClassFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static readonly Roster Class = Roster.Read("id,first_name,last_name,email\ns1,Ann,Lee,ann@example.edu\ns2,Bob,Ray,bob@example.edu\ns3,Cyd,Fox,cyd@example.edu\n");

    private async Task<GradeFilesReport> WriteAsync(GradeFolder? folder = null, IEnumerable<RosterStudent>? roster = null)
    {
        using var gradebook = await Gradebook.OpenToWriteAsync(folder ?? fixture.Grades, TestContext.Current.CancellationToken);
        gradebook.SetRoster("chapter", roster ?? Class.Students);
        return GradeFiles.Write(gradebook, new GradeFilesOptions { Platform = CoursePlatform.PrairieLearn }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_handed_in_nothing_has_no_points_and_that_status_everywhere_and_no_page()
    {
        fixture.HandIn("Lee Ann", "step=3");
        fixture.HandIn("guest", "step=1");
        await fixture.GradeAsync();
        Assert.Empty((await WriteAsync()).Problems);

        var rows = fixture.Rows();
        Assert.Equal([("Lee Ann", true, true), ("guest", true, false), ("s2", false, true), ("s3", false, true)], rows.Select(row => (row.Student.Id, row.HasSubmission, row.IsOnRoster!.Value)));
        Assert.Equal(new Student("Lee Ann", "Lee", "Ann", "ann@example.edu"), rows[0].Student);
        Assert.All(rows[2..], row => Assert.Equal((0, 9.5, SubmissionStatus.NoSubmission, null), (row.Score, row.MaxScore, row.Status, row.GradedAt)));
        var csv = await File.ReadAllTextAsync(fixture.Grades.GradesCsv, TestContext.Current.CancellationToken);
        Assert.Contains("chapter,,,s2,Ray,Bob,bob@example.edu,0,0,0,9.5,no submission,0,0,0,0,0\n", csv, StringComparison.Ordinal);
        Assert.Contains("no submission", await File.ReadAllTextAsync(fixture.Grades.JUnit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var report = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await File.ReadAllTextAsync(Path.Combine(fixture.Grades.Path, "report.html"), TestContext.Current.CancellationToken));
        var listed = report.QuerySelectorAll("section[aria-labelledby=submissions] tbody tr").Select(row => row.TextContent).ToList();
        Assert.Equal(4, listed.Count);
        Assert.Contains(listed, row => row.StartsWith("s2 (Bob Ray)no submission", StringComparison.Ordinal) && row.EndsWith("–0", StringComparison.Ordinal));
        Assert.Contains("2 students of the roster have handed in nothing", report.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
        // Those who tried are the class whose means are shown.
        Assert.Contains("2 of 9.5 points on average", report.QuerySelector(".total")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(fixture.Grades.Path, "feedback")).Length);
        Assert.Equal(2, Directory.GetDirectories(fixture.Grades.PlatformResultsOf(CoursePlatform.PrairieLearn, "chapter")).Length);

        using var gradebook = await Gradebook.OpenToWriteAsync(fixture.Grades, TestContext.Current.CancellationToken);
        Assert.Contains("has handed in nothing for chapter", Assert.Throws<GradingException>(() => gradebook.SetLatePenalty("s2", "chapter", 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_hands_in_late_is_missing_no_more_whatever_the_file_is_called()
    {
        fixture.HandIn("Lee Ann", "step=3");
        await fixture.GradeAsync();
        await WriteAsync();
        fixture.HandIn("bob@example.edu", "step=2");
        await fixture.GradeAsync();
        Assert.Equal([("Lee Ann", true), ("bob@example.edu", true), ("s3", false)], fixture.Rows().Select(row => (row.Student.Id, row.HasSubmission)));
    }

    [Fact]
    public async Task A_gradebook_from_before_there_were_rosters_is_read_and_gets_one()
    {
        fixture.HandIn("s1", "step=3");
        await fixture.GradeAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={fixture.Grades.Database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE roster";
            command.ExecuteNonQuery();
        }
        Assert.Null(Assert.Single(fixture.Rows()).IsOnRoster);
        await WriteAsync();
        Assert.Equal(3, fixture.Rows().Count);
    }

    [Fact]
    public async Task Joined_parts_of_a_class_miss_only_whom_the_whole_class_misses()
    {
        fixture.HandIn("s1", "step=3");
        fixture.HandIn("s2", "step=1");
        var parts = new List<GradeFolder>();
        for (var number = 1; number <= 2; number++)
        {
            parts.Add(new GradeFolder(Path.Combine(fixture.Path, $"part{number}")));
            var shard = new Shard(number, 2);
            await fixture.GradeAsync(into: parts[^1], options: new ClassGradingOptions { Shard = shard });
            await WriteAsync(parts[^1], Class.Students.Where(student => student.Id == "s3" || shard.Contains(student.Id)));
            Assert.Equal("s3", Assert.Single(fixture.Rows(parts[^1]), row => !row.HasSubmission).Student.Id);
        }
        var whole = new GradeFolder(Path.Combine(fixture.Path, "whole"));
        await GradebookMerge.MergeAsync(parts, whole, TestContext.Current.CancellationToken);
        Assert.Equal([("s1", true), ("s2", true), ("s3", false)], fixture.Rows(whole).Select(row => (row.Student.Id, row.HasSubmission)));
    }
}
