using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class LibraryTests(SharedSession shared) : IClassFixture<SharedSession>, IAsyncLifetime
{
    private SessionClient _session = null!;

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_class_may_extend_types_of_earlier_cells_and_of_dotnet()
    {
        await RunAsync("record Point(int X, int Y);");
        await RunAsync(
            """
            static class Tools
            {
                /// <summary>Its size.</summary>
                public static int Norm(this Point p, int times = 1) => // over
                    times * (p.X + p.Y);
                public static T Second<T>(this IEnumerable<T> source) where T : struct => source.Skip(1).First();
                public static void Fill(this int[] values, in int value, out int count) { Array.Fill(values, value); count = values.Length; }
                public static async Task<int> LaterAsync(this int value) { await Task.Yield(); return value; }
                public static ref int Head(this int[] values) => ref values[0];
                public static int Plain(int n) => n;
            }
            """);
        Assert.Equal("9", await _session.ValueOfAsync("new Point(1, 2).Norm(3)"));
        Assert.Equal("20", await _session.ValueOfAsync("new[] { 1, 20 }.Second()"));
        Assert.Equal("7 2", await _session.ValueOfAsync("var all = new int[2]; all.Fill(7, out var count); $\"{all.Second()} {count}\""));
        Assert.Equal("5", await _session.ValueOfAsync("await 5.LaterAsync()"));
        Assert.Equal("42", await _session.ValueOfAsync("all.Head() = 42; all[0]"));
        Assert.Equal("3", await _session.ValueOfAsync("Tools.Norm(new Point(1, 2)) * Tools.Plain(1)"));
    }

    [Fact]
    public async Task An_extension_method_is_replaced_when_its_cell_runs_again()
    {
        const string cell = "static class Tools { public static int Half(this int n) => n / 2; }\n8.Half()";
        Assert.Equal("4", await _session.ValueOfAsync(cell));
        Assert.Equal("4", await _session.ValueOfAsync(cell));
        Assert.Equal("3", await _session.ValueOfAsync(cell.Replace("n / 2", "n / 2 - 1", StringComparison.Ordinal)));
        Assert.Equal("3", await _session.ValueOfAsync("8.Half()"));
    }

    [Fact]
    public async Task An_error_in_an_extension_class_has_the_users_columns_and_is_told_once()
    {
        var result = await _session.RunAsync("static class Tools {\n    public static int Size(this Wrong w) => oops; }");
        Assert.Equal(2, result.Traceback().Count(line => line.StartsWith("Cell[1] (", StringComparison.Ordinal)));
        Assert.StartsWith("Cell[1] (2,33): error CS0246", result.Traceback()[0], StringComparison.Ordinal);
        Assert.Equal("    " + "    public static int Size(this Wrong w) => oops; }", result.Traceback()[1]);

        await RunAsync("static class Tools {\n    public static int Fail(this int n) =>\n        throw new FormatException(\"x\"); }", 5);
        var thrown = await _session.RunAsync("1.Fail()", 6);
        Assert.Equal(["FormatException: x", "   at Tools.Fail in Cell[5], line 3: throw new FormatException(\"x\"); }", "   at Cell[6], line 1: 1.Fail()"], thrown.Traceback());
    }

    [Fact]
    public async Task Namespaces_and_extension_blocks_are_compiled_as_a_library_that_later_cells_use()
    {
        await RunAsync("namespace Shapes\n{\n    class Circle { public double Radius = 1; public int Fail() =>\n        int.Parse(\"x\"); }\n    enum Colour { Red }\n}\nusing Shapes;\nvar circle = new Circle();", 3);
        Assert.Equal("1 Red", await _session.ValueOfAsync("$\"{circle.Radius} {Colour.Red}\""));
        await RunAsync("namespace More;\npublic class Ball : Shapes.Circle { public double Volume => 4 * Math.Pow(Radius, 3); }");
        Assert.Equal("4", await _session.ValueOfAsync("new More.Ball().Volume"));
        Assert.Equal("6", await _session.ValueOfAsync("static class Tools { extension(string text) { public int Doubled => 2 * text.Length; } }\n\"abc\".Doubled"));

        var thrown = await _session.RunAsync("circle.Fail()", 7);
        Assert.Equal("   at Circle.Fail in Cell[3], line 4: int.Parse(\"x\"); }", thrown.Traceback()[1]);
        Assert.Contains("Radius", (await _session.CompleteAsync("circle.", 7, TestContext.Current.CancellationToken)).Matches);
    }

    [Fact]
    public async Task A_type_in_a_namespace_can_be_defined_anew_and_old_objects_stay_what_they_are()
    {
        await RunAsync("namespace Shapes { class Circle { public int Size = 1; } enum Colour { Red } }");
        await RunAsync("namespace More { class Ball : Shapes.Circle { public int Twice => 2 * Size; } }");
        await RunAsync("using Shapes; var old = new Circle(); class Own : Circle { } var own = new Own();");
        await RunAsync("namespace Shapes { class Circle { public int Size = 10; public int Sides; } }");
        Assert.Equal("1 1 10 0 Red 20", await _session.ValueOfAsync("$\"{old.Size} {own.Size} {new Circle().Size} {new Circle().Sides} {Colour.Red} {new More.Ball().Twice}\""));
        Assert.Equal(CellStatus.Error, (await _session.RunAsync("Circle confused = own;")).Status);
        await RunAsync("namespace Shapes { class Circle { public int Size = 10; public int Sides; } }\nvar next = new Circle();");
        await RunAsync("namespace Shapes { class Circle { public int Size = 10; public int Sides; } }\nnext = new Circle();");
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task A_library_can_be_stopped_and_its_recursions_end()
    {
        LongTests.SkipUnlessWanted();
        await RunAsync("namespace Endless { class Run { public static int Deep(int n) => Deep(n + 1) + 1; public static void Loop() { while (true) { } } } }");
        Assert.Equal("InsufficientExecutionStackException", (string?)(await _session.RunAsync("Endless.Run.Deep(0)")).Error()["ename"]);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _session.RunAsync("Console.Write(1); Endless.Run.Loop();", 2, _ => started.TrySetResult());
        await started.Task;
        _session.Interrupt();
        Assert.Equal(CellStatus.Cancelled, (await running).Status);
        Assert.Equal("2", await _session.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task Warnings_errors_and_positions_in_a_namespace_are_the_cells()
    {
        var result = await _session.RunAsync("var never = 1;\nnamespace N { class A {\n    int F() => wrong; } }");
        Assert.StartsWith("Cell[1] (3,16): error CS0103", result.Traceback()[0], StringComparison.Ordinal);
        var unbalanced = await _session.RunAsync("namespace N { class A { ");
        Assert.Equal(CellStatus.Error, unbalanced.Status);
        Assert.Equal(CellStatus.Error, (await _session.RunAsync("never")).Status);
    }

    [Fact]
    public async Task Using_variables_are_disposed_of_at_the_end_of_the_cell_the_last_first()
    {
        await RunAsync("class Resource : IDisposable { public string Name = \"\"; public void Dispose() => Console.Write(\"-\" + Name); }");
        var result = await _session.RunAsync("using var a = new Resource { Name = \"a\" };\nusing Resource b = new() { Name = \"b\" };\nConsole.Write(\"in\");\na.Name");
        Assert.Equal("in-b-a", result.Printed());
        Assert.Equal("a", result.Value());
        var failed = await _session.RunAsync("using var c = new Resource { Name = \"c\" };\nthrow new FormatException();");
        Assert.Equal("-c", failed.Printed());
        Assert.Equal("   at Cell[1], line 2: throw new FormatException();", failed.Traceback()[1]);
        var block = await _session.RunAsync("using (var d = new Resource { Name = \"d\" }) { Console.Write(\"in\"); }\nawait using var stream = new System.IO.MemoryStream();");
        Assert.Equal("in-d", block.Printed());
    }

    [Fact]
    public async Task Using_lines_aliases_and_static_usings_hold_for_later_cells_and_their_namespaces()
    {
        await RunAsync("using System.Globalization;\nusing static System.Math;\nusing Numbers = System.Collections.Generic.List<int>;");
        Assert.Equal("3", await _session.ValueOfAsync("Abs(-3)"));
        Assert.Equal("0", await _session.ValueOfAsync("new Numbers().Count"));
        await RunAsync("namespace N { class A { public int Size => new Numbers { 1 }.Count + Abs(-1); public CultureInfo Culture; } }");
        Assert.Equal("2", await _session.ValueOfAsync("new N.A().Size"));
        await RunAsync("using Numbers = System.Collections.Generic.HashSet<int>;");
        Assert.Equal("1", await _session.ValueOfAsync("new Numbers { 1, 1 }.Count"));
    }

    private async Task RunAsync(string code, int cell = 1)
    {
        var result = await _session.RunAsync(code, cell);
        Assert.True(result.Status == CellStatus.Ok, result.Status == CellStatus.Ok ? "" : string.Join('\n', result.Traceback()));
    }
}
