using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

/// <summary>Nothing of a solution, a hidden test, a mark scheme or a mutant reaches a student, wherever a copy lies.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Secret = "var fires = z >= 0; // secret-of-the-step";

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-secrets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Chapters => [.. Directory.EnumerateFiles(NotebookFolder, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string NotebookFolder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "CourseKit.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("Run the tests from a checkout.");
            return Path.Combine(folder.FullName, "notebooks");
        }
    }

    private static NotebookCell Plain(NotebookDocument document) => document.Cells.First(cell => cell.Kind == CellKind.Markdown && cell.Metadata.Count == 0);

    /// <summary>Places where editors, extensions and authors leave copies.</summary>
    public static TheoryData<string> HidingPlaces => [.. Hide.Keys];

    private static readonly Dictionary<string, Action<NotebookDocument>> Hide = new()
    {
        ["metadata of the solution's cell"] = document => document.Cells.First(cell => cell.Source.Contains(Secret, StringComparison.Ordinal)).Metadata["extension"] = new JsonObject { ["backup"] = new JsonArray("double Step(double z)", "   " + Secret) },
        ["metadata of another cell"] = document => Plain(document).Metadata["note"] = "see: " + Secret,
        ["a name in the metadata"] = document => Plain(document).Metadata[Secret] = 1,
        ["tags"] = document => Plain(document).Metadata["tags"] = new JsonArray("keep", Secret),
        ["the notebook's metadata"] = document => document.Metadata["history"] = new JsonArray(new JsonObject { ["code"] = Secret }),
        ["an HTML comment"] = document => Plain(document).Source += "\n<!-- the answer:\n    " + Secret + "\n-->",
        ["an HTML comment without an end"] = document => Plain(document).Source += "\n<!-- " + Secret,
        ["an attachment that is shown"] = document => Attach(document, Convert.ToBase64String(Encoding.UTF8.GetBytes($"<svg><text>{Secret}</text></svg>"))),
        ["an attachment as text"] = document => Attach(document, Secret),
    };

    private static void Attach(NotebookDocument document, string content)
    {
        var index = document.Cells.IndexOf(Plain(document));
        var drawing = JsonNode.Parse("""{"cells":[{"cell_type":"markdown","id":"drawing","metadata":{},"attachments":{"a.svg":{}},"source":"![a](attachment:a.svg)"}],"metadata":{},"nbformat":4,"nbformat_minor":5}""")!;
        drawing["cells"]![0]!["attachments"]!["a.svg"]!["image/svg+xml"] = content;
        document.Cells.Insert(index, NotebookDocument.Parse(drawing.ToJsonString(), "drawing").Cells[0].Clone());
    }

    [Theory]
    [MemberData(nameof(HidingPlaces))]
    public void A_copy_of_the_solution_is_found_and_the_release_refused(string place)
    {
        var chapter = Notebooks.Chapter();
        Hide[place](chapter);

        var refusal = Assert.Throws<ReleaseRefusedException>(() => ReleaseNotebook.Strip(chapter));

        var problem = Assert.Single(refusal.Problems);
        Assert.Contains("secret-of-the-step", problem.Message, StringComparison.Ordinal);
        Assert.Contains("students must not see", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"other inputs\"")] // the public name of a hidden part, in the lines taken out
    [InlineData("secret-mark-scheme: one point for the bias")]
    [InlineData("Because the weighted sum is negative: secret-written-answer.")]
    public void Hidden_tests_mark_schemes_and_written_answers_are_looked_for_as_well(string secret)
    {
        var chapter = Notebooks.Chapter();
        var line = chapter.Cells.SelectMany(cell => cell.Source.Split('\n')).First(line => line.Contains(secret, StringComparison.Ordinal)).Trim();
        Plain(chapter).Metadata["note"] = line;

        Assert.Throws<ReleaseRefusedException>(() => ReleaseNotebook.Strip(chapter));
    }

    [Fact]
    public void Outputs_are_taken_out_of_cells_of_every_kind()
    {
        var text = Notebooks.Chapter().ToText();
        var json = JsonNode.Parse(text)!;
        foreach (var cell in json["cells"]!.AsArray())
            cell!["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = Secret });
        var chapter = NotebookDocument.Parse(json.ToJsonString(), "chapter.ipynb");

        Assert.DoesNotContain("secret", ReleaseNotebook.Strip(chapter).ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mutant_in_a_notebook_is_found_too()
    {
        var chapter = Notebooks.Chapter();
        Plain(chapter).Metadata["todo"] = "fires everywhere, whatever z is";
        var path = Path.Combine(folder, "chapter.ipynb");
        chapter.Save(path);
        await File.WriteAllTextAsync(MutantFile.PathFor(path), """
            {"version": 1, "exercises": [{"id": "step", "mutants": [{"name": "fires everywhere, whatever z is", "cell": "step-solution", "solution": ["    return 1;"]}]}]}
            """, TestContext.Current.CancellationToken);

        var report = await ReleaseNotebook.ReleaseAsync(path, Path.Combine(folder, "release"), new ReleaseOptions { Verify = false }, TestContext.Current.CancellationToken);

        Assert.False(report.Accepted);
        Assert.False(File.Exists(report.Target));
        Assert.Contains("fires everywhere", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public void In_a_released_chapter_there_is_nothing_that_only_the_reference_or_a_mutant_has(string chapter)
    {
        var path = Path.Combine(NotebookFolder, chapter);
        var reference = NotebookDocument.Load(path);
        var release = ReleaseNotebook.Strip(reference);
        var shown = release.Cells.SelectMany(cell => cell.Source.Split('\n')).Select(line => line.Trim()).ToHashSet(StringComparer.Ordinal);
        var mutants = MutantFile.Load(MutantFile.PathFor(path)).Exercises.SelectMany(exercise => exercise.Mutants).ToList();
        var secrets = reference.Cells.SelectMany(cell => cell.Source.Split('\n'))
            .Concat(mutants.SelectMany(mutant => mutant.Solution)).Concat(mutants.Select(mutant => mutant.Name))
            .Select(line => line.Trim()).Where(line => line.Length >= 12 && !shown.Contains(line)).Distinct().ToList();
        Assert.True(secrets.Count > 50, $"only {secrets.Count} secrets to look for");

        // In everything but the sources a secret may not even be part of a line.
        var json = JsonNode.Parse(release.ToText())!;
        foreach (var cell in json["cells"]!.AsArray())
            cell!.AsObject().Remove("source");
        var rest = json.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, rest, StringComparison.Ordinal));
        foreach (var marker in (string[])["BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME"])
            Assert.DoesNotContain(marker, release.ToText(), StringComparison.Ordinal);
    }
}
