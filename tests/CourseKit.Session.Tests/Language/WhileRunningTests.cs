using CourseKit.Notebook;

namespace CourseKit.Session.Tests.Language;

public sealed class WhileRunningTests
{
    [Fact]
    public async Task Questions_are_answered_while_a_cell_runs_and_before_the_first_one()
    {
        await using var session = await Sessions.StartAsync();
        var token = TestContext.Current.CancellationToken;
        Assert.Contains("Console", (await session.CompleteAsync("Cons", 4, token)).Matches);

        await session.RunAsync("var before = 1; var go = false;");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = session.RunAsync("Console.WriteLine(\"runs\");\nwhile (!go) { }", 2, _ => started.TrySetResult());
        await started.Task;
        Assert.Contains("before", (await session.CompleteAsync("bef", 3, token)).Matches);
        Assert.Contains("= 1", (string?)(await session.InspectAsync("before", 3, 0, token)).Data["text/plain"], StringComparison.Ordinal);
        Assert.Equal("incomplete", (await session.IsCompleteAsync("if (true) {", token)).Status);
        Assert.False(running.IsCompleted);
        session.Interrupt();
        Assert.Equal(CellStatus.Cancelled, (await running).Status);
        Assert.Contains("before", (await session.CompleteAsync("bef", 3, token)).Matches);
    }

    [Fact]
    public async Task A_name_is_what_it_was_defined_as_last()
    {
        await using var session = await Sessions.StartAsync();
        var token = TestContext.Current.CancellationToken;
        await session.RunAsync("var thing = 1;");
        await session.RunAsync("var thing = \"text\";", 2);
        Assert.Contains("Length", (await session.CompleteAsync("thing.", 6, token)).Matches);
        await session.RunAsync("this does not compile; var other = 1;", 3);
        Assert.Contains("Length", (await session.CompleteAsync("thing.", 6, token)).Matches);
        Assert.DoesNotContain("other", (await session.CompleteAsync("othe", 4, token)).Matches);
    }

    [Fact]
    public async Task An_ended_session_answers_that_it_knows_nothing()
    {
        var session = await Sessions.StartAsync();
        var token = TestContext.Current.CancellationToken;
        await session.RunAsync("Environment.Exit(3);");
        Assert.Empty((await session.CompleteAsync("Con", 3, token)).Matches);
        Assert.False((await session.InspectAsync("Console", 3, 0, token)).Found);
        Assert.Equal("unknown", (await session.IsCompleteAsync("{", token)).Status);
        await session.DisposeAsync();
        Assert.Empty((await session.CompleteAsync("Con", 3, token)).Matches);
    }
}
