using System.Collections.Concurrent;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class InputTests(SharedSession shared) : IClassFixture<SharedSession>, IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Prompt, bool IsPassword)> _asked = new();
    private SessionClient _session = null!;

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<CellResult> RunAsync(string code, params string?[] answers)
    {
        var waiting = new ConcurrentQueue<string?>(answers);
        return await _session.ExecuteAsync(code, 1, null, (prompt, isPassword, _) =>
        {
            _asked.Enqueue((prompt, isPassword));
            return Task.FromResult(waiting.TryDequeue(out var answer) ? answer : null);
        }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_console_reads_lines_and_characters_from_the_person_at_the_front_end()
    {
        var result = await RunAsync("$\"{Console.ReadLine()}|{(char)Console.Read()}|{Console.ReadLine()}|{Console.In.ReadLine()}\"", "é first", "xyz", "third");
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("é first|x|yz|third", result.Value());
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Questions_carry_their_prompt_and_say_what_is_a_password()
    {
        var result = await RunAsync("var name = await GetInputAsync(\"Your name?\"); var secret = await GetPasswordAsync(\"Password?\");\n$\"{name} {secret} {secret.GetClearTextPassword()}\"", "Ada", "pw");
        Assert.Equal("Ada ******** pw", result.Value());
        Assert.Equal([("Your name?", false), ("Password?", true)], _asked);
    }

    [Fact]
    public async Task Who_can_be_asked_is_taken_for_somebody_who_watches_and_libraries_are_told_so()
    {
        const string Watched = "((Func<bool>)AppContext.GetData(\"CourseKit.IsWatched\"))()";
        Assert.Equal("True", (await RunAsync(Watched)).Value());
        Assert.Equal("False", (await _session.RunAsync(Watched)).Value());
        Assert.Equal("True", (await RunAsync(Watched)).Value());
    }

    [Fact]
    public async Task A_magic_line_may_ask_too()
    {
        Assert.Equal("42!", (await RunAsync("#!set --name x --value @input:\"How many?\"\nx + \"!\"", "42")).Value());
        Assert.Equal(("How many?", false), Assert.Single(_asked));
    }

    [Fact]
    public async Task Two_questions_at_once_get_their_own_answers()
    {
        var fastIsAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = await _session.ExecuteAsync(
            "var both = await Task.WhenAll(GetInputAsync(\"slow\"), GetInputAsync(\"fast\"));\nstring.Join(\" \", both)", 1, null,
            async (prompt, _, token) =>
            {
                if (prompt == "slow")
                    await fastIsAnswered.Task.WaitAsync(token);
                else
                    fastIsAnswered.SetResult();
                return prompt.ToUpperInvariant();
            }, TestContext.Current.CancellationToken);
        Assert.Equal("SLOW FAST", result.Value());
    }

    [Fact]
    public async Task Where_nobody_can_answer_the_cell_fails_with_a_sentence()
    {
        foreach (var code in new[] { "Console.ReadLine()", "await GetInputAsync(\"?\")", "await GetPasswordAsync()" })
        {
            var result = await _session.RunAsync(code);
            Assert.Equal(CellStatus.Error, result.Status);
            Assert.Contains("nobody can answer here", result.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_question_that_is_not_answered_fails_with_a_sentence_and_so_does_a_front_end_that_breaks()
    {
        Assert.Contains("the front end gave none", (await RunAsync("Console.ReadLine()", (string?)null)).Message, StringComparison.Ordinal);
        var broken = await _session.ExecuteAsync("Console.ReadLine()", 1, null, (_, _, _) => throw new IOException("gone"), TestContext.Current.CancellationToken);
        Assert.Contains("the front end gave none", broken.Message, StringComparison.Ordinal);
        Assert.Contains("no end to read to", (await RunAsync("Console.In.ReadToEnd()")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Console.ReadLine();")]
    [InlineData("await GetInputAsync(\"?\");")]
    [InlineData("await Task.Run(() => Console.ReadLine());")]
    public async Task A_cell_that_waits_for_input_is_stopped_and_the_question_withdrawn(string code)
    {
        await RunAsync("var kept = 5;");
        var withdrawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = await _session.ExecuteAsync(code, 2, null, async (_, _, token) =>
        {
            _session.Interrupt();
            await using var registration = token.Register(withdrawn.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        }, TestContext.Current.CancellationToken);
        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.True(_session.IsAlive, result.Message);
        await withdrawn.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("5", await _session.ValueOfAsync("kept"));
    }

    [Fact]
    public async Task What_was_printed_before_a_question_comes_before_it()
    {
        var printed = "";
        var result = await _session.ExecuteAsync("Console.Write(\"Name? \"); Console.ReadLine()", 1, output => printed += (string?)output["text"],
            (_, _, _) => Task.FromResult<string?>(printed), TestContext.Current.CancellationToken);
        Assert.Equal("Name? ", result.Value());
    }
}
