using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Tests;

/// <summary>Small notebooks as text and documents, and folders that vanish after a test.</summary>
internal static class NotebookText
{
    public const string Minimal = """
        {
         "cells": [],
         "metadata": {},
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    /// <summary>A notebook of cells made of JSON; the rest is what Jupyter writes.</summary>
    public static string WithCells(params string[] cells) =>
        $$$"""{"cells": [{{{string.Join(", ", cells)}}}], "metadata": {"kernelspec": {"language": "C#", "name": ".net-csharp", "display_name": ".NET (C#)"}}, "nbformat": 4, "nbformat_minor": 5}""";

    public static string CodeCell(string id, string source) =>
        new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = id,
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        }.ToJsonString();

    public static NotebookDocument Code(params string[] sources)
    {
        var document = NotebookDocument.Create("test.ipynb");
        foreach (var source in sources)
            document.Cells.Add(NotebookCell.CreateCode(source));
        return document;
    }

    public static NotebookDocument Markdown(string source)
    {
        var document = NotebookDocument.Create("test.ipynb");
        document.Cells.Add(NotebookCell.CreateMarkdown(source));
        return document;
    }

    /// <summary>A document whose only cell has one output.</summary>
    public static NotebookDocument Output(string output)
    {
        var document = Code("1");
        document.Cells[0].Outputs.Add(JsonNode.Parse(output));
        return document;
    }
}

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coursekit-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
