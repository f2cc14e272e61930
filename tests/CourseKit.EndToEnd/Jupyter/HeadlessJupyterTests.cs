using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>Jupyter's programs without a window run chapters with this kernel and get what <c>coursekit run</c> gets.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class HeadlessJupyterTests(InstalledKernel kernel, ChapterRun run) : IClassFixture<InstalledKernel>
{
    // Two are enough: every one is run by other tests, and these are about the two ways to run them.
    public static TheoryData<string> Chapters => [.. ChaptersToCheck.All.Where(Checkout.IsChapter).Take(2)];

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task Nbclient_gets_the_outputs_of_coursekit_run(string chapter)
    {
        var python = RequiredTools.Python("nbclient", "python3-nbclient");
        var executed = kernel.Of($"nbclient-{chapter}");
        await kernel.RunAsync(python, InstalledKernel.Script("nbclient_run.py"), Path.Combine(Checkout.Notebooks, chapter), executed, Checkout.Notebooks);
        AssertLikeOurRun(chapter, executed);
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task Nbconvert_gets_the_outputs_of_coursekit_run(string chapter)
    {
        RequiredTools.Python("nbconvert", "jupyter-nbconvert");
        // nbconvert runs a notebook in the folder it lies in.
        var executed = kernel.Of($"nbconvert-{chapter}");
        await kernel.RunAsync("jupyter-nbconvert", "--execute", "--to", "notebook", "--ExecutePreprocessor.timeout=3600", "--output", executed, Path.Combine(Checkout.Notebooks, chapter));
        AssertLikeOurRun(chapter, executed);
    }

    private void AssertLikeOurRun(string chapter, string executed)
    {
        var (ours, theirs) = (Outputs(Path.Combine(run.Output, chapter)), Outputs(executed));
        Assert.NotEmpty(ours);
        Assert.Contains(ours, cell => cell.Outputs.Contains("application/vnd.plotly.v1", StringComparison.Ordinal));
        Assert.Equal(ours.Select(cell => cell.Id), theirs.Select(cell => cell.Id));
        foreach (var (our, their) in ours.Zip(theirs))
            Assert.True(our.Outputs == their.Outputs, Difference(our.Id, our.Outputs, their.Outputs));
    }

    private static string Difference(string cell, string ours, string theirs)
    {
        var at = ours.Zip(theirs).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{cell} differs at character {at}.\nOurs:   {Around(ours)}\nTheirs: {Around(theirs)}";

        string Around(string text) => text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 100)];
    }

    private static List<(string Id, string Outputs)> Outputs(string notebook) =>
    [
        .. JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code")
            .Select(cell => ((string)cell!["id"]!, Canonical(cell["outputs"]!.AsArray()).ToJsonString())),
    ];

    /// <summary>One form for what nbformat allows in several: text as one string, consecutive pieces of a stream as one, keys in order, numbers by their value.</summary>
    private static JsonArray Canonical(JsonArray outputs)
    {
        var joined = new JsonArray();
        foreach (var output in outputs.Select(output => Sorted(output)!.AsObject()))
        {
            if (output["data"] is JsonObject bundle)
                foreach (var type in bundle.Select(part => part.Key).Where(type => !type.EndsWith("json", StringComparison.Ordinal)).ToArray())
                    bundle[type] = Text(bundle[type]);
            if (output["text"] is { } text)
                output["text"] = Text(text);
            if (joined.LastOrDefault() is JsonObject last && (string?)last["output_type"] == "stream" && (string?)output["name"] == (string?)last["name"])
                last["text"] = (string)last["text"]! + (string)output["text"]!;
            else
                joined.Add(output);
        }

        return joined;
    }

    private static string? Text(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)text;

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        // 1e-07 and 1E-07 are one number: every program writes it in its own way.
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(value.GetValue<double>()),
        _ => node?.DeepClone(),
    };
}
