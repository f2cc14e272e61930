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

    /// <summary>
    /// The same with a compiler that others have warmed up: for a test that wants a session of its own and does not care who
    /// compiles. A compiler is free again when the session it compiled for has ended; all end with this process.
    /// </summary>
    public static async Task<SessionClient> StartWarmAsync(TimeSpan? cellTimeout = null, SessionOptions? options = null)
    {
        var session = await StartAsync(cellTimeout, (options ?? new SessionOptions()) with { BorrowsCompiler = true });
        CompilerProcess? compiler;
        lock (s_compilers)
        {
            compiler = s_compilers.Find(entry => !entry.User.IsAlive && entry.Compiler is { IsAlive: true, IsIdle: true }).Compiler;
            if (compiler is not null)
                Note(compiler, session);
        }

        if (compiler is null)
        {
            compiler = await CompilerProcess.StartAsync(new SessionOptions(), TestContext.Current.CancellationToken);
            lock (s_compilers)
                Note(compiler, session);
        }

        await session.UseCompilerAsync(compiler, TestContext.Current.CancellationToken);
        return session;

        static void Note(CompilerProcess compiler, SessionClient user)
        {
            s_compilers.RemoveAll(entry => entry.Compiler == compiler);
            s_compilers.Add((compiler, user));
        }
    }

    private static readonly List<(CompilerProcess Compiler, SessionClient User)> s_compilers = [];

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
