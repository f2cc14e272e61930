using System.Text.Json.Nodes;
using CourseKit.Session.Output;

namespace CourseKit.Notebook.Sessions;

/// <summary>Finds the output that an <c>update_display_data</c> means, in this cell or one before.</summary>
internal sealed class DisplayIndex
{
    // Weak: an output that its notebook dropped is nobody's any more.
    private readonly Dictionary<string, WeakReference<JsonObject>> _displays = new(StringComparer.Ordinal);

    /// <summary>Remembers what the notebook keeps of an output that can be updated.</summary>
    public void Add(JsonObject output, JsonObject kept)
    {
        if ((string?)output["output_type"] == Nbformat.DisplayData && DisplayId(output) is { } id)
            _displays[id] = new WeakReference<JsonObject>(kept);
    }

    public void Update(JsonObject update)
    {
        if (DisplayId(update) is not { } id || !_displays.TryGetValue(id, out var reference) || !reference.TryGetTarget(out var kept))
            return;
        kept["data"] = update["data"]?.DeepClone();
        kept["metadata"] = update["metadata"]?.DeepClone();
    }

    private static string? DisplayId(JsonObject output) => (string?)output["transient"]?["display_id"];
}
