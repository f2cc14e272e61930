using System.Diagnostics;
using System.Globalization;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class CrashTests
{
    [Theory]
    [InlineData("Environment.Exit(3);", "Environment.Exit(3) was called")]
    [InlineData("Environment.FailFast(\"my last words\");", "my last words")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "ended")]
    [InlineData("new System.Threading.Thread(() => throw new Exception(\"from a thread\")).Start(); System.Threading.Thread.Sleep(-1);", "from a thread")]
    public async Task A_cell_that_ends_the_process_is_a_message_that_says_how(string code, string expected)
    {
        await using var session = await Sessions.StartAsync();

        // Only when the text has arrived: what is on its way when a process is killed is lost.
        using var gate = new Gate();
        var result = await session.RunAsync($"Console.WriteLine(\"before\"); Console.Out.Flush(); {gate.Wait}\n{code}", onOutput: _ => gate.Open());
        Assert.Equal(CellStatus.Crashed, result.Status);
        Assert.False(session.IsAlive);
        Assert.Equal("before\n", result.Printed());
        Assert.Equal("SessionCrashed", (string?)result.Error()["ename"]);
        if (expected != "ended")
            Assert.Contains(expected, result.Message, StringComparison.Ordinal);
        else
            Assert.Contains(OperatingSystem.IsWindows() ? "exit code" : "signal 9", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_printed_right_before_an_exit_is_not_lost()
    {
        await using var session = await Sessions.StartAsync();
        var result = await session.RunAsync("Console.Write(\"the very last\"); Environment.Exit(0);");
        Assert.Equal("the very last", result.Printed());
        Assert.Equal(CellStatus.Crashed, result.Status);
    }

    [Fact]
    public async Task A_stack_overflow_where_no_check_reaches_is_a_message()
    {
        // A field that makes its own object again: the recursion runs through code that no one wrote.
        await using var session = await Sessions.StartAsync();
        var result = await session.RunAsync("class Endless { Endless _next = new Endless(); }\nnew Endless()");
        Assert.Equal(CellStatus.Crashed, result.Status);
        Assert.Contains("stack overflow", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_killed_between_cells_is_noticed_and_the_next_cell_says_so()
    {
        await using var session = await Sessions.StartAsync();
        using var process = Process.GetProcessById(int.Parse((await session.ValueOfAsync("Environment.ProcessId"))!, CultureInfo.InvariantCulture));
        process.Kill();
        var result = await session.RunAsync("1");
        Assert.Equal(CellStatus.Crashed, result.Status);
        Assert.False(session.IsAlive);
    }

    [Fact]
    public async Task Disposing_ends_the_worker_and_what_it_started_even_in_the_middle_of_a_cell()
    {
        var session = await Sessions.StartAsync();
        var child = OperatingSystem.IsWindows() ? "\"ping\", \"-n 60 127.0.0.1\"" : "\"sleep\", \"60\"";
        var ids = (await session.ValueOfAsync($"var child = System.Diagnostics.Process.Start({child}); $\"{{Environment.ProcessId}} {{child.Id}}\""))!.Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        var running = session.RunAsync("while (true) { }");
        await session.DisposeAsync();
        Assert.Equal(CellStatus.Crashed, (await running).Status);
        Assert.All(ids, id => Assert.True(HasEnded(id), $"process {id} still runs"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.RunAsync("1"));
    }

    [Fact]
    public async Task A_worker_whose_client_is_killed_ends_by_itself()
    {
        // The client here is a session's cell, which starts a session of its own and is then killed.
        await using var outer = await Sessions.StartAsync();
        var kit = typeof(SessionClient).Assembly.Location;
        var inner = await outer.ValueOfAsync($"#r \"{kit}\"\nvar inner = await CourseKit.Notebook.SessionClient.StartAsync(new CourseKit.Notebook.SessionOptions());\nvar result = await inner.ExecuteAsync(\"Environment.ProcessId\", 1);\n_ = inner.ExecuteAsync(\"while (true) {{ }}\", 2);\n(string)result.Outputs[0][\"data\"][\"text/plain\"]");
        var id = int.Parse(inner!, CultureInfo.InvariantCulture);
        Assert.False(HasEnded(id));
        using (var process = Process.GetProcessById(int.Parse((await outer.ValueOfAsync("Environment.ProcessId"))!, CultureInfo.InvariantCulture)))
            process.Kill();
        while (!HasEnded(id))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_native_code_writes_past_the_session_is_kept_as_output()
    {
        await using var session = await Sessions.StartAsync();
        var printed = (await session.RunAsync("using (var raw = Console.OpenStandardOutput()) raw.Write(\"past the session\\n\"u8);")).Printed();

        // It goes another way than the rest: what is late comes with a later cell.
        while (printed.Length == 0)
            printed = (await session.RunAsync("await Task.Delay(20);")).Printed();
        Assert.Equal("past the session\n", printed);
    }

    private static bool HasEnded(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);

            // On Linux a process that no one has waited for is still listed.
            return process.HasExited || (OperatingSystem.IsLinux() && File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException)
        {
            return true;
        }
    }
}
