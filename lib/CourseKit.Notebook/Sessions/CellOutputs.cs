using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Session.Output;

namespace CourseKit.Notebook.Sessions;

/// <summary>Gathers a cell's outputs as a notebook keeps them: streams joined, displays updated where they stand.</summary>
/// <param name="displays">Everything on the page that can be updated, of this cell and those before.</param>
internal sealed class CellOutputs(DisplayIndex displays)
{
    private readonly List<JsonObject> _outputs = [];
    private readonly StringBuilder _text = new();
    private string? _stream;
    private bool _clearsWithNext;

    /// <summary>Takes an output as the worker sent it.</summary>
    public void Add(JsonObject output)
    {
        if (_clearsWithNext && (string?)output["output_type"] != Nbformat.UpdateDisplayData)
            Clear();
        switch ((string?)output["output_type"])
        {
            case "stream":
                AddText((string?)output["name"] ?? Nbformat.StandardOutput, (string?)output["text"] ?? "");
                break;
            case Nbformat.ClearOutput:
                if ((bool?)output["wait"] == true)
                    _clearsWithNext = true;
                else
                    Clear();
                break;
            case Nbformat.UpdateDisplayData:
                displays.Update(output);
                break;
            default:
                EndStream();
                var kept = output.DeepClone().AsObject();
                kept.Remove("transient");
                displays.Add(output, kept);
                _outputs.Add(kept);
                break;
        }
    }

    public IReadOnlyList<JsonObject> ToList()
    {
        EndStream();
        return [.. _outputs];
    }

    private void AddText(string stream, string text)
    {
        if (stream != _stream)
            EndStream();
        _stream = stream;
        _text.Append(text);
    }

    private void Clear()
    {
        _text.Clear();
        _stream = null;
        _outputs.Clear();
        _clearsWithNext = false;
    }

    private void EndStream()
    {
        if (_text.Length > 0)
            _outputs.Add(Nbformat.Stream(_stream!, _text.ToString()));
        _text.Clear();
        _stream = null;
    }
}
