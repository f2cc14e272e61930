using System.Text.Json.Nodes;

namespace CourseKit.Session.Output;

/// <summary>The outputs of nbformat 4.5, without execution_count, which the worker does not know.</summary>
internal static class Nbformat
{
    public const string StandardOutput = "stdout";
    public const string StandardError = "stderr";
    public const string DisplayData = "display_data";
    public const string UpdateDisplayData = "update_display_data";
    public const string ClearOutput = "clear_output";

    public static JsonObject Stream(string name, string text) => new()
    {
        ["output_type"] = "stream",
        ["name"] = name,
        ["text"] = text,
    };

    public static JsonObject Display(string outputType, string displayId, JsonObject data) => new()
    {
        ["output_type"] = outputType,
        ["data"] = data,
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    /// <summary>Takes away what the cell has shown: at once, or when the next output comes.</summary>
    public static JsonObject Clear(bool wait) => new() { ["output_type"] = ClearOutput, ["wait"] = wait };

    public static JsonObject Result(JsonObject data) => new()
    {
        ["output_type"] = "execute_result",
        ["data"] = data,
        ["metadata"] = new JsonObject(),
        ["execution_count"] = null,
    };

    public static JsonObject Error(string name, string value, IEnumerable<string> traceback) => new()
    {
        ["output_type"] = "error",
        ["ename"] = name,
        ["evalue"] = value,
        ["traceback"] = new JsonArray([.. traceback.Select(line => (JsonNode)line)]),
    };
}
