using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>Makes the outputs of a cell in the form that Jupyter keeps on disk.</summary>
internal static class OutputJson
{
    public static JsonObject Display(params ReadOnlySpan<(string MimeType, string Content)> forms)
    {
        var data = new JsonObject();
        foreach (var (mimeType, content) in forms)
            data[mimeType] = content;
        return new JsonObject { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
    }

    public static JsonObject Error(string name, string message) => new()
    {
        ["ename"] = name,
        ["evalue"] = message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray(message),
    };

    public static bool IsError(JsonObject output) => TypeOf(output) == "error";

    public static string TypeOf(JsonObject output) =>
        output["output_type"]?.GetValueKind() == JsonValueKind.String ? output["output_type"]!.GetValue<string>() : "";

    /// <summary>
    /// An output as it stands in a file: numbered, its text cut into lines, nothing transient left, fields in the order
    /// in which Jupyter writes them, so that saving the notebook there changes nothing.
    /// </summary>
    public static JsonObject ForDisk(JsonObject output, int executionCount)
    {
        var kept = (JsonObject)output.DeepClone();
        kept.Remove("transient");
        switch (TypeOf(kept))
        {
            case "stream":
                SplitLines(kept, "text");
                break;
            case "execute_result":
                kept["execution_count"] = executionCount;
                SplitTexts(kept);
                break;
            case "display_data":
                SplitTexts(kept);
                break;
        }

        return (JsonObject)InOrder(kept)!;
    }

    private static JsonNode? InOrder(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, InOrder(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(InOrder)]),
        _ => node?.DeepClone(),
    };

    private static void SplitTexts(JsonObject output)
    {
        if (output["data"] is not JsonObject data)
            return;
        foreach (var mimeType in data.Select(form => form.Key).Where(IsTextOnDisk).ToList())
            SplitLines(data, mimeType);
    }

    private static bool IsTextOnDisk(string mimeType) =>
        mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "application/javascript" or "image/svg+xml";

    private static void SplitLines(JsonObject owner, string name)
    {
        if (owner[name]?.GetValueKind() == JsonValueKind.String)
            owner[name] = MultilineText.Split(owner[name]!.GetValue<string>());
    }
}
