using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CourseKit.Cli.Tests;

/// <summary>The benchmark as a user starts it. What it measures is not asserted: a machine is as fast as it is.</summary>
public class BenchCommandTests
{
    private static readonly string[] Members = ["workload", "threads", "ours_us", "peer", "peer_us", "ratio"];

    private static async Task<(int ExitCode, string Output, string Errors)> BenchAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll"), "bench", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("matmul n = 64")]
    public async Task Each_row_holds_our_time_and_the_peers_where_there_is_one(string filter)
    {
        var (exitCode, output, errors) = await BenchAsync("--filter", filter, "--threads", "1", "--rounds", "1", "--json");
        Assert.True(exitCode == 0, errors);
        var rows = JsonNode.Parse(output)!.AsArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows.Select(row => row!.AsObject()))
        {
            Assert.Empty(row.Select(member => member.Key).Except(Members));
            Assert.Contains(filter, (string)row["workload"]!, StringComparison.Ordinal);
            Assert.True((double)row["ours_us"]! > 0);
            if (row["peer"] is not null)
                Assert.Equal((double)row["peer_us"]! / (double)row["ours_us"]!, (double)row["ratio"]!, tolerance: 0.02 * (double)row["ratio"]!);
        }
    }

    [Fact]
    public async Task Without_the_peer_our_figures_stand_alone_and_it_says_what_to_install()
    {
        var (exitCode, output, _) = await BenchAsync("--filter", "logistic", "--threads", "1", "--rounds", "1", "--python", "no-such-python");
        Assert.Equal(0, exitCode);
        Assert.Contains("No Python with PyTorch was found", output, StringComparison.Ordinal);
        Assert.Contains("python3-torch", output, StringComparison.Ordinal);
        Assert.Contains("logistic regression 4-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_explained_and_one_for_trying_is_measured_beside_the_processor()
    {
        var (exitCode, _, errors) = await BenchAsync("--device", "cuda:77");
        Assert.Equal(2, exitCode);
        Assert.Contains("There is no device named \"cuda:77\" here", errors, StringComparison.Ordinal);
        if (GpuSupport.Missing is { } reason)
            Assert.Skip(reason);
        (exitCode, var output, errors) = await BenchAsync("--device", "simulator", "--filter", "overtaking: MLP 784-128-10, batch 1,", "--rounds", "1", "--json");
        Assert.True(exitCode == 0, errors);
        var row = Assert.Single(JsonNode.Parse(output)!.AsArray())!;
        Assert.Equal("simulator", (string)row["threads"]!);
        Assert.Equal("CourseKit on the CPU", (string)row["peer"]!);
    }

    [Fact]
    public async Task Kernels_are_not_measured_without_a_front_end_and_it_says_what_to_install()
    {
        var (exitCode, output, errors) = await BenchAsync("--filter", "kernel", "--rounds", "1", "--python", "no-such-python");
        Assert.Equal(1, exitCode);
        Assert.Contains("No Python with jupyter_client and ipykernel was found", errors, StringComparison.Ordinal);
        Assert.Contains("apt install python3-ipykernel", errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("No workload is called anything with \"nonsense\"", "--filter", "nonsense")]
    [InlineData("--rounds wants a number of rounds, 1 or more.", "--rounds", "0")]
    [InlineData("--threads wants a number of threads, 1 or more.", "--threads", "0")]
    public async Task Used_wrongly_it_says_how(string sentence, params string[] arguments)
    {
        var (exitCode, _, errors) = await BenchAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }
}
