using System.Diagnostics;
using System.Runtime.InteropServices;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

/// <summary>A worker that starts slowly, as all do on a busy machine: it is waited for, and its slowness is charged to no cell.</summary>
public sealed partial class SlowStartTests
{
    private static readonly TimeSpan s_cellLimit = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(11);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts a worker that begins only when a gate is open.</summary>
    private sealed class GatedLauncher(Gate gate) : IWorkerLauncher
    {
        public string WorkingDirectory => Environment.CurrentDirectory;

        public Process? Process { get; private set; }

        public ProcessStartInfo Launch(ProcessStartInfo worker, string pipe)
        {
            string[] words = ["-c", gate.WaitInShell + "; exec \"$@\"", "sh", worker.FileName, .. worker.ArgumentList];
            worker.ArgumentList.Clear();
            worker.FileName = "/bin/sh";
            foreach (var word in words)
                worker.ArgumentList.Add(word);
            return worker;
        }

        public void OnStarted(Process process) => Process = process;

        public Task OnReadyAsync() => Task.CompletedTask;
    }

    [Fact]
    public async Task A_worker_is_waited_for_and_whoever_watches_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker's start is held up by a shell.");
        var clock = new StandingClock();
        using var gate = new Gate();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var starting = Sessions.StartAsync(s_cellLimit, new SessionOptions { Launcher = new GatedLauncher(gate), StartTimeout = s_startLimit, Time = clock, OnWaiting = sentence => told.TrySetResult(sentence) });
        while (!told.Task.IsCompleted)
        {
            clock.Tick();
            await Task.Delay(5, Stop);
        }

        Assert.StartsWith("still waiting for the session's worker", await told.Task, StringComparison.Ordinal);
        Assert.False(starting.IsCompleted);
        gate.Open();
        await using var session = await starting;
        Assert.Equal("42", await session.ValueOfAsync("6 * 7"));
    }

    [Fact]
    public async Task A_worker_that_never_comes_is_given_up_with_a_sentence_that_says_what_to_raise()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker's start is held up by a shell.");
        var clock = new StandingClock();
        using var gate = new Gate();
        var launcher = new GatedLauncher(gate);
        var starting = Sessions.StartAsync(s_cellLimit, new SessionOptions { Launcher = launcher, StartTimeout = s_startLimit, Time = clock });
        clock.RunOut(s_startLimit);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => starting);
        Assert.Contains("within 11 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("COURSEKIT_START_TIMEOUT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compiler_that_is_started_for_a_session_has_the_sessions_patience()
    {
        await using var compilers = new CompilerPool();
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => compilers.TakeAsync(new SessionOptions { StartTimeout = TimeSpan.FromTicks(1) }, Stop));
        Assert.Contains("COURSEKIT_START_TIMEOUT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_stands_still_before_its_first_cell_takes_none_of_the_cells_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process is held up with a signal.");
        var (session, worker, clock) = await StartStoppedAsync();
        await using var _ = session;
        var running = session.RunAsync("6 * 7");
        while (!clock.Awaits(s_startLimit))
            await Task.Delay(5, Stop);
        Assert.False(clock.Awaits(s_cellLimit));
        Send(worker, s_continue);
        Assert.Equal("42", (await running).Value());
    }

    [Fact]
    public async Task A_cell_whose_session_never_became_ready_is_out_of_time_and_not_crashed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process is held up with a signal.");
        var (session, _, clock) = await StartStoppedAsync();
        await using var __ = session;
        var running = session.RunAsync("6 * 7");
        clock.RunOut(s_startLimit);
        var result = await running;
        Assert.Equal(CellStatus.TimedOut, result.Status);
        Assert.Contains("did not get its turn", result.Message, StringComparison.Ordinal);
        Assert.False(session.IsAlive);
    }

    [Fact]
    public async Task A_cell_whose_worker_stands_still_when_its_time_is_over_is_out_of_time_and_not_crashed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process is held up with a signal.");
        var clock = new StandingClock();
        var launcher = new OrdinaryLauncher();
        await using var session = await Sessions.StartAsync(s_cellLimit, new SessionOptions { Launcher = launcher, StartTimeout = s_startLimit, StopPatience = TimeSpan.FromMilliseconds(200), Time = clock });
        var result = await session.RunAsync("Console.Write(1); Console.Out.Flush(); while (true) { }", onOutput: Sessions.WhenBegun(() =>
        {
            Send(launcher.Process!, s_stop);
            clock.RunOut(s_cellLimit);
        }));
        Assert.Equal(CellStatus.TimedOut, result.Status);
        Assert.False(session.IsAlive);
    }

    [Fact]
    public async Task A_borrowed_compiler_is_warm_before_a_cell_is_asked_for()
    {
        await using var compiler = await CompilerProcess.StartAsync(new SessionOptions(), Stop);
        await using var session = await Sessions.StartAsync(options: new SessionOptions { BorrowsCompiler = true });
        await session.UseCompilerAsync(compiler, Stop);
        Assert.True(compiler.WarmedUp.IsCompletedSuccessfully);
        Assert.Equal("2", await session.ValueOfAsync("1 + 1"));
    }

    private sealed class OrdinaryLauncher : IWorkerLauncher
    {
        public string WorkingDirectory => Environment.CurrentDirectory;

        public Process? Process { get; private set; }

        public ProcessStartInfo Launch(ProcessStartInfo worker, string pipe) => worker;

        public void OnStarted(Process process) => Process = process;

        public Task OnReadyAsync() => Task.CompletedTask;
    }

    /// <summary>A session whose worker is there, and stands still.</summary>
    private static async Task<(SessionClient Session, Process Worker, StandingClock Clock)> StartStoppedAsync()
    {
        var clock = new StandingClock();
        var launcher = new OrdinaryLauncher();
        var session = await Sessions.StartAsync(s_cellLimit, new SessionOptions { Launcher = launcher, StartTimeout = s_startLimit, Time = clock });
        Send(launcher.Process!, s_stop);
        return (session, launcher.Process!, clock);
    }

    private static readonly int s_stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int s_continue = OperatingSystem.IsMacOS() ? 19 : 18;

    private static void Send(Process process, int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
