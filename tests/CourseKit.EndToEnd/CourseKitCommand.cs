using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd;

/// <summary>The real command in a process of its own, as a user starts it.</summary>
internal static class CourseKitCommand
{
    public sealed record Answer(int ExitCode, string Output, string Errors)
    {
        public JsonNode Json => JsonNode.Parse(Output)!;
    }

    public static Task<Answer> RunAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    /// <summary>With environment variables of its own; null takes one away.</summary>
    public static async Task<Answer> RunAsync(string folder, Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new Answer(process.ExitCode, await output, await errors);
    }
}
