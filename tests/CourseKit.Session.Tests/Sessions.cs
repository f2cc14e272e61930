using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

/// <summary>Short ways to talk to a real worker process.</summary>
internal static class Sessions
{
    // No cell of these tests runs so long by itself, on whatever machine: a test about the limit sets its own.
    private static readonly TimeSpan s_unreached = TimeSpan.FromMinutes(30);

    public static Task<SessionClient> StartAsync(TimeSpan? cellTimeout = null, SessionOptions? options = null) => SessionClient.StartAsync(
        (options ?? new SessionOptions()) with { CellTimeout = cellTimeout ?? s_unreached },
        TestContext.Current.CancellationToken);

    public static Task<CellResult> RunAsync(this SessionClient session, string code, int cellNumber = 1, Action<JsonObject>? onOutput = null) =>
        session.ExecuteAsync(code, cellNumber, onOutput, TestContext.Current.CancellationToken);

    /// <summary>The plain text of the cell's value.</summary>
    public static string? Value(this CellResult result) =>
        (string?)result.Outputs.SingleOrDefault(output => (string?)output["output_type"] == "execute_result")?["data"]?["text/plain"];

    public static string Printed(this CellResult result, string stream = "stdout") => string.Concat(
        result.Outputs.Where(output => (string?)output["output_type"] == "stream" && (string?)output["name"] == stream).Select(output => (string?)output["text"]));

    public static JsonObject Error(this CellResult result) => Assert.Single(result.Outputs, output => (string?)output["output_type"] == "error");

    public static string[] Traceback(this CellResult result) => [.. result.Error()["traceback"]!.AsArray().Select(line => (string)line!)];

    /// <summary>The value of an expression in a session that must be fine.</summary>
    public static async Task<string?> ValueOfAsync(this SessionClient session, string expression)
    {
        var result = await session.RunAsync(expression, 99);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        return result.Value();
    }

    /// <summary>Does something at the first thing a cell shows or prints, and not again: not when its error comes.</summary>
    public static Action<JsonObject> WhenBegun(Action action)
    {
        var hasBegun = false;
        return _ =>
        {
            if (!hasBegun)
                action();
            hasBegun = true;
        };
    }
}
