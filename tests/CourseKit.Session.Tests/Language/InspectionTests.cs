using CourseKit.Notebook;

namespace CourseKit.Session.Tests.Language;

public sealed class InspectionTests(LanguageSession session) : IClassFixture<LanguageSession>
{
    [Theory]
    // Variables: type, kind, value.
    [InlineData("learning|Rate", "double learningRate", "variable of this session", "= 0.25")]
    [InlineData("learningRate|", "double learningRate", "= 0.25")]
    [InlineData("|learningRate + 1", "double learningRate")]
    [InlineData("learned|", "string learned", "= \"a \\\"short\\\" text\"")]
    [InlineData("maybe|", "string maybe", "= null")]
    [InlineData("numbers|", "List<int> numbers", "= 3 elements")]
    [InlineData("größe|", "int größe", "= 3")]
    [InlineData("learningRate|\nvar next = 1;", "double learningRate")]
    // Functions of the session with their own documentation.
    [InlineData("Twice|(2)", "int Twice(int number, bool loud = false)", "function of this session", "Twice a number, as Math would.", "number: The number to double.", "Returns: The double.")]
    // .NET's.
    [InlineData("Math.Pow|(2, 3)", "double Math.Pow(double x, double y)", "method of System.Math")]
    [InlineData("Math.Max|(1, 2)", "int Math.Max(int val1, int val2)", "Also:", "... and")]
    [InlineData("Conso|le.WriteLine()", "class Console", "class in System")]
    [InlineData("numbers.Coun|t", "int List<int>.Count { get; }")]
    [InlineData("numbers.Whe|re(n => n > 1)", "IEnumerable<int>.Where<int>(Func<int, bool> predicate)", "extension method")]
    [InlineData("Shade.Da|rk", "Shade.Dark = 1")]
    [InlineData("in|t x = 1;", "int\n    struct in System")]
    [InlineData("v|ar x = 1.5;", "double\n    struct in System")]
    [InlineData("new Poi|nt(1, 2)", "record Point")]
    [InlineData("new Opt|ions { Epochs = 1 }", "class Options")]
    [InlineData("Twice(nu|mber: 2)", "int number", "parameter")]
    [InlineData("var lo|cal = 1 + 2;", "int local")]
    [InlineData("numbers.Select(ite|m => item)", "int item", "parameter")]
    // Between parentheses: the call.
    [InlineData("Twice(|", "int Twice(int number, bool loud = false)", "-> number: The number to double.")]
    [InlineData("Twice(2, |)", "-> loud")]
    [InlineData("Twice(loud: |)", "-> loud")]
    [InlineData("Math.Pow(2, |", "double Math.Pow(double x, double y)")]
    [InlineData("new Point(1, |", "Point(int X, int Y)", "-> Y")]
    [InlineData("string.Join(\", \", |", "string.Join(")]
    [InlineData("Console.WriteLine(Math.Pow(1, |))", "Math.Pow")]
    [InlineData("numbers[|", "this[int index]")]
    public async Task A_name_is_described_by_declaration_kind_value_and_documentation(string marked, params string[] expected)
    {
        var inspection = await session.InspectAsync(marked);
        Assert.True(inspection.Found);
        var text = (string)inspection.Data["text/plain"]!;
        Assert.All(expected, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.StartsWith("```csharp\n", (string?)inspection.Data["text/markdown"], StringComparison.Ordinal);
        Assert.DoesNotContain("Submission", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("|")]
    [InlineData("unknown|Name")]
    [InlineData("\"learning|Rate\"")]
    [InlineData("// learning|Rate")]
    [InlineData("#!ti|me")]
    [InlineData("#!html\nlearning|Rate")]
    [InlineData("1 + |2")]
    [InlineData("unknown(|")]
    public async Task Where_there_is_nothing_to_say_nothing_is_said(string marked)
    {
        var inspection = await session.InspectAsync(marked);
        Assert.False(inspection.Found);
        Assert.Empty(inspection.Data);
    }

    [Fact]
    public async Task More_detail_adds_the_members_of_a_type_or_of_a_variables_type()
    {
        var brief = (string)(await session.InspectAsync("point|")).Data["text/plain"]!;
        Assert.DoesNotContain("Members:", brief, StringComparison.Ordinal);
        var full = (string)(await session.InspectAsync("point|", detail: 1)).Data["text/plain"]!;
        Assert.Contains("Members:", full, StringComparison.Ordinal);
        Assert.Contains("int X { get; init; }", full, StringComparison.Ordinal);
        Assert.Contains("Deconstruct", full, StringComparison.Ordinal);
        Assert.DoesNotContain("GetHashCode", (string)(await session.InspectAsync("Opt|ions", detail: 1)).Data["text/plain"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_at_a_value_runs_no_code_of_the_cell()
    {
        var first = await (await session.ClientAsync()).RunAsync("class Loud { public override string ToString() => throw new Exception(\"ran\"); }\nvar loud = new Loud(); var loudOnes = new[] { loud }; var big = new string('x', 5000);", 5);
        Assert.True(first.Status == CellStatus.Ok, first.Message);
        var text = (string)(await session.InspectAsync("loud|")).Data["text/plain"]!;
        Assert.DoesNotContain("= ", text, StringComparison.Ordinal);
        Assert.Contains("= 1 elements", (string?)(await session.InspectAsync("loudOnes|")).Data["text/plain"], StringComparison.Ordinal);
        Assert.InRange(((string)(await session.InspectAsync("bi|g")).Data["text/plain"]!).Length, 1, 300);
    }

    [Fact]
    public async Task An_assemblys_own_xml_file_documents_it()
    {
        var inspection = await session.InspectAsync("displ|ay(1)");
        Assert.Contains("Shows a value below the cell.", (string?)inspection.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("mimeTypes: The forms to show", (string?)inspection.Data["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dotnets_documentation_comes_from_the_reference_assemblies_of_the_sdk()
    {
        var packs = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref");
        Assert.SkipUnless(Directory.Exists(packs), "There is no SDK here, only the runtime.");
        var text = (string)(await session.InspectAsync("Math.Pow|(2, 3)")).Data["text/plain"]!;
        Assert.Contains("Returns a specified number raised to the specified power.", text, StringComparison.Ordinal);
        Assert.Contains("-> y:", (string?)(await session.InspectAsync("Math.Pow(2, |")).Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("Adds an object to the end of the List.", (string?)(await session.InspectAsync("numbers.Add|(1)")).Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("Filters a sequence", (string?)(await session.InspectAsync("numbers.Where|(n => true)")).Data["text/plain"], StringComparison.Ordinal);
    }
}
