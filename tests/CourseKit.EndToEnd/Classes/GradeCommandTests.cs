using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd.Classes;

/// <summary>Grading a class as a teacher types it.</summary>
public sealed class GradeCommandTests : IDisposable
{
    private readonly SmallClass members = new();

    public void Dispose() => members.Dispose();

    private Task<CourseKitCommand.Answer> GradebookAsync(params string[] arguments) => CourseKitCommand.RunAsync(members.Path, ["gradebook", .. arguments]);

    [Fact]
    public async Task A_class_gets_points_a_table_files_and_what_a_person_adds()
    {
        members.HandIn("Ada", "x * x");
        members.HandIn("[red]Bob Lee", "x + x");
        members.HandIn("Cyd", "nonsense(");
        await File.WriteAllTextAsync(Path.Combine(members.HandedIn, "Dee.ipynb"), "{ \"cells\": [", TestContext.Current.CancellationToken);
        var graded = await members.GradeAsync("grades", "--due", "2026-11-20T23:59");
        Assert.True(graded.ExitCode == 0, graded.Errors);
        Assert.Contains("4 students", graded.Output, StringComparison.Ordinal);
        Assert.Contains("[red]Bob Lee", graded.Output, StringComparison.Ordinal);
        Assert.Contains("not readable", graded.Output, StringComparison.Ordinal);
        Assert.Equal(4, graded.Errors.Split('\n').Count(line => line.Contains("/4  ", StringComparison.Ordinal)));

        var shown = (await GradebookAsync("show", "grades", "--json")).Json["students"]!.AsArray();
        Assert.Equal([("Ada", 2.0), ("Cyd", 0), ("Dee", 0), ("[red]Bob Lee", 1)], shown.Select(row => ((string)row!["student"]!, (double)row["score"]!)).OrderBy(row => row.Item1, StringComparer.Ordinal));
        Assert.True(File.Exists(members.Of("grades/results/squares/Ada.ipynb")));
        Assert.StartsWith("assignment,duedate,timestamp,student_id,", await File.ReadAllTextAsync(members.Of("grades/grades.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(File.Exists(members.Of("grades/junit.xml")));

        Assert.Equal(0, (await GradebookAsync("grade", "grades", "Cyd", "square", "1.5", "--comment", "The idea is right.")).ExitCode);
        Assert.Equal(0, (await GradebookAsync("penalty", "grades", "Ada", "0.5")).ExitCode);
        Assert.Equal(0, (await GradebookAsync("comment", "grades", "Ada", "Late, but right.")).ExitCode);
        foreach (var (student, words) in (IEnumerable<(string, string)>)[("Cyd", "The idea is right."), ("Ada", "Late, but right."), ("Ada", "<strong>1.5</strong> of 2 points")])
            Assert.Contains(words, await File.ReadAllTextAsync(members.Of($"grades/feedback/{student}.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        File.Delete(members.Of("grades/results/squares/Ada.ipynb"));
        var incomplete = await GradebookAsync("comment", "grades", "Ada", "Once more.");
        Assert.Equal(1, incomplete.ExitCode);
        Assert.Contains("It is in the gradebook. Ada: the feedback page is not written anew", incomplete.Errors, StringComparison.Ordinal);
        var cyd = await GradebookAsync("show", "grades", "Cyd");
        Assert.Contains("1.5 of 2 points", cyd.Output, StringComparison.Ordinal);
        Assert.Contains("The idea is right.", cyd.Output, StringComparison.Ordinal);
        var csv = await File.ReadAllLinesAsync(members.Of("grades/grades.csv"), TestContext.Current.CancellationToken);
        Assert.Contains(csv, line => line.Contains(",Ada,", StringComparison.Ordinal) && line.EndsWith(",2,0.5,1.5,2,graded,2", StringComparison.Ordinal));

        Assert.Equal(0, (await GradebookAsync("export", "grades", "--format", "prairielearn")).ExitCode);
        Assert.Equal(0.75, (double)JsonNode.Parse(await File.ReadAllTextAsync(members.Of("grades/prairielearn/squares/Ada/results.json"), TestContext.Current.CancellationToken))!["score"]!);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task An_archive_is_graded_in_two_shards_that_are_joined()
    {
        LongTests.SkipUnlessWanted();
        members.HandInMany(4);
        ZipFile.CreateFromDirectory(members.HandedIn, members.Of("class.zip"));
        foreach (var shard in (string[])["1/2", "2/2"])
            Assert.Equal(0, (await CourseKitCommand.RunAsync(members.Path, "grade", "-r", members.Reference, "-s", "class.zip", "-o", $"part{shard[0]}", "--sandbox", "process", "--shard", shard)).ExitCode);
        var merged = await GradebookAsync("merge", "part1", "part2", "-o", "whole");
        Assert.True(merged.ExitCode == 0, merged.Errors);
        await members.GradeAsync("alone");
        var (alone, whole) = (await members.ContentsAsync("alone"), await members.ContentsAsync("whole"));
        Assert.Equal(4, JsonNode.Parse(whole)!["students"]!.AsArray().Count);
        Assert.Equal(Scores(alone), Scores(whole));
        Assert.Equal(4, Directory.GetFiles(members.Of("whole/feedback"), "*.html").Length);
    }

    [Fact]
    public async Task With_a_roster_who_handed_in_nothing_is_in_every_table_and_who_is_not_on_it_is_reported()
    {
        members.HandIn("Lovelace Ada", "x * x");
        members.HandIn("somebody else", "x + x");
        await File.WriteAllTextAsync(members.Of("participants.csv"), "First name,Last name,ID number,Email address\nAda,Lovelace,s1,ada@example.edu\nMarie,Curie,s2,marie@example.edu\n", TestContext.Current.CancellationToken);
        var graded = await members.GradeAsync("grades", "--roster", "participants.csv");
        Assert.True(graded.ExitCode == 0, graded.Errors);
        Assert.Contains("somebody else: nobody on the roster", graded.Errors, StringComparison.Ordinal);
        Assert.Contains("2 students, mean 1.5", graded.Output, StringComparison.Ordinal);
        Assert.Contains("1 of the roster handed in nothing", graded.Output, StringComparison.Ordinal);

        var shown = (await GradebookAsync("show", "grades")).Output.Split('\n');
        Assert.Contains(shown, line => line.Contains("s2 (Marie Curie)", StringComparison.Ordinal) && line.Contains("no submission", StringComparison.Ordinal));
        Assert.Contains(shown, line => line.Contains("somebody else", StringComparison.Ordinal) && line.Contains("not on the roster", StringComparison.Ordinal));
        var csv = await File.ReadAllLinesAsync(members.Of("grades/grades.csv"), TestContext.Current.CancellationToken);
        Assert.Contains(csv, line => line.Contains(",s2,Curie,Marie,marie@example.edu,0,0,0,2,no submission,0", StringComparison.Ordinal));
        Assert.Contains(csv, line => line.Contains(",Lovelace Ada,Lovelace,Ada,ada@example.edu,2,0,2,2,graded,2", StringComparison.Ordinal));
        Assert.Contains("s2 (Marie Curie)", await File.ReadAllTextAsync(members.Of("grades/report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var refused = await GradebookAsync("grade", "grades", "s2", "square", "1");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("s2 has handed in nothing for squares", refused.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, double)> Scores(string contents) =>
        JsonNode.Parse(contents)!["students"]!.AsArray().Select(row => ((string)row!["student"]!, (double)row["score"]!));

    [Fact]
    public async Task As_Gradescopes_autograder_it_writes_results_where_they_are_looked_for()
    {
        members.HandIn("homework", "x + x");
        Directory.CreateDirectory(members.Of("autograder"));
        Directory.Move(members.HandedIn, members.Of("autograder/submission"));
        await File.WriteAllTextAsync(members.Of("autograder/submission_metadata.json"), """
            {"id": 1, "created_at": "2026-11-19T14:22:32.365935-07:00", "users": [{"email": "ada@example.edu", "id": 2, "name": "Ada Lovelace"}], "assignment": {"due_date": "2026-11-20T23:00:00.000000-07:00"}}
            """, TestContext.Current.CancellationToken);
        var graded = await CourseKitCommand.RunAsync(members.Path, "grade", "-r", members.Reference, "-s", "autograder", "-o", "grades", "--sandbox", "process", "--jobs", "1");
        Assert.True(graded.ExitCode == 0, graded.Errors);
        var results = JsonNode.Parse(await File.ReadAllTextAsync(members.Of("autograder/results/results.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(1, (double)results["score"]!);
        Assert.Equal(2, (double)results["tests"]![0]!["max_score"]!);
        Assert.Contains("of three: failed", (string)results["tests"]![0]!["output"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_students_own_CI_the_exit_code_tells_whether_the_points_suffice()
    {
        members.HandIn("me", "x + x");
        Assert.Equal(0, (await members.GradeAsync("grades", "--fail-under", "50")).ExitCode);
        var under = await members.GradeAsync("grades", "--fail-under", "100");
        Assert.Equal(1, under.ExitCode);
        Assert.Contains("100 % of the points", under.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--shard wants a part", "--shard", "3/2")]
    [InlineData(2, "--memory wants a size", "--memory", "lots")]
    [InlineData(2, "--sandbox is bwrap, docker or process", "--sandbox", "jail")]
    [InlineData(2, "--jobs wants a number", "--jobs", "0")]
    [InlineData(2, "--due wants a time", "--due", "yesterday-ish")]
    [InlineData(2, "--format is gradescope or prairielearn", "--format", "word")]
    [InlineData(2, "there is no such notebook", "--reference", "missing.ipynb")]
    [InlineData(1, "no exercise sqare to grade again; it has square", "--regrade", "sqare")]
    [InlineData(1, "there is no such folder or file", "--submissions", "nowhere")]
    [InlineData(1, "there is no such roster", "--roster", "nobody.csv")]
    [InlineData(1, "no column says who is who", "--roster", "squares.ipynb")]
    public async Task Used_wrongly_it_says_how(int exitCode, string sentence, params string[] arguments)
    {
        members.HandIn("me", "x");
        string[] rest = [.. ((string[])["--reference", members.Reference, "--submissions", members.HandedIn]).Chunk(2).Where(pair => pair[0] != arguments[0]).SelectMany(pair => pair)];
        var answer = await CourseKitCommand.RunAsync(members.Path, ["grade", .. rest, .. arguments]);
        Assert.Equal(exitCode, answer.ExitCode);
        Assert.Contains(sentence, answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
    }
}
