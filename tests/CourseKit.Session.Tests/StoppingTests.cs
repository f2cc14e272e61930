using System.Globalization;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class StoppingTests(StoppingTests.Session shared) : IClassFixture<StoppingTests.Session>, IAsyncLifetime
{
    private SessionClient _session = null!;

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>One for all: what is stopped in it must leave it as it was for those that follow.</summary>
    public sealed class Session() : SharedSession("using System.Threading; var state = 41; IEnumerable<int> Endless() { while (true) yield return 1; }");

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) ;")]
    [InlineData("for (;;) state = 42;")]
    [InlineData("do { } while (true);")]
    [InlineData("again: goto again;")]
    [InlineData("foreach (var x in Endless()) { }")]
    [InlineData("var gate = new object(); while (true) { lock (gate) { } }")]
    [InlineData("while (true) { try { } finally { } }")]
    [InlineData("while (true) { try { throw new Exception(); } catch { } }")]
    [InlineData("try { while (true) { } } finally { Console.Write(\"cleaned up\"); }")]
    [InlineData("Endless().Sum()")]
    [InlineData("Endless().Where(x => x > 1).First()")]
    [InlineData("Enumerable.Repeat(1, int.MaxValue).Select(x => x + 1).Where(x => x > 5).SelectMany(x => Enumerable.Repeat(x, int.MaxValue)).Count()")]
    [InlineData("void F() { while (true) { } } F();")]
    [InlineData("var list = new List<int[]>(); while (true) { list.Add(new int[10]); if (list.Count > 100) list.Clear(); }")]
    [InlineData("while (true) Console.Write(1);")]
    [InlineData("Thread.Sleep(-1);")]
    [InlineData("while (true) { try { Thread.Sleep(1000); } catch (ThreadInterruptedException) { } }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("while (true) await Task.Delay(10);")]
    [InlineData("while (true) await Task.Yield();")]
    [InlineData("new TaskCompletionSource().Task.Wait();")]
    [InlineData("await Task.Run(() => { while (true) { } });")]
    [InlineData("Parallel.For(0, 4, i => { while (true) { } });")]
    public async Task Code_without_end_is_stopped_and_the_variables_are_kept(string code)
    {
        var result = await _session.RunAsync("Console.Write(\"begun\"); Console.Out.Flush(); " + code, 2, Sessions.WhenBegun(() => _session.Interrupt()));
        Assert.True(result.Status == CellStatus.Cancelled, $"{result.Status} {result.Message}");
        Assert.True(_session.IsAlive, result.Message);
        Assert.Equal("Cancelled", (string?)result.Error()["ename"]);
        Assert.InRange(int.Parse((await _session.ValueOfAsync("state"))!, CultureInfo.InvariantCulture), 41, 42);
        Assert.Equal("10", await _session.ValueOfAsync("var sum = 0; for (var i = 0; i < 5; i++) sum += i; sum"));
    }

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>A session in which a cell reaches its limit when the test says so.</summary>
    private static async Task<(SessionClient Session, StandingClock Clock)> StartLimitedAsync(SessionOptions? options = null)
    {
        var clock = new StandingClock();
        return (await Sessions.StartAsync(s_limit, (options ?? new SessionOptions()) with { Time = clock }), clock);
    }

    [Fact]
    public async Task A_cell_that_runs_too_long_is_stopped_says_in_which_line_it_stood_and_keeps_what_it_printed_and_set()
    {
        var (session, clock) = await StartLimitedAsync();
        await using var _ = session;

        // The limit is reached in the loop and not before: it sets seen, and then the test hears of it.
        var result = await session.RunAsync("var seen = 5;\nConsole.Write(\"printed\"); var told = false;\nfor (;;)\n{\n    seen = 6; if (!told) { told = true; Console.Out.Flush(); display(seen); }\n}", 7, output =>
        {
            if ((string?)output["output_type"] == "display_data")
                clock.RunOut(s_limit);
        });
        Assert.Equal(CellStatus.TimedOut, result.Status);
        Assert.Equal("TimedOut", (string?)result.Error()["ename"]);
        Assert.Contains("ran longer than 5 s", result.Message, StringComparison.Ordinal);
        Assert.Equal("printed", result.Printed());
        Assert.Contains(result.Traceback(), line => line.Contains("Cell[7], line ", StringComparison.Ordinal));
        Assert.Equal("6", await session.ValueOfAsync("seen"));
    }

    [Fact]
    public async Task Time_itself_stops_a_cell_that_takes_too_much_of_it()
    {
        await using var session = await Sessions.StartAsync(TimeSpan.FromSeconds(1));
        var result = await session.RunAsync("while (true) { }");
        Assert.True(result.Status == CellStatus.TimedOut, result.Message);
        Assert.True(session.IsAlive);
    }

    [Fact]
    public async Task Variables_of_a_cell_that_was_given_up_at_an_await_are_kept_and_it_does_not_go_on()
    {
        var (session, clock) = await StartLimitedAsync();
        await using var _ = session;
        var result = await session.RunAsync("var turns = 0;\nvar never = new TaskCompletionSource();\nturns = 1; Console.Write(\"waits\");\nawait never.Task;\nturns = 2;\nwhile (true) { turns++; }", 3, Sessions.WhenBegun(() => clock.RunOut(s_limit)));
        Assert.Equal(CellStatus.TimedOut, result.Status);
        Assert.Equal("1", await session.ValueOfAsync("turns"));
        await session.RunAsync("never.SetResult();");
        await session.RunAsync("while (turns == 1) await Task.Delay(5); await Task.Delay(100);");
        Assert.Equal("2", await session.ValueOfAsync("turns"));
    }

    [Theory]
    [InlineData("int Deep(int n) { return Deep(n + 1) + 1; }", "Deep(0)")]
    [InlineData("int Deep(int n) => Deep(n + 1) + 1;", "Deep(0)")]
    [InlineData("Func<int, int> f = null; f = n => f(n + 1) + 1;", "f(0)")]
    [InlineData("class A { public int P => P + 1; }", "new A().P")]
    [InlineData("class B { public B() { new B(); } }", "new B()")]
    [InlineData("int Outer() { int Inner(int n) => Inner(n + 1) + 1; return Inner(0); }", "Outer()")]
    [InlineData("IEnumerable<int> All() { foreach (var x in All()) yield return x; }", "All().Count()")]
    [InlineData("async Task<int> Again(int n) => await Again(n + 1) + 1;", "await Again(0)")]
    public async Task Runaway_recursion_is_an_error_that_can_be_caught_and_the_variables_are_kept(string declaration, string call)
    {
        await _session.RunAsync("var state = 41; " + declaration);
        var result = await _session.RunAsync(call, 2);
        Assert.True(result.Status == CellStatus.Error, result.Message);
        Assert.Equal("InsufficientExecutionStackException", (string?)result.Error()["ename"]);
        Assert.Contains("recursion is too deep", result.Message, StringComparison.Ordinal);
        Assert.InRange(result.Traceback().Length, 2, 30);
        Assert.Equal("41", await _session.ValueOfAsync("state"));
        Assert.Equal("caught", await _session.ValueOfAsync($"string Try() {{ try {{ {call.Replace("await ", "_ = ", StringComparison.Ordinal).Replace("_ = Again(0)", "Again(0).Wait()", StringComparison.Ordinal)}.ToString(); return \"none\"; }} catch (Exception) {{ return \"caught\"; }} }} Try()".Replace("Wait().ToString()", "Wait()", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_library_can_ask_whether_it_should_stop()
    {
        // The convention that a library without any reference to sessions follows.
        var result = await _session.RunAsync("var stop = (Func<bool>)AppContext.GetData(\"CourseKit.StopRequested\"); Console.Write(stop()); try { while (true) { } } finally { Console.Write(stop()); }", 2, Sessions.WhenBegun(() => _session.Interrupt()));
        Assert.Equal("FalseTrue", result.Printed());
        Assert.Equal("False", await _session.ValueOfAsync("stop()"));
    }

    [Fact]
    public async Task Interrupting_cancels_the_cell_and_keeps_the_session()
    {
        await using var session = await Sessions.StartAsync();
        var running = session.RunAsync("var n = 3; Console.Write(\"runs\"); while (true) { }", 1, Sessions.WhenBegun(() => session.Interrupt()));
        var result = await running;
        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.True(session.IsAlive);
        Assert.Equal("3", await session.ValueOfAsync("n"));
    }

    [Fact]
    public async Task A_cell_that_is_interrupted_before_it_began_is_cancelled_and_the_session_kept()
    {
        // The first cell of a new worker waits until the compiler is warm.
        await using var session = await Sessions.StartAsync();
        var running = session.RunAsync("while (true) { }");
        session.Interrupt();
        Assert.Equal(CellStatus.Cancelled, (await running).Status);
        Assert.True(session.IsAlive);
        Assert.Equal("2", await session.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task Cancelling_ends_the_cell_and_the_worker()
    {
        await using var session = await Sessions.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var result = await session.ExecuteAsync("Console.Write(\"runs\"); while (true) { }", 1, _ => cancellation.Cancel(), cancellation.Token);
        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.Equal("runs", result.Printed());
        Assert.False(session.IsAlive);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task Code_that_heeds_nothing_is_ended_with_its_process()
    {
        LongTests.SkipUnlessWanted();
        var (session, clock) = await StartLimitedAsync(new SessionOptions { StopPatience = TimeSpan.FromSeconds(1) });
        await using var _ = session;

        // A thread that waits inside the system's library, where neither a check nor an interrupt reaches it.
        var result = await session.RunAsync(
            """
            [System.Runtime.InteropServices.DllImport("libc")] static extern uint sleep(uint seconds);
            [System.Runtime.InteropServices.DllImport("kernel32")] static extern void Sleep(uint milliseconds);
            Console.Write("begun"); Console.Out.Flush();
            if (OperatingSystem.IsWindows()) Sleep(3600_000); else sleep(3600);
            """, 2, Sessions.WhenBegun(() => clock.RunOut(s_limit)));
        Assert.Equal(CellStatus.TimedOut, result.Status);
        Assert.False(session.IsAlive);
        Assert.Contains("did not heed", result.Message, StringComparison.Ordinal);
        var next = await session.RunAsync("1");
        Assert.Equal(CellStatus.Crashed, next.Status);
        Assert.Equal("SessionEnded", (string?)next.Error()["ename"]);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task What_another_cell_started_is_left_alone_by_a_stop()
    {
        LongTests.SkipUnlessWanted();
        await _session.RunAsync("var ticks = 0; _ = Task.Run(() => { while (true) { ticks++; Thread.Sleep(1); } });");
        Assert.Equal(CellStatus.Cancelled, (await _session.RunAsync("Console.Write(1); while (true) { }", 2, Sessions.WhenBegun(() => _session.Interrupt()))).Status);
        Assert.Equal("True", await _session.ValueOfAsync("var before = ticks; while (ticks == before) await Task.Delay(1); true"));
    }
}
