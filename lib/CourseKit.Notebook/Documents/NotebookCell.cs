using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Session.Magics;

namespace CourseKit.Notebook;

/// <summary>
/// One cell of a notebook: a face over its JSON, so that fields the kit knows nothing about stay where they are.
/// </summary>
public sealed class NotebookCell
{
    // Made when someone asks for them and the file has none; written only when something was put in.
    private JsonObject? _metadataToAdd;
    private JsonArray? _outputsToAdd;

    internal NotebookCell(JsonObject json) => Json = json;

    /// <summary>The cell's JSON.</summary>
    internal JsonObject Json { get; }

    /// <summary>The document the cell stands in, if any.</summary>
    internal NotebookDocument? Document { get; set; }

    /// <summary>Makes a code cell that stands in no document yet.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="id">Its id, 1 to 64 letters, digits, hyphens or underscores; a new random one by default.</param>
    public static NotebookCell CreateCode(string source, string? id = null) => Create(CellKind.Code, source, id);

    /// <summary>Makes a Markdown cell that stands in no document yet.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="id">Its id, 1 to 64 letters, digits, hyphens or underscores; a new random one by default.</param>
    public static NotebookCell CreateMarkdown(string source, string? id = null) => Create(CellKind.Markdown, source, id);

    /// <summary>Makes a cell that stands in no document yet.</summary>
    /// <param name="kind">What the cell is for.</param>
    /// <param name="source">Its text.</param>
    /// <param name="id">Its id, 1 to 64 letters, digits, hyphens or underscores; a new random one by default.</param>
    public static NotebookCell Create(CellKind kind, string source, string? id = null)
    {
        var json = new JsonObject { ["cell_type"] = NameOf(kind) };
        if (kind == CellKind.Code)
            json["execution_count"] = null;
        json["id"] = id ?? NewId();
        json["metadata"] = new JsonObject();
        if (kind == CellKind.Code)
            json["outputs"] = new JsonArray();
        json["source"] = MultilineText.Split(source);
        return new NotebookCell(json);
    }

    /// <summary>The id of nbformat 4.5; null in older files, which have none.</summary>
    public string? Id
    {
        get => Json["id"]?.GetValue<string>();
        set => Json["id"] = value;
    }

    /// <summary>What the cell is for. A type the kit does not know is kept and treated as raw.</summary>
    public CellKind Kind => Json["cell_type"]!.GetValue<string>() switch
    {
        "code" => CellKind.Code,
        "markdown" => CellKind.Markdown,
        _ => CellKind.Raw,
    };

    /// <summary>The cell's text, its lines joined.</summary>
    public string Source
    {
        get => MultilineText.Join(Json["source"]);
        set
        {
            if (value != Source)
                Json["source"] = MultilineText.Split(value);
        }
    }

    /// <summary>The cell's metadata: tags, nbgrader's fields, whatever an editor keeps there.</summary>
    public JsonObject Metadata => Json["metadata"] as JsonObject ?? (_metadataToAdd ??= []);

    /// <summary>The outputs of a code cell as nbformat keeps them. Other cells have none: their list stays empty.</summary>
    public JsonArray Outputs => Json["outputs"] as JsonArray ?? (_outputsToAdd ??= []);

    /// <summary>The pictures that a Markdown cell carries with it, by name; null where it has none.</summary>
    public JsonObject? Attachments => Json["attachments"] as JsonObject;

    /// <summary>The number of the run that made the outputs; null for a cell that was not run.</summary>
    public int? ExecutionCount
    {
        get => Json["execution_count"] is JsonValue value && value.TryGetValue<int>(out var count) ? count : null;
        set
        {
            if (value != ExecutionCount)
                Json["execution_count"] = value;
        }
    }

    /// <summary>The tags in the cell's metadata, such as <c>skip-execution</c>.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags
        ? [.. tags.Where(tag => tag?.GetValueKind() == JsonValueKind.String).Select(tag => tag!.GetValue<string>())]
        : [];

    /// <summary>
    /// The language of a code cell, in lower case (<c>csharp</c>, <c>html</c>): a first line such as <c>#!html</c>, else
    /// the cell's metadata, else the document's. Other cells are <c>markdown</c> or <c>raw</c>.
    /// </summary>
    public string Language => Kind switch
    {
        CellKind.Markdown => CellLanguages.Markdown,
        CellKind.Raw => "raw",
        _ => NotebookLanguages.OfCell(Source, Metadata) ?? Document?.Language ?? CellLanguages.CSharp,
    };

    /// <summary>A copy that stands in no document, with the same id, outputs and metadata.</summary>
    public NotebookCell Clone()
    {
        Settle();
        return new NotebookCell((JsonObject)Json.DeepClone());
    }

    /// <summary>Takes up what was put into metadata or outputs that the file did not have.</summary>
    internal void Settle()
    {
        if (_metadataToAdd is { Count: > 0 } && Json["metadata"] is null)
            Json["metadata"] = _metadataToAdd;
        if (_outputsToAdd is { Count: > 0 } && Json["outputs"] is null)
            Json["outputs"] = _outputsToAdd;
    }

    internal static string NewId() => Guid.NewGuid().ToString("N")[..8];

    private static string NameOf(CellKind kind) => kind switch
    {
        CellKind.Code => "code",
        CellKind.Markdown => "markdown",
        _ => "raw",
    };
}
