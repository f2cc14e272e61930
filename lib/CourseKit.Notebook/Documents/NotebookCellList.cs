using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>The cells of a document in their order. What is inserted or removed here changes the document.</summary>
public sealed class NotebookCellList : Collection<NotebookCell>
{
    private readonly NotebookDocument _document;
    private readonly JsonArray _json;

    internal NotebookCellList(NotebookDocument document, JsonArray json)
    {
        _document = document;
        _json = json;
        foreach (var cell in json)
            Items.Add(new NotebookCell((JsonObject)cell!) { Document = document });
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, NotebookCell item)
    {
        Adopt(item);
        _json.Insert(index, item.Json);
        base.InsertItem(index, item);
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, NotebookCell item)
    {
        if (ReferenceEquals(this[index], item))
            return;
        Adopt(item);
        this[index].Document = null;
        _json[index] = item.Json;
        base.SetItem(index, item);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        this[index].Document = null;
        _json.RemoveAt(index);
        base.RemoveItem(index);
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        foreach (var cell in this)
            cell.Document = null;
        _json.Clear();
        base.ClearItems();
    }

    private void Adopt(NotebookCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        if (cell.Document is not null)
            throw new InvalidOperationException("The cell already stands in a document: insert a copy of it (Clone).");
        cell.Document = _document;
        if (cell.Id is not null)
            _document.EnsureCellIds();
    }
}
