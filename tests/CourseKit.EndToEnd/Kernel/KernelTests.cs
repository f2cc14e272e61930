using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourseKit.EndToEnd.Kernel;

/// <summary>The real kernel process, driven by Jupyter's own client; the scenarios are written in Python, beside this file.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed partial class KernelTests(KernelScenarios scenarios) : IClassFixture<KernelScenarios>
{
    /// <summary>Every scenario that the script names in a list.</summary>
    public static TheoryData<string> Names => [.. ScenarioName().Matches(File.ReadAllText(KernelScenarios.Script)).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_kernel_keeps_its_promises_to_Jupyters_client(string scenario)
    {
        var results = await scenarios.RunAsync(RequiredTools.JupyterPython());
        Assert.True(results.TryGetValue(scenario, out var error), $"The scenario did not run. The script said:\n{scenarios.Errors}");
        Assert.True(error is null, error);
    }

    [GeneratedRegex(@"^ {8}([a-z]+_\w+),$", RegexOptions.Multiline)]
    private static partial Regex ScenarioName();
}

/// <summary>Runs all scenarios once, because a kernel is started for many of them together.</summary>
public sealed class KernelScenarios
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private static readonly TimeSpan LastWords = TimeSpan.FromMinutes(1);

    private Dictionary<string, string?>? _results;

    internal static string Script => Path.Combine(Checkout.Root, "tests", "CourseKit.EndToEnd", "Kernel", "kernel_scenarios.py");

    internal string Errors { get; private set; } = "";

    // The tests of a class run one after another.
    internal async Task<IReadOnlyDictionary<string, string?>> RunAsync(string python) => _results ??= await RunScriptAsync(python);

    private async Task<Dictionary<string, string?>> RunScriptAsync(string python)
    {
        using var process = Process.Start(new ProcessStartInfo(python, [Script, "dotnet", Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);

        // Something that the script left running may hold its pipes open; what the script itself said is in them by then.
        var ended = process.WaitForExitAsync(CancellationToken.None).ContinueWith(_ => patience.CancelAfter(LastWords), TaskScheduler.Default);
        var results = new Dictionary<string, string?>(StringComparer.Ordinal);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                var result = JsonNode.Parse(line)!;
                results[(string)result["scenario"]!] = (string?)result["error"];
            }

            Errors = await errors;
        }
        catch (OperationCanceledException)
        {
            // What has no result by now has failed.
            Errors = process.HasExited ? "It ended, and something that it started has not." : $"It did not end within {Patience}.";
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await ended;
        }

        return results;
    }
}
