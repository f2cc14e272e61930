using System.Diagnostics;
using CourseKit.Grading.Sandboxes;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>Numbers of processes are given again; whoever has one now may be somebody's editor.</summary>
public sealed class ProcessIdentityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Process Start(string command) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]))!;

    [Fact]
    public void A_process_is_itself_until_it_ends_and_then_nobody()
    {
        Assert.True(ProcessIdentity.Current.IsAlive);
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        var identity = ProcessIdentity.Of(process.Id);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.NotEqual(ProcessIdentity.Current, identity);
        Assert.False(identity is { IsAlive: true });
        Assert.False((ProcessIdentity.Current with { StartTime = ProcessIdentity.Current.StartTime - 1 }).IsAlive);
    }

    [Fact]
    public async Task Who_has_the_number_of_a_process_that_ended_is_neither_measured_nor_ended_and_nor_are_its_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The tree of processes is read from Linux's /proc.");
        using var bystander = Start("sleep 600 & wait");
        try
        {
            var itself = ProcessIdentity.Of(bystander.Id)!.Value;
            while (ProcessTree.Members(itself).Count < 2)
                await Task.Delay(10, Stop);
            var gone = itself with { StartTime = itself.StartTime - 1 };

            Assert.Equal(default, ProcessTree.Measure(gone));
            Assert.Empty(ProcessTree.Members(gone));
            ProcessTree.Kill(gone);
            await using (var watchdog = new Watchdog(gone, new SandboxLimits(1), SandboxMark.Create()))
            {
                await Task.Delay(500, Stop);
                Assert.Null(watchdog.Overrun);
            }
            await Watchdog.EndAsync(gone, SandboxMark.Create());
            Assert.Equal(2, ProcessTree.Members(itself).Count);
            Assert.Equal(2, ProcessTree.Measure(itself).Processes);
        }
        finally
        {
            bystander.Kill(entireProcessTree: true);
        }
    }
}
