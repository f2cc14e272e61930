using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>
/// A Jupyter notebook (nbformat 4). Whatever the kit does not understand is kept; a notebook that nobody changed is
/// written back byte for byte.
/// </summary>
/// <remarks>A document is not safe for use by several threads at once.</remarks>
public sealed class NotebookDocument
{
    private readonly byte[] _original;
    private readonly JsonObject _root;
    private JsonObject? _metadataToAdd;

    internal NotebookDocument(string name, byte[] original, JsonObject root, string? path = null)
    {
        Name = name;
        Path = path;
        _original = original;
        _root = root;
        Cells = new NotebookCellList(this, (JsonArray)root["cells"]!);
    }

    /// <summary>The notebook's name in messages: the path it was loaded from, or the name it was parsed with.</summary>
    public string Name { get; }

    /// <summary>The full path of the file it was loaded from; null for a notebook that came from elsewhere.</summary>
    public string? Path { get; }

    /// <summary>The minor version of the format: 5 in nbformat 4.5.</summary>
    public int FormatMinor => _root["nbformat_minor"] is JsonValue value && value.TryGetValue<int>(out var minor) ? minor : 0;

    /// <summary>The document's metadata: kernel, language, whatever an editor keeps there.</summary>
    public JsonObject Metadata => _root["metadata"] as JsonObject ?? (_metadataToAdd ??= []);

    /// <summary>The cells in their order; insert and remove here.</summary>
    public NotebookCellList Cells { get; }

    /// <summary>
    /// The language of the cells that do not name one, in lower case (<c>csharp</c>, <c>python</c>); <c>csharp</c> where
    /// the document does not say.
    /// </summary>
    public string Language => NotebookLanguages.OfDocument(Metadata);

    /// <summary>Makes an empty notebook for C#.</summary>
    /// <param name="name">Its name in messages.</param>
    public static NotebookDocument Create(string name = "notebook")
    {
        var root = new JsonObject
        {
            ["cells"] = new JsonArray(),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject
                {
                    ["display_name"] = ".NET (C#)",
                    ["language"] = "C#",
                    ["name"] = ".net-csharp",
                },
                ["language_info"] = new JsonObject
                {
                    ["file_extension"] = ".cs",
                    ["mimetype"] = "text/x-csharp",
                    ["name"] = "C#",
                    ["pygments_lexer"] = "csharp",
                    ["version"] = "13.0",
                },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return new NotebookDocument(name, original: [], root);
    }

    /// <summary>Reads a notebook from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How strictly to read; strictly by default.</param>
    /// <exception cref="NotebookFormatException">The file is no notebook this kit can read; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be read at all.</exception>
    public static NotebookDocument Load(string path, NotebookReadOptions? options = null) =>
        NotebookReader.Load(path, options ?? new NotebookReadOptions());

    /// <summary>Reads a notebook from text.</summary>
    /// <param name="text">The content of an .ipynb file.</param>
    /// <param name="name">What messages call the notebook.</param>
    /// <param name="options">How strictly to read; strictly by default.</param>
    /// <exception cref="NotebookFormatException">The text is no notebook this kit can read; the message says why.</exception>
    public static NotebookDocument Parse(string text, string name, NotebookReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NotebookReader.Read(Encoding.UTF8.GetBytes(text), name, options ?? new NotebookReadOptions());
    }

    /// <summary>Writes the notebook: into a new file beside it, then renamed, so that no half-written file is ever seen.</summary>
    /// <param name="path">Where the file shall stand; its folder is made where it is missing.</param>
    public void Save(string path) => AtomicFile.Write(path, WriteTo);

    /// <summary>The notebook as it would be saved.</summary>
    public string ToText()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the notebook to a stream, in UTF-8.</summary>
    /// <param name="stream">Where to.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!IsChanged)
        {
            stream.Write(_original);
            return;
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        JupyterJson.Write(writer, _root);
    }

    /// <summary>An independent copy of the notebook as it is now.</summary>
    public NotebookDocument Clone()
    {
        Settle();
        return new NotebookDocument(Name, _original, (JsonObject)_root.DeepClone(), Path);
    }

    /// <summary>
    /// Gives every cell an id and marks the document as nbformat 4.5, as Jupyter does when it opens an older one.
    /// Documents of that version are left alone.
    /// </summary>
    public void EnsureCellIds()
    {
        if (FormatMinor >= 5)
            return;
        foreach (var cell in Cells)
            cell.Id ??= NotebookCell.NewId();
        _root["nbformat_minor"] = 5;
    }

    /// <summary>Whether anything differs from what was read; a changed order of fields does not count.</summary>
    private bool IsChanged
    {
        get
        {
            Settle();
            return _original.Length == 0 || !JsonNode.DeepEquals(NotebookReader.ParseJson(_original), _root);
        }
    }

    private void Settle()
    {
        if (_metadataToAdd is { Count: > 0 } && _root["metadata"] is null)
            _root["metadata"] = _metadataToAdd;
        foreach (var cell in Cells)
            cell.Settle();
    }
}
