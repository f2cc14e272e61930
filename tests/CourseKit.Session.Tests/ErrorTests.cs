using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class ErrorTests(ErrorTests.Session shared) : IClassFixture<ErrorTests.Session>, IAsyncLifetime
{
    private SessionClient _session = null!;

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public sealed class Session() : SharedSession("var learningRate = 0.1; int Twice(int number, bool loud = false) => 2 * number; record Point(int X, int Y);");

    [Theory]
    [InlineData("var x = 1\nvar y = 2;", "line 1 wants a ; at its end.")]
    [InlineData("lerningRate + 1", "did you mean learningRate?")]
    [InlineData("learningrate", "did you mean learningRate? Upper and lower case differ.")]
    [InlineData("Console.WriteLn(1);", "did you mean WriteLine?")]
    [InlineData("\"abc\".Lenght", "did you mean Length?")]
    [InlineData("File.ReadAllText(\"x\")", "File is in System.IO: put \"using System.IO;\" first in the cell.")]
    [InlineData("var watch = new Stopwatch();", "using System.Diagnostics;")]
    [InlineData("JsonSerializer.Serialize(1)", "using System.Text.Json;")]
    [InlineData("float f = 0.5;", "0.5 is a double; write 0.5f for a float.")]
    [InlineData("float f = learningRate;", "(float)learningRate")]
    [InlineData("int i = learningRate * 2;", "(int)(learningRate * 2)")]
    [InlineData("Twice(2.5)", "(int)2.5")]
    [InlineData("int n = \"12\";", "int.Parse(\"12\")")]
    [InlineData("if (Twice(1)) { }", "with ==")]
    [InlineData("Twice()", "there is int Twice(int number, bool loud = false).")]
    [InlineData("new Point(1)", "there is Point.Point(int X, int Y).")]
    [InlineData("Math.Pow(1, 2, 3)", "double Math.Pow(double x, double y)")]
    [InlineData("namespace N { class A { Point point; } }", "Point belongs to the notebook's cells")]
    public async Task The_errors_that_beginners_meet_most_come_with_a_hint(string code, string hint)
    {
        var result = await _session.RunAsync(code, 7);
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Single(result.Outputs);
        Assert.StartsWith("Cell[7] (1,", result.Traceback()[0], StringComparison.Ordinal);
        Assert.Contains(result.Traceback(), line => line.StartsWith("    hint: ", StringComparison.Ordinal) && line.Contains(hint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("qqqqzzzz")]
    [InlineData("learningRate.Nothing")]
    [InlineData("return return;")]
    [InlineData("}")]
    [InlineData("class { class { class")]
    public async Task An_error_without_an_obvious_cause_has_no_hint(string code) =>
        Assert.DoesNotContain((await _session.RunAsync(code)).Traceback(), line => line.Contains("hint:", StringComparison.Ordinal) && !line.Contains(';', StringComparison.Ordinal));

    [Fact]
    public async Task Every_error_is_told_up_to_ten_and_the_others_are_counted()
    {
        var result = await _session.RunAsync(string.Join('\n', Enumerable.Range(1, 13).Select(i => $"int x{i} = wrong;")));
        var traceback = result.Traceback();
        Assert.Equal(10, traceback.Count(line => line.StartsWith("Cell[1] (", StringComparison.Ordinal)));
        Assert.Equal("... and 3 more errors", traceback[^1]);
        Assert.Equal(["Cell[1] (1,10): error CS0103: The name 'wrong' does not exist in the current context", "    int x1 = wrong;", "             ^"], traceback[..3]);
    }

    [Fact]
    public async Task A_line_with_tabs_and_foreign_characters_is_pointed_into_at_the_right_place()
    {
        var result = await _session.RunAsync("var a = \"漢字😀\";\r\n\tvar b =\twrong;\r\n");
        Assert.Equal("Cell[1] (2,10): error CS0103: The name 'wrong' does not exist in the current context", result.Traceback()[0]);
        Assert.Equal("    \tvar b =\twrong;", result.Traceback()[1]);
        Assert.Equal("    \t       \t^", result.Traceback()[2]);
    }

    [Fact]
    public async Task Exceptions_of_several_tasks_are_told_one_by_one()
    {
        await _session.RunAsync("async Task Fail(string name)\n{\n    await Task.Yield();\n    throw new FormatException(name);\n}", 3);
        var result = await _session.RunAsync("Task.WhenAll(Fail(\"a\"), Fail(\"b\")).Wait();", 4);
        Assert.Equal("AggregateException", (string?)result.Error()["ename"]);
        Assert.Contains("one of them: FormatException: a", result.Traceback());
        Assert.Contains("one of them: FormatException: b", result.Traceback());
        Assert.Contains("   at Fail in Cell[3], line 4: throw new FormatException(name);", result.Traceback());

        var outer = await _session.RunAsync("try { Fail(\"inner\").Wait(); } catch (Exception e) { throw new InvalidOperationException(\"outer\", e); }", 5);
        Assert.Equal("InvalidOperationException: outer", outer.Traceback()[0]);
        Assert.Contains("caused by FormatException: inner", outer.Traceback());
    }

    [Theory]
    [InlineData("new Loud()")]
    [InlineData("display(new Loud());")]
    [InlineData("Console.WriteLine(new Loud());")]
    [InlineData("new { A = new Loud() }")]
    [InlineData("new[] { new Loud() }")]
    public async Task A_value_that_throws_when_it_is_shown_is_an_error_of_its_cell_and_no_more(string code)
    {
        await _session.RunAsync("class Loud { public override string ToString() => throw new FormatException(\"loud\"); }", 3);
        var result = await _session.RunAsync(code, 4);
        if (result.Status == CellStatus.Error)
            Assert.Contains("   at Loud.ToString in Cell[3], line 1: class Loud { public override string ToString() => throw new FormatException(\"loud\"); }", result.Traceback());
        Assert.Equal("2", await _session.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task An_exception_that_throws_when_it_is_asked_what_it_is_is_told_by_its_name()
    {
        var result = await _session.RunAsync("class Odd : Exception { public override string Message => throw new Exception(\"no\"); public override string StackTrace => throw new Exception(\"no\"); }\nthrow new Odd();");
        Assert.Equal("Odd", (string?)result.Error()["ename"]);
        Assert.Equal("2", await _session.ValueOfAsync("1 + 1"));
    }

    [Theory]
    [InlineData("using System;\nusing System.Linq;\nusing System;")]
    [InlineData("async Task<int> Later() { return 1; }")]
    [InlineData("class lower { }")]
    [InlineData("string? text = null;")]
    [InlineData("static void Main() { }")]
    public async Task What_only_a_program_would_have_to_mend_is_no_warning(string code)
    {
        var result = await _session.RunAsync(code);
        Assert.Equal(CellStatus.Ok, result.Status);
        Assert.Empty(result.Warnings);
    }
}
