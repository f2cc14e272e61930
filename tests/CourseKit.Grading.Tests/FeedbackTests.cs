using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

/// <summary>What a student reads, and what no reader's browser may be made to do.</summary>
public sealed class FeedbackTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&";

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-feedback-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static SubmissionResult Result(params ExerciseResult[] exercises) => new()
    {
        Student = "Ann",
        Assignment = "06-logistic-regression",
        SubmissionHash = "00",
        Sandbox = "bubblewrap",
        Exercises = exercises,
    };

    private static ExerciseResult Half => new()
    {
        Id = "step",
        Title = "The step neuron",
        Points = 1,
        Possible = 3,
        Status = ScoreStatus.Partial,
        VisibleParts =
        [
            new PartResult("fires at zero", 1, 1, PartStatus.Passed, ""),
            new PartResult("silent below", 0, 1, PartStatus.Failed, "Expected 0, got 1. Hint: a negative sum leaves it silent."),
        ],
        HiddenParts = [new PartResult("other inputs", 0, 1, PartStatus.Failed, "leaked-argument")],
    };

    private static ExerciseResult Manual => new() { Id = "why", Title = "Why?", Possible = 2, Status = ScoreStatus.NeedsManualGrade };

    private static IHtmlDocument Page(string html) => new HtmlParser().ParseDocument(html);

    private static IElement Exercise(IHtmlDocument page, string id) => page.GetElementById("exercise-" + id) ?? throw new InvalidOperationException(id);

    /// <summary>A notebook with an answer to "step" that left these outputs.</summary>
    private static NotebookDocument Executed(params string[] outputs)
    {
        var solution = Notebooks.Solution("step-solution", "double Step(double z) => z > 0 ? 1 : 0;");
        foreach (var output in outputs)
            solution.Outputs.Add(JsonNode.Parse(output));
        return Notebooks.Of(
            Notebooks.Text("# Neurons"),
            Notebooks.Text("## Exercise 1: the step neuron"),
            solution,
            Notebooks.Tests("step", 3, "Check.Exercise(\"step\")"),
            Notebooks.Answer("why", 2, "Because " + Hostile));
    }

    private static string Data(string mediaType, string content) => new JsonObject
    {
        ["output_type"] = "display_data",
        ["data"] = new JsonObject { [mediaType] = content },
        ["metadata"] = new JsonObject(),
    }.ToJsonString();

    [Fact]
    public void An_exercise_says_points_parts_and_the_authors_message()
    {
        var section = Exercise(Page(FeedbackPage.Write(Result(Half))), "step");

        Assert.Equal("The step neuron", section.QuerySelector("h2")!.TextContent);
        Assert.Contains("partly right", section.QuerySelector(".result")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 of 3 points", section.QuerySelector(".result")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["fires at zero", "silent below", "other inputs"], section.QuerySelectorAll(".parts .name").Select(name => name.TextContent));
        Assert.Equal("Expected 0, got 1. Hint: a negative sum leaves it silent.", section.QuerySelector(".message")!.TextContent);
    }

    [Fact]
    public void Of_a_hidden_test_only_name_status_and_points_are_shown()
    {
        var html = FeedbackPage.Write(Result(Half));

        Assert.DoesNotContain("leaked-argument", html, StringComparison.Ordinal);
        Assert.DoesNotContain("leaked-argument", ClassReport.Write([Result(Half)]), StringComparison.Ordinal);
        Assert.Contains("other inputs", Exercise(Page(html), "step").QuerySelectorAll("ul.parts")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_students_code_and_output_stand_with_the_exercise_and_link_to_the_section()
    {
        var page = Page(FeedbackPage.Write(Result(Half), Executed("""{"output_type":"stream","name":"stdout","text":"hello from my code"}"""), new FeedbackOptions { ChapterPage = new Uri("https://course.example/06.html") }));
        var section = Exercise(page, "step");

        Assert.Contains("double Step(double z)", section.QuerySelector("pre.code")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("hello from my code", section.QuerySelector(".outputs")!.TextContent, StringComparison.Ordinal);
        var links = section.QuerySelectorAll(".links a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal("https://course.example/06.html#exercise-1-the-step-neuron", links[0]);
        Assert.Equal("Exercise 1: the step neuron", page.GetElementById(links[1].TrimStart('#'))!.TextContent);
    }

    [Theory]
    [InlineData("text/html", "<script>alert(1)</script><p>shown</p>")]
    [InlineData("text/html", "</iframe><script>alert(1)</script>")]
    [InlineData("text/html", "\" onload=\"alert(1)")]
    [InlineData("text/markdown", "[a](javascript:alert(1)) <img src=x onerror=alert(1)>")]
    [InlineData("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>")]
    [InlineData("image/png", "\"><script>alert(1)</script>")]
    [InlineData("application/javascript", "alert(1)")]
    [InlineData("text/latex", "$</span><script>alert(1)</script>$")]
    [InlineData("text/plain", "<script>alert(1)</script>")]
    [InlineData("text/x-unknown\"><script>alert(1)</script>", "x")]
    public void No_output_brings_a_script_or_a_handler_into_the_page(string mediaType, string content)
    {
        var page = Page(FeedbackPage.Write(Result(Half), Executed(Data(mediaType, content))));

        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.All(page.QuerySelectorAll("iframe"), frame => Assert.Equal("", frame.GetAttribute("sandbox")));
        Assert.All(page.QuerySelectorAll("img"), picture => Assert.StartsWith("data:image/", picture.GetAttribute("src"), StringComparison.Ordinal));
        Assert.All(page.QuerySelectorAll("a"), link => Assert.StartsWith("#", link.GetAttribute("href"), StringComparison.Ordinal));
    }

    [Fact]
    public void Names_and_messages_are_text_and_nothing_else()
    {
        var result = Result(Half with
        {
            Title = Hostile,
            Message = Hostile,
            VisibleParts = [new PartResult(Hostile, 0, 1, PartStatus.Failed, Hostile)],
            HiddenParts = [new PartResult(Hostile, 0, 1, PartStatus.Failed, "")],
        }) with
        {
            Student = Hostile,
            Assignment = Hostile,
            Failure = Hostile,
            Flags = [new SubmissionFlag(SubmissionFlagKind.Tampered, Hostile, Hostile)],
        };
        var options = new FeedbackOptions { Comment = Hostile, Manual = new Dictionary<string, ManualFeedback> { ["step"] = new(2, Hostile) } };

        foreach (var html in (string[])[FeedbackPage.Write(result, Executed(), options), ClassReport.Write([result], new ClassReportOptions { PageOf = _ => Hostile })])
        {
            var page = Page(html);
            Assert.Empty(page.QuerySelectorAll("script, main img"));
            Assert.Contains(Hostile, page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_page_forbids_itself_everything_it_does_not_need()
    {
        foreach (var html in (string[])[FeedbackPage.Write(Result(Half), Executed()), ClassReport.Write([Result(Half)])])
        {
            var page = Page(html);
            var policy = page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")!;
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Assert.Contains("form-action 'none'", policy, StringComparison.Ordinal);
            Assert.Empty(page.QuerySelectorAll("script, link, iframe[src]"));
            Assert.Equal("width=device-width, initial-scale=1", page.QuerySelector("meta[name=viewport]")!.GetAttribute("content"));
        }
    }

    [Fact]
    public void Headings_descend_one_level_at_a_time_and_ids_are_unique()
    {
        var results = new[] { Result(Half, Manual), Result(Half, Manual) with { Student = "Ben" } };
        foreach (var html in (string[])[FeedbackPage.Write(results[0], Executed()), ClassReport.Write(results)])
        {
            var page = Page(html);
            var levels = page.QuerySelectorAll("h1,h2,h3,h4").Select(heading => heading.LocalName[1] - '0').ToList();
            Assert.Equal(1, levels[0]);
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}"));
            var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
            Assert.Equal(ids.Distinct(), ids);
            Assert.All(page.QuerySelectorAll("a[href^='#']"), link => Assert.NotNull(page.GetElementById(link.GetAttribute("href")![1..])));
        }
    }

    [Fact]
    public void An_exercise_for_a_person_waits_and_then_shows_grade_and_comment()
    {
        var waiting = Page(FeedbackPage.Write(Result(Half, Manual)));
        Assert.Contains("to be graded by a person", Exercise(waiting, "why").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 of 5 points", waiting.QuerySelector(".total")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("2 points of these are still to be given by a person", waiting.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);

        var graded = Page(FeedbackPage.Write(Result(Half, Manual), Executed(), new FeedbackOptions
        {
            Manual = new Dictionary<string, ManualFeedback> { ["why"] = new(1.5, "The formula is missing.") },
            LatePenalty = 0.5,
        }));
        Assert.Contains("1.5 of 2 points", Exercise(graded, "why").TextContent, StringComparison.Ordinal);
        Assert.Contains("The formula is missing.", Exercise(graded, "why").QuerySelector(".remark")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Because", Exercise(graded, "why").QuerySelector(".written")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("2 of 5 points", graded.QuerySelector(".total")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_oddity_is_explained_without_the_teachers_detail()
    {
        var flags = Enum.GetValues<SubmissionFlagKind>().Select(kind => new SubmissionFlag(kind, "step", "detail-for-the-teacher")).ToList();
        var html = FeedbackPage.Write(Result(Half) with { Flags = flags });

        Assert.DoesNotContain("detail-for-the-teacher", html, StringComparison.Ordinal);
        var explained = Page(html).QuerySelectorAll(".flags li").Select(item => item.TextContent).ToList();
        Assert.Equal(flags.Count, explained.Distinct().Count());
        Assert.All(explained, sentence => Assert.Contains("step", sentence, StringComparison.Ordinal));
        Assert.Contains("detail-for-the-teacher", ClassReport.Write([Result(Half) with { Flags = flags }]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScoreStatus.TimedOut, "a loop never ends")]
    [InlineData(ScoreStatus.Crashed, "calls itself")]
    [InlineData(ScoreStatus.NotRun, "had no turn")]
    [InlineData(ScoreStatus.Error, "could not be compiled")]
    public void A_status_without_result_is_explained(ScoreStatus status, string explanation) =>
        Assert.Contains(explanation, Exercise(Page(FeedbackPage.Write(Result(Half with { Status = status }))), "step").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Huge_outputs_are_cut_with_a_sentence()
    {
        var text = new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new string('x', 3_000_000) }.ToJsonString();
        var many = Enumerable.Repeat("""{"output_type":"display_data","data":{"text/plain":"again"},"metadata":{}}""", 5_000);
        var html = FeedbackPage.Write(Result(Half), Executed([text, Data("image/png", new string('A', 5_000_000)), Data("text/html", new string('y', 5_000_000)), .. many]));

        Assert.InRange(html.Length, 1, 200_000);
        var shown = Exercise(Page(html), "step").TextContent;
        Assert.Contains("characters are left out here", shown, StringComparison.Ordinal);
        Assert.Contains("An output of 5,000,000 characters is left out", shown, StringComparison.Ordinal);
        Assert.Contains("More outputs follow", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_heading_of_a_million_signs_and_ten_thousand_cells_still_make_a_page()
    {
        var document = Executed();
        document.Cells.Add(Notebooks.Text("# " + new string('#', 1_000_000) + new string(' ', 1_000_000) + "x"));
        for (var i = 0; i < 10_000; i++)
            document.Cells.Add(Notebooks.Code("// " + new string('z', 2_000)));

        var html = FeedbackPage.Write(Result(Half), document);

        Assert.InRange(html.Length, 1, 10_000_000);
        Assert.Contains("The rest of the notebook is left out", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_written_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.German;
            Assert.Contains("1.5 of 3 points", Page(FeedbackPage.Write(Result(Half with { Points = 1.5 }))).QuerySelector(".result")!.TextContent, StringComparison.Ordinal);
            var svg = Page(ClassReport.Write([Result(Half with { Points = 1.5 })])).QuerySelectorAll("svg rect");
            Assert.NotEmpty(svg);
            Assert.All(svg, bar => Assert.DoesNotContain(",", bar.OuterHtml, StringComparison.Ordinal));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_class_report_counts_points_statuses_parts_messages_and_flags()
    {
        var right = Half with { Points = 3, Status = ScoreStatus.Passed, VisibleParts = [.. Half.VisibleParts.Select(part => part with { Points = part.Possible, Status = PartStatus.Passed, Message = "" })], HiddenParts = [new PartResult("other inputs", 1, 1, PartStatus.Passed, "")] };
        ExerciseResult Wrong(string message) => Half with { VisibleParts = [Half.VisibleParts[0], Half.VisibleParts[1] with { Message = message }] };
        SubmissionResult[] results =
        [
            Result(right) with { Student = "Ann" },
            Result(Wrong("Expected 0, got 1.5.")) with { Student = "Ben" },
            Result(Wrong("Expected 0, got -27.")) with { Student = "Cem" },
            Result(Wrong("Your code threw FormatException.")) with { Student = "Dana", Flags = [new SubmissionFlag(SubmissionFlagKind.Missing, "data", "Put back.")] },
        ];

        var page = Page(ClassReport.Write(results));

        Assert.Contains("1.5 of 3 points on average", page.QuerySelector(".total")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("4 submissions; half of them have 1 point or more", page.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("0.9 to 1.2 points: 3", page.QuerySelector(".summary svg")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        var legend = page.QuerySelectorAll(".legend li").Select(item => item.TextContent).ToList();
        Assert.Contains(legend, item => item.Contains("passed 1", StringComparison.Ordinal));
        Assert.Contains(legend, item => item.Contains("partly right 3", StringComparison.Ordinal));
        Assert.Contains("silent below", page.QuerySelector("#hardest")!.ParentElement!.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);
        var messages = page.QuerySelector("#messages")!.ParentElement!.QuerySelectorAll("tbody tr").Select(row => row.Children[0].TextContent).ToList();
        Assert.Equal(["2", "1"], messages);
        Assert.Contains("Put back.", page.QuerySelector("#flags")!.ParentElement!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Ann", "Ben", "Cem", "Dana"], page.QuerySelector("#submissions")!.ParentElement!.QuerySelectorAll("tbody tr").Select(row => row.Children[0].TextContent));
    }

    [Fact]
    public void A_class_of_nobody_has_a_report_too() =>
        Assert.Contains("no submissions yet", ClassReport.Write([]), StringComparison.Ordinal);

    [Fact]
    public void All_pages_are_written_and_the_report_links_to_each()
    {
        string[] names = ["Ann", "Jürgen Groß", "a/b", "..", "CON", "Ann.", "<b>", "名前", new string('n', 500)];
        var results = names.Select(name => Result(Half) with { Student = name }).ToList();

        var report = FeedbackPages.WriteAll(folder, results, _ => Executed(), cancellationToken: TestContext.Current.CancellationToken);

        var page = Page(File.ReadAllText(report));
        var links = page.QuerySelectorAll("#submissions ~ * tbody a").Select(link => Uri.UnescapeDataString(link.GetAttribute("href")!)).ToList();
        Assert.Equal(names.Length, links.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(folder, link)), link));
        Assert.Equal(names.Length, Directory.GetFiles(Path.Combine(folder, "feedback")).Length);
        Assert.Contains("feedback/Jürgen Groß.html", links);
        Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
    }
}
