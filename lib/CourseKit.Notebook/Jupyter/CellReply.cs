using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The contents of <c>execute_reply</c>.</summary>
internal static class CellReply
{
    public static JsonObject Ok(int number, JsonObject userExpressions, JsonArray payload) => new()
    {
        ["status"] = "ok",
        ["execution_count"] = number,
        ["user_expressions"] = userExpressions,
        ["payload"] = payload,
    };

    public static JsonObject Error(int number, JsonObject error)
    {
        var reply = OfError(error);
        reply["execution_count"] = number;
        reply["user_expressions"] = new JsonObject();
        reply["payload"] = new JsonArray();
        return reply;
    }

    public static JsonObject Aborted(int number) => new() { ["status"] = "aborted", ["execution_count"] = number };

    /// <summary>Any reply that is an error, from an output that is one.</summary>
    public static JsonObject OfError(JsonObject error) => new()
    {
        ["status"] = "error",
        ["ename"] = error["ename"]?.DeepClone(),
        ["evalue"] = error["evalue"]?.DeepClone(),
        ["traceback"] = error["traceback"]?.DeepClone(),
    };
}
