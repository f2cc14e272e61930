using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

public class NbgraderChecksumTests
{
    /// <summary>Fixtures/checksums.json was printed by nbgrader's own code; see Fixtures/make_checksums.py.</summary>
    [Fact]
    public void Checksums_are_nbgraders_own()
    {
        var examples = JsonNode.Parse(File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "checksums.json")))!.AsArray();
        Assert.True(examples.Count > 30);

        foreach (var example in examples)
        {
            var given = example!["cell"]!;
            var kind = given["cell_type"]!.GetValue<string>() == "code" ? CellKind.Code : CellKind.Markdown;
            var cell = NotebookCell.Create(kind, given["source"]!.GetValue<string>());
            cell.Metadata["nbgrader"] = given["metadata"]!["nbgrader"]!.DeepClone();

            var checksum = NbgraderChecksum.Compute(cell, NbgraderMetadata.Read(cell)!);

            Assert.True(checksum == example["checksum"]!.GetValue<string>(), given.ToJsonString());
        }
    }

    [Fact]
    public void The_examples_hold_the_awkward_points_and_texts()
    {
        using var examples = JsonDocument.Parse(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "checksums.json")));
        var cells = examples.RootElement.EnumerateArray().Select(example => example.GetProperty("cell")).ToList();
        var points = cells
            .Select(cell => cell.GetProperty("metadata").GetProperty("nbgrader"))
            .Where(metadata => metadata.TryGetProperty("points", out _))
            .Select(metadata => metadata.GetProperty("points").GetDouble())
            .ToHashSet();

        Assert.Superset(new HashSet<double> { 0.5, 2, 1e22, 1e15, 1e16, 1e-4, 1e-5 }, points);
        Assert.Contains(cells, cell => cell.GetProperty("source").GetString()!.Contains("∂L/∂w", StringComparison.Ordinal));
    }
}
