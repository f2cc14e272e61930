using System.Globalization;
using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using CourseKit.Session.Language.Completing;

namespace CourseKit.Session.Tests;

/// <summary>What a cell costs must not depend on how many were before it. Counted are cells and bytes, which are the same on every machine.</summary>
public sealed class ManyCellsTests
{
    private const int Few = 30;
    private const int Many = 300;

    private readonly CellCompiler _compiler = new(new MetadataSet());

    private CompiledScript Run(string code)
    {
        var cell = _compiler.Compile(new CellSource(code, []), "Cell", TestContext.Current.CancellationToken);
        _compiler.Keep(cell);
        return cell;
    }

    private static int Before(CompiledScript cell)
    {
        var count = 0;
        for (var compilation = cell.Compilation; compilation.ScriptCompilationInfo?.PreviousScriptCompilation is { } previous; compilation = previous)
            count++;
        return count;
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public void A_cell_that_names_nothing_is_not_looked_into_by_later_ones()
    {
        LongTests.SkipUnlessWanted();
        Run("var x = 1;");
        for (var i = 0; i < Many; i++)
            Run("x + 1");
        Run("using System.IO;");
        Assert.Equal(2, Before(Run("File.Exists(\"a\") ? x : 2")));
    }

    [Theory]
    [InlineData("var named = 1;")]
    [InlineData("int.TryParse(\"1\", out var named);")]
    [InlineData("object value = 1; if (value is int named) { }")]
    [InlineData("var (named, more) = (1, 2);")]
    [InlineData("(int named, int more) = (1, 2);")]
    [InlineData("int named() => 1;")]
    [InlineData("class named { }")]
    [InlineData("enum named { One }")]
    [InlineData("delegate void named();")]
    [InlineData("event Action named;")]
    [InlineData("int named { get; set; }")]
    public void Whatever_a_cell_names_is_known_to_later_ones(string code)
    {
        Run("1 + 1");
        Run(code);
        Run("1 + 1");
        Assert.Equal(2, Before(Run("nameof(named)")));
    }

    [Fact]
    public void A_later_cell_names_no_reference_again()
    {
        Assert.NotEmpty(Run("var x = 1;").Compilation.ExternalReferences);
        for (var i = 0; i < Few; i++)
            Assert.Empty(Run(string.Create(CultureInfo.InvariantCulture, $"var x{i} = x;")).Compilation.ExternalReferences);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public void Names_of_a_cell_are_read_once_however_often_and_wherever_a_name_is_completed()
    {
        LongTests.SkipUnlessWanted();
        var completer = new Completer(_compiler, new DirectiveCompletion([]));
        var read = new List<(CompiledScript Cell, SubmissionNames Names)>();
        for (var i = 0; i < Many; i++)
        {
            // Every third takes the place of an earlier one.
            var cell = Run(string.Create(CultureInfo.InvariantCulture, $"var some{i / 3} = {i};"));
            if (i % 50 == 0)
                Assert.Equal(["some0"], completer.Complete(new CompleteRequest(1, "some0", 5), TestContext.Current.CancellationToken).Matches);
            read.Add((cell, SubmissionNames.Of(cell.Compilation)));
        }

        Assert.Contains("some99", completer.Complete(new CompleteRequest(1, "some", 4), TestContext.Current.CancellationToken).Matches);
        Assert.All(read, pair => Assert.Same(pair.Names, SubmissionNames.Of(pair.Cell.Compilation)));
        Assert.Equal(Many / 3, read[^1].Names.Count);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Theory]
    [InlineData("1 + {0}")]
    [InlineData("var x{0} = {0};\nx{0} + 1")]
    public async Task A_trivial_cell_keeps_less_than_fifty_kilobytes(string code)
    {
        LongTests.SkipUnlessWanted();
        const string Measure = "GC.GetTotalMemory(forceFullCollection: true)";
        await using var session = await Sessions.StartAsync();
        await RunAllAsync(0, Few);
        var before = await session.ValueOfAsync(Measure);
        await RunAllAsync(Few, Many);
        var after = await session.ValueOfAsync(Measure);
        var each = (long.Parse(after!, CultureInfo.InvariantCulture) - long.Parse(before!, CultureInfo.InvariantCulture)) / (Many - Few);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{each} bytes each"));
        Assert.InRange(each, 0, 50 * 1024);

        async Task RunAllAsync(int first, int end)
        {
            for (var i = first; i < end; i++)
                Assert.Equal(Notebook.CellStatus.Ok, (await session.RunAsync(string.Format(CultureInfo.InvariantCulture, code, i))).Status);
        }
    }
}
