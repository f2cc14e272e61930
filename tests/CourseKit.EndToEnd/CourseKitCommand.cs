using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd;

/// <summary>The real command in a process of its own, as a user starts it.</summary>
internal static class CourseKitCommand
{
    /// <summary>The environment variable for where runs are kept.</summary>
    public const string Cache = "COURSEKIT_CACHE";

    public sealed record Answer(int ExitCode, string Output, string Errors)
    {
        public JsonNode Json => JsonNode.Parse(Output)!;
    }

    public static Task<Answer> RunAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    /// <summary>With environment variables of its own; null takes one away.</summary>
    /// <remarks>Runs are kept in a folder that goes with the command, unless a variable names another: a test neither uses nor leaves anything in the user's.</remarks>
    public static async Task<Answer> RunAsync(string folder, Dictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(folder, environment, arguments, out var cache);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new Answer(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        finally
        {
            if (Directory.Exists(cache))
                Directory.Delete(cache, recursive: true);
        }
    }

    /// <summary>As a process that a test can stop and kill: it hears a Ctrl-C also where the tests themselves were started in the background, which ignores it.</summary>
    public static Process Start(string folder, Dictionary<string, string?> environment, params string[] arguments) => Start(folder, environment, arguments, out _);

    private static Process Start(string folder, Dictionary<string, string?> environment, string[] arguments, out string cache)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Cache] = cache = Path.Combine(Path.GetTempPath(), $"coursekit-test-cache-{Guid.NewGuid():N}");
        // One that is killed would leave the runtime's own debugging pipes in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Signals.StartInterruptible(start);
    }
}
