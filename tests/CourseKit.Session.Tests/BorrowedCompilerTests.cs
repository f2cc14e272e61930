using System.Diagnostics;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

/// <summary>Sessions whose cells another process compiles: all is as in any session, and a compiler may die without them.</summary>
public sealed class BorrowedCompilerTests(BorrowedCompilerTests.Warm warm) : IClassFixture<BorrowedCompilerTests.Warm>, IAsyncLifetime
{
    private CompilerProcess _compiler = null!;
    private SessionClient _session = null!;

    /// <summary>One compiler for all, as it serves one session after another; a new one where a test has ended it.</summary>
    public sealed class Warm : IAsyncLifetime
    {
        private CompilerProcess? _compiler;

        public async Task<CompilerProcess> CompilerAsync()
        {
            if (_compiler is not { IsAlive: true })
            {
                if (_compiler is not null)
                    await _compiler.DisposeAsync();
                _compiler = await CompilerProcess.StartAsync(new SessionOptions(), TestContext.Current.CancellationToken);
            }

            return _compiler;
        }

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            if (_compiler is not null)
                await _compiler.DisposeAsync();
        }
    }

    public async ValueTask InitializeAsync()
    {
        _compiler = await warm.CompilerAsync();
        _session = await BorrowAsync(_compiler);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static async Task<SessionClient> BorrowAsync(CompilerProcess compiler, SessionOptions? options = null)
    {
        var session = await Sessions.StartAsync(options: (options ?? new SessionOptions()) with { BorrowsCompiler = true });
        await session.UseCompilerAsync(compiler);
        return session;
    }

    [Fact]
    public async Task Cells_see_the_names_of_those_before_them()
    {
        await _session.RunAsync("var x = 20;\nint Twice(int n) => 2 * n;");
        Assert.Equal("41", await _session.ValueOfAsync("x = Twice(x);\nx + 1"));
        Assert.Equal("40", await _session.ValueOfAsync("await Task.FromResult(x)"));
    }

    [Fact]
    public async Task A_namespace_is_a_library_and_can_be_defined_anew()
    {
        Assert.Equal("1", await _session.ValueOfAsync("namespace Lesson { public class Answer { public int Value => 1; } }\nnew Lesson.Answer().Value"));
        await _session.RunAsync("namespace Lesson { public class Answer { public int Value => 2; } }");
        Assert.Equal("2", await _session.ValueOfAsync("new Lesson.Answer().Value"));
    }

    [Fact]
    public async Task An_expression_without_a_value_shows_none_and_null_is_shown()
    {
        Assert.Null((await _session.RunAsync("Console.Write(\"said\")")).Value());
        Assert.Equal("<null>", await _session.ValueOfAsync("(string?)null"));
    }

    [Fact]
    public async Task A_using_variable_is_disposed_of_when_the_cell_ends()
    {
        await _session.RunAsync("class Noisy : IDisposable { public void Dispose() => Console.Write(\"gone\"); }");
        Assert.Equal("herealsogone", (await _session.RunAsync("using var noisy = new Noisy(); Console.Write(\"here\"); Console.Write(\"also\");")).Printed());
    }

    [Fact]
    public async Task Magic_lines_and_directives_are_found()
    {
        var result = await _session.RunAsync("var word = \"# is no directive\";\n#!who\n#!html\n<b>bold</b>");
        Assert.Equal(CellStatus.Ok, result.Status);
        Assert.Contains(result.Outputs, output => ((string?)output["data"]?["text/html"])?.Contains("<b>bold</b>", StringComparison.Ordinal) == true);
        Assert.Equal("# is no directive", await _session.ValueOfAsync("word"));
    }

    [Fact]
    public async Task What_does_not_compile_is_told_with_its_line_and_changes_nothing()
    {
        await _session.RunAsync("var count = 1;");
        var result = await _session.RunAsync("count = 2;\nint wrong = \"text\";", 3);
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal("CompilationError", (string?)result.Error()["ename"]);
        Assert.Contains(result.Traceback(), line => line.Contains("(2,13): error CS0029", StringComparison.Ordinal));
        Assert.Contains("    int wrong = \"text\";", result.Traceback());
        Assert.Equal("1", await _session.ValueOfAsync("count"));
    }

    [Fact]
    public async Task Warnings_come_and_exceptions_name_lines_of_the_cell()
    {
        var warned = await _session.RunAsync("int F() { return 1; int unreachable = 2; }");
        Assert.Contains(warned.Warnings, warning => warning.Contains("CS0162", StringComparison.Ordinal));
        var thrown = await _session.RunAsync("var a = 1;\nthrow new InvalidOperationException(\"no\");", 7);
        Assert.Contains(thrown.Traceback(), line => line.Contains("Cell[7], line 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_loop_without_end_is_stopped_and_the_variables_stay()
    {
        await _session.RunAsync("var kept = 5;");
        var running = _session.RunAsync("while (true) { }", onOutput: null);
        while (!_session.Interrupt())
            await Task.Yield();
        Assert.Equal(CellStatus.Cancelled, (await running).Status);
        Assert.Equal("5", await _session.ValueOfAsync("kept"));
    }

    [Fact]
    public async Task The_next_session_knows_nothing_of_the_one_before()
    {
        await _session.RunAsync("var secret = 1;\nusing System.IO.Compression;\nnamespace Hidden { public class Thing { } }");
        await using var next = await BorrowAsync(_compiler);
        Assert.Contains("CS0103", (await next.RunAsync("secret")).Message, StringComparison.Ordinal);
        Assert.Contains("CS0246", (await next.RunAsync("new Hidden.Thing()")).Message, StringComparison.Ordinal);
        Assert.Contains("CS0103", (await next.RunAsync("ZipFile.Open")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guarded_session_refuses_before_anything_of_a_cell_runs()
    {
        await using var guarded = await BorrowAsync(_compiler, new SessionOptions { Guard = new SessionGuard(["Check"], [], IsSilent: false) });
        var result = await guarded.ExecuteAsync(new GuardedCell("Console.Write(\"ran\");\ntypeof(string).Assembly.GetTypes()", 1, IsTrusted: false, WantsScore: false), null, TestContext.Current.CancellationToken);
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Empty(result.Printed());
        Assert.Contains(result.Suspicions, suspicion => suspicion is { IsRefused: true, Line: 2 });
        result = await guarded.ExecuteAsync(new GuardedCell("class Check { }", 2, IsTrusted: false, WantsScore: false), null, TestContext.Current.CancellationToken);
        Assert.Contains(result.Suspicions, suspicion => suspicion.IsRefused);
    }

    [Fact]
    public async Task A_compiler_that_dies_costs_the_cells_that_need_it_and_a_sentence_says_so()
    {
        await _session.RunAsync("var x = 1;");
        await _compiler.DisposeAsync();
        Assert.False(_compiler.IsAlive);
        var result = await _session.RunAsync("x");
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal("CompilerEnded", (string?)result.Error()["ename"]);
        Assert.True(_session.IsAlive);
    }

    [Fact]
    public async Task Code_that_is_nested_too_deeply_for_the_compiler_is_an_error_of_its_own_cell()
    {
        var result = await _session.RunAsync($"var deep = {string.Concat(Enumerable.Repeat("(", 100_000))}1{string.Concat(Enumerable.Repeat(")", 100_000))};");
        Assert.Equal(CellStatus.Error, result.Status);
        await using var compiler = _compiler.IsAlive ? null : await CompilerProcess.StartAsync(new SessionOptions(), TestContext.Current.CancellationToken);
        await using var next = await BorrowAsync(compiler ?? _compiler);
        Assert.Equal("2", await next.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task A_session_that_was_given_no_compiler_says_so()
    {
        await using var alone = await Sessions.StartAsync(options: new SessionOptions { BorrowsCompiler = true });
        Assert.Contains("no compiler", (await alone.RunAsync("1")).Message, StringComparison.Ordinal);
        await using var own = await Sessions.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => own.UseCompilerAsync(_compiler, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_session_that_borrows_does_not_load_the_compiler()
    {
        await _session.RunAsync("var x = 1;\nx + 1");
        var loaded = await _session.RunAsync("Console.Write(string.Join(' ', AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name)));");
        Assert.Contains("CourseKit.Session", loaded.Printed(), StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.CodeAnalysis", loaded.Printed(), StringComparison.Ordinal);
    }
}
