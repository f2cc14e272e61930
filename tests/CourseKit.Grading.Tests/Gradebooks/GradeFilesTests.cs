using AngleSharp.Html.Parser;

namespace CourseKit.Grading.Tests.Gradebooks;

/// <summary>What people and platforms read says what the gradebook says, also after a person has entered something.</summary>
public sealed class GradeFilesTests : IDisposable
{
    private readonly ClassFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private string Page(string student) => Path.Combine(fixture.Grades.Path, "feedback", student + ".html");

    private string Report => Path.Combine(fixture.Grades.Path, "report.html");

    private static string Read(string path) => new HtmlParser().ParseDocument(File.ReadAllText(path)).Body!.TextContent;

    private async Task<GradeFilesReport> WriteAsync(GradeFilesOptions options, Action<Gradebook>? enter = null)
    {
        using var gradebook = await Gradebook.OpenToWriteAsync(fixture.Grades, TestContext.Current.CancellationToken);
        enter?.Invoke(gradebook);
        return GradeFiles.Write(gradebook, options, TestContext.Current.CancellationToken);
    }

    private static GradeFilesOptions Of(string student) => new() { Assignment = "chapter", Students = new HashSet<string> { student } };

    [Fact]
    public async Task What_a_person_enters_stands_on_the_students_page_in_the_report_the_tables_and_results_json()
    {
        fixture.HandIn("ann", "step=3");
        fixture.HandIn("bob", "step=1");
        await fixture.GradeAsync();
        await WriteAsync(new GradeFilesOptions { Platform = CoursePlatform.Gradescope });
        var bob = await File.ReadAllTextAsync(Page("bob"), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(Page("bob"), DateTime.UnixEpoch);

        var written = await WriteAsync(Of("ann"), gradebook =>
        {
            gradebook.SetManualGrade("ann", "chapter", "why", 1.5);
            gradebook.AddComment("ann", "chapter", "why", "Well argued, <b>Ann</b>.\nThe second line.");
            gradebook.AddComment("ann", "chapter", "", "See me.");
            gradebook.SetLatePenalty("ann", "chapter", 0.25);
        });

        Assert.Empty(written.Problems);
        var page = Read(Page("ann"));
        foreach (var words in (string[])["Well argued, <b>Ann</b>.\nThe second line.", "See me.", "4.25 of 9.5 points", "1.5 of 2 points", "0.25 points taken off"])
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains("2.63 of 9.5 points on average", Read(Report), StringComparison.Ordinal);
        Assert.Contains(",4.5,0.25,4.25,9.5,", await File.ReadAllTextAsync(fixture.Grades.GradesCsv, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("1.5 of 2 points", await File.ReadAllTextAsync(fixture.Grades.JUnit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("Comment: Well argued", await File.ReadAllTextAsync(fixture.Grades.PlatformResultsOf(CoursePlatform.Gradescope, "chapter", "ann"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Grades.PlatformResultsOf(CoursePlatform.PrairieLearn, "chapter")));

        // Nobody else's page is touched.
        Assert.Equal(bob, await File.ReadAllTextAsync(Page("bob"), TestContext.Current.CancellationToken));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Page("bob")));
        Assert.DoesNotContain(written.Files, file => file.Contains("bob", StringComparison.Ordinal));
        Assert.All(written.Files, file => Assert.True(File.Exists(file), file));
        Assert.Empty(Directory.EnumerateFiles(fixture.Grades.Path, ".*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(false, ".ipynb cannot be read")]
    [InlineData(true, ".json cannot be read")]
    public async Task Where_a_page_lacks_what_it_is_made_from_it_stays_and_a_sentence_says_which_command_makes_it(bool lacksResult, string sentence)
    {
        fixture.HandIn("ann", "step=3");
        fixture.HandIn("bob", "step=1");
        await fixture.GradeAsync();
        await WriteAsync(new GradeFilesOptions());
        var before = await File.ReadAllTextAsync(Page("ann"), TestContext.Current.CancellationToken);
        File.Delete(lacksResult ? fixture.Grades.ResultOf("chapter", "ann") : fixture.Grades.ExecutedOf("chapter", "ann"));

        var written = await WriteAsync(Of("ann"), gradebook => gradebook.AddComment("ann", "chapter", "", "See me."));

        var problem = Assert.Single(written.Problems);
        Assert.StartsWith("ann: the feedback page is not written anew", problem, StringComparison.Ordinal);
        Assert.Contains(sentence, problem, StringComparison.Ordinal);
        Assert.Contains($"coursekit grade --reference NOTEBOOK --submissions FOLDER -o {fixture.Grades.Path} --force", problem, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Page("ann"), TestContext.Current.CancellationToken));
        Assert.Contains(Report, written.Files);

        // The command that it names makes the page.
        await fixture.GradeAsync(options: new ClassGradingOptions { Force = true });
        Assert.Empty((await WriteAsync(Of("ann"))).Problems);
        Assert.Contains("See me.", Read(Page("ann")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_a_second_assignment_have_a_place_of_their_own_and_those_of_the_first_keep_theirs()
    {
        fixture.HandIn("ann", "step=3");
        await fixture.GradeAsync();
        await WriteAsync(new GradeFilesOptions());
        fixture.Reference = GradingReference.From(Notebooks.Chapter(), "appendix");
        await fixture.GradeAsync();
        await WriteAsync(new GradeFilesOptions { Assignment = "appendix" });

        await WriteAsync(Of("ann"), gradebook => gradebook.AddComment("ann", "chapter", "", "Of the chapter."));
        await WriteAsync(Of("ann") with { Assignment = "appendix" }, gradebook => gradebook.AddComment("ann", "appendix", "", "Of the appendix."));

        Assert.Contains("Of the chapter.", Read(Page("ann")), StringComparison.Ordinal);
        Assert.Contains("Of the appendix.", Read(Path.Combine(fixture.Grades.Path, "reports", "appendix", "feedback", "ann.html")), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(fixture.Grades.Path, "ann.html", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task All_files_of_a_student_have_one_name_and_keep_it_when_somebody_of_nearly_the_same_name_joins()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the class itself cannot hold both files.");
        string[] names = ["ann", "Ann", "Zoë", "Zoë".Normalize(System.Text.NormalizationForm.FormD), "CON", "a:b"];
        fixture.HandIn("ann", "step=1");
        await fixture.GradeAsync();
        await WriteAsync(new GradeFilesOptions());
        foreach (var name in names[1..])
            fixture.HandIn(name, "step=2");
        var grader = new ClassFixture.CountingGrader(fixture);
        await fixture.GradeAsync(grader);
        await WriteAsync(new GradeFilesOptions { Platform = CoursePlatform.Gradescope });

        // On a case-insensitive disk that takes all ways to put a letter together for one, each has a file of its own.
        var rows = fixture.Rows().Select(row => row.Student.Id).ToList();
        Assert.Equal(rows.Count - 1, grader.Graded);
        var results = NamesIn(fixture.Grades.ResultsOf("chapter"), "*.json");
        Assert.Equal(rows.Count, results.Select(name => name.Normalize(System.Text.NormalizationForm.FormD)).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("ann", results);
        Assert.Equal(results, NamesIn(fixture.Grades.ResultsOf("chapter"), "*.ipynb"));
        Assert.Equal(results, NamesIn(Path.Combine(fixture.Grades.Path, "feedback"), "*.html"));
        Assert.Equal(results, Directory.GetDirectories(fixture.Grades.PlatformResultsOf(CoursePlatform.Gradescope, "chapter")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
        var links = new HtmlParser().ParseDocument(await File.ReadAllTextAsync(Report, TestContext.Current.CancellationToken))
            .QuerySelectorAll("a[href^='feedback/']").Select(link => Path.GetFileNameWithoutExtension(Uri.UnescapeDataString(link.GetAttribute("href")!))).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(results, links);
    }

    private static List<string> NamesIn(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];
}
