using CourseKit.Notebook;

namespace CourseKit.Session.Tests.Language;

public sealed class CompletionTests(LanguageSession session) : IClassFixture<LanguageSession>
{
    [Theory]
    // Names of earlier cells, of .NET, of the language.
    [InlineData("lear|", "learningRate learned", "Console")]
    [InlineData("Con|", "Console Convert", "learningRate")]
    [InlineData("var x = Ma|", "Math")]
    [InlineData("lat|", "later", "learningRate")]
    [InlineData("Th|", "Thrice throw", "Twice")]
    [InlineData("disp|", "display")]
    [InlineData("Shad|", "Shade")]
    [InlineData("grö|", "größe")]
    [InlineData("|", "learningRate later foreach")]
    [InlineData("fore|", "foreach")]
    [InlineData("in|", "int interface")]
    [InlineData("var text = n|", "new null nameof numbers", "namespace")]
    // Members.
    [InlineData("Math.|", "Abs PI Max", "Equals learningRate")]
    [InlineData("Math.Ab|", "Abs", "Max")]
    [InlineData("numbers.|", "Count Add Select Where ToString", "PI learningRate")]
    [InlineData("numbers.Wh|", "Where", "Count")]
    [InlineData("point.|", "X Y Deconstruct ToString", "Epochs EqualityContract")]
    [InlineData("numbers.Where(n => n.|", "CompareTo", "Add")]
    [InlineData("numbers.Select(n => new { Half = n / 2 }).First().|", "Half")]
    [InlineData("maybe?.|", "Length Trim", "Empty")]
    [InlineData("string.|", "Empty Join", "Length Trim")]
    [InlineData("\"text\".|", "Length")]
    [InlineData("Shade.|", "Light Dark DarkBlue", "HasFlag")]
    [InlineData("System.|", "Console Linq IO", "learningRate")]
    [InlineData("System.IO.Fi|", "File FileInfo", "Path")]
    [InlineData("global::System.Col|", "Collections")]
    [InlineData("new System.Random().|", "NextDouble", "Shared")]
    [InlineData("typeof(int).|", "Name FullName")]
    [InlineData("Twice(2).|", "CompareTo")]
    [InlineData("Twice.|", "")]
    [InlineData("Console.WriteLine(point.|)", "X Y")]
    [InlineData("point.|\nvar next = 5;", "X Y")]
    [InlineData("point.|\nConsole.WriteLine(1);", "X Y")]
    [InlineData("lear|\nvar next = 5;", "learningRate")]
    [InlineData("point\n    .|", "X Y")]
    [InlineData("(1, \"a\").|", "Item1 Item2")]
    [InlineData("unknown.|", "")]
    [InlineData("Console.WriteLine().|", "")]
    [InlineData("3.|", "")]
    [InlineData("var half = 0.|", "")]
    [InlineData("await Task.|", "Run Delay WhenAll")]
    // Local names, and only those that are there already.
    [InlineData("void F(int count) { var country = 1; cou|", "count country")]
    [InlineData("foreach (var item in numbers) { it|", "item")]
    [InlineData("for (var index = 0; ind|", "index")]
    [InlineData("abc|; var abcd = 1; int Abcf() => 1;", "Abcf", "abcd")]
    [InlineData("var here = he|", "", "here")]
    [InlineData("numbers.Select(number => num|)", "number numbers")]
    [InlineData("from item in numbers select it|", "item")]
    [InlineData("class A { int own; void F() { ow| } }", "own")]
    [InlineData("class A { int own; void F() { this.| } }", "own F")]
    [InlineData("class A { protected int own; } class B : A { void F() { base.| } }", "own")]
    // Places with names of their own.
    [InlineData("Twice(|", "number: loud: learningRate")]
    [InlineData("Twice(2, lo|)", "loud:", "number:")]
    [InlineData("Twice(loud: true, |)", "number:", "loud:")]
    [InlineData("new Options { | }", "LearningRate Epochs Momentum Sizes", "ReadOnly Shared learningRate Console")]
    [InlineData("new Options { Epochs = 1, Lea|", "LearningRate", "Epochs learningRate")]
    [InlineData("new Options { Epochs = 1, | }", "LearningRate", "Epochs")]
    [InlineData("new Options { LearningRate = lear| }", "learningRate")]
    [InlineData("Options o = new() { | }", "LearningRate Epochs")]
    [InlineData("var moved = point with { | };", "X Y", "learningRate")]
    [InlineData("point is { | }", "X Y", "learningRate")]
    [InlineData("point is { X: 1, | }", "Y")]
    [InlineData("new List<int> { lat| }", "later")]
    [InlineData("Paint(|", "Shade.Light Shade.Dark shade:")]
    [InlineData("Shade shade = |", "Shade.Light Shade.Dark")]
    [InlineData("var s = Shade.Dark; if (s == |", "Shade.Light")]
    [InlineData("new Li|", "List LinkedList", "learningRate later Twice")]
    [InlineData("List<Poi|", "Point", "point")]
    [InlineData("typeof(Poi|)", "Point", "point")]
    [InlineData("class A : Opt| { }", "Options")]
    [InlineData("[Obs|] void F() { }", "Obsolete", "ObsoleteAttribute Object")]
    [InlineData("using System.|", "Text Linq IO", "Console")]
    [InlineData("using Sys|", "System", "learningRate String")]
    [InlineData("using static System.|", "Math Console IO")]
    [InlineData("using Alias = System.|", "Console")]
    [InlineData("point i|", "is in", "int if")]
    [InlineData("var i|", "")]
    [InlineData("int coun|", "")]
    // No names at all.
    [InlineData("\"lear|\"", "")]
    [InlineData("\"lear|", "")]
    [InlineData("var s = @\"lear|\"", "")]
    [InlineData("var s = \"\"\"\nlear|\n\"\"\"", "")]
    [InlineData("var s = $\"lear|\"", "")]
    [InlineData("'l|'", "")]
    [InlineData("// lear|", "")]
    [InlineData("/* lear| */", "")]
    [InlineData("/// lear|", "")]
    [InlineData("#if NEVER\nlear|\n#endif", "")]
    [InlineData("12|", "")]
    [InlineData("0x1F|", "")]
    // Holes in texts are code.
    [InlineData("$\"{lear|}\"", "learningRate")]
    [InlineData("$\"{lear|", "learningRate")]
    [InlineData("$\"half {point.|}\"", "X Y")]
    [InlineData("/* remark */ lear|", "learningRate")]
    [InlineData("\"text\" + lear|", "learningRate")]
    // Hidden: obsolete names, the session's own inside.
    [InlineData("Anc|", "", "Ancient")]
    [InlineData("it|", "", "InvalidTimeZoneException")]
    [InlineData("System.Threading.Thread.CurrentThread.|", "Join Name", "Suspend Abort")]
    [InlineData("CourseKit.|", "", "Session")]
    [InlineData("Subm|", "")]
    [InlineData("StopCh|", "")]
    [InlineData("AppDomain.|", "CurrentDomain", "GetCurrentThreadId")]
    // Words in the middle, capitals, humps.
    [InlineData("LEARN|", "learningRate learned")]
    [InlineData("Console.WL|", "WriteLine", "Write Beep")]
    [InlineData("lR|", "learningRate", "learned")]
    [InlineData("numbers.FOD|", "FirstOrDefault", "First")]
    [InlineData("lear|ningRate", "learningRate")]
    // Other line ends, characters of several units, bad code.
    [InlineData("var a = 1;\r\npoint.|\r\nvar b = 2;", "X Y")]
    [InlineData("var s = \"😀😀\"; point.|", "X Y")]
    [InlineData("var 漢字 = 1; 漢|", "漢字")]
    [InlineData("}}} ((( point.|", "X Y")]
    [InlineData("class { void ( { if while point.|", "X Y")]
    [InlineData("namespace N { class C { void F() { Math.| } } }", "Abs")]
    [InlineData("@cl|", "", "class")]
    public async Task Names_that_fit_are_found_and_others_are_not(string marked, string present, string absent = "")
    {
        var (completions, code, cursor) = await session.CompleteAsync(marked);
        foreach (var name in present.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains(name, completions.Matches);
        foreach (var name in absent.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.DoesNotContain(name, completions.Matches);
        if (present.Length == 0 && absent.Length == 0)
            Assert.Empty(completions.Matches);
        Assert.Equal(cursor, completions.End);
        Assert.InRange(completions.Matches.Count, 0, 300);
        Assert.Equal(completions.Matches.Count, completions.Matches.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(completions.Matches, match => match.Contains('<', StringComparison.Ordinal) || match.Contains('#', StringComparison.Ordinal) || match.StartsWith("get_", StringComparison.Ordinal));
        Assert.NotNull(code);
    }

    [Theory]
    [InlineData("lear|", "lear")]
    [InlineData("Math.Ab|", "Ab")]
    [InlineData("Math.|", "")]
    [InlineData("var s = \"😀\"; lear|", "lear")]
    [InlineData("a\r\nlear|", "lear")]
    [InlineData("#r \"nuget: Kit|", "Kit")]
    [InlineData("#!ti|", "#!ti")]
    public async Task What_is_replaced_is_the_word_before_the_cursor(string marked, string replaced)
    {
        var (completions, code, _) = await session.CompleteAsync(marked);
        Assert.NotEmpty(completions.Matches);
        Assert.Equal(replaced, code[completions.Start..completions.End]);
    }

    [Theory]
    [InlineData("lear|", "learned variable")]
    [InlineData("Twi|", "Twice function")]
    [InlineData("Poi|", "Point record")]
    [InlineData("Shad|", "Shade enum")]
    [InlineData("Math.Ab|", "Abs method")]
    [InlineData("Math.P|", "PI constant")]
    [InlineData("numbers.Wher|", "Where extension method")]
    [InlineData("numbers.Coun|", "Count property")]
    [InlineData("Shade.L|", "Light enum member")]
    [InlineData("using Sys|", "System namespace")]
    [InlineData("foreac|", "foreach keyword")]
    [InlineData("Twice(lou|", "loud: named argument")]
    [InlineData("IEnumer|", "IEnumerable interface")]
    [InlineData("DateTim|", "DateTime struct")]
    [InlineData("Actio|", "Action delegate")]
    public async Task Each_match_says_what_it_is(string marked, string expected)
    {
        var (completions, _, _) = await session.CompleteAsync(marked);
        Assert.Contains(expected, completions.Matches.Zip(completions.Types, (match, type) => $"{match} {type}"));
    }

    [Fact]
    public async Task The_users_own_names_come_first_and_prefixes_before_humps()
    {
        var (own, _, _) = await session.CompleteAsync("l|");
        Assert.Equal(["later", "learned", "learningRate"], own.Matches.Take(3));
        var (members, _, _) = await session.CompleteAsync("numbers.|");
        Assert.True(Place(members, "Count") < Place(members, "Where") && Place(members, "Where") < Place(members, "GetHashCode"));
        var (humps, _, _) = await session.CompleteAsync("numbers.To|");
        Assert.StartsWith("To", humps.Matches[0], StringComparison.Ordinal);
        var (mixed, _, _) = await session.CompleteAsync("\"\".Tr|");
        Assert.Equal("Trim", mixed.Matches[0]);
        var (named, _, _) = await session.CompleteAsync("Twice(|");
        Assert.Equal(["loud:", "number:"], named.Matches.Take(2));
    }

    [Fact]
    public async Task Magic_commands_packages_and_paths_are_completed_in_their_lines()
    {
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        try
        {
            var root = folder.FullName.Replace('\\', '/');
            folder.CreateSubdirectory("models");
            foreach (var file in new[] { "library.dll", "helpers.cs", "chapter.ipynb", "picture.png" })
                await File.WriteAllTextAsync(Path.Combine(root, file), "", TestContext.Current.CancellationToken);

            Assert.Contains("#!time", (await session.CompleteAsync("#!|")).Completions.Matches);
            Assert.Equal(["#!time"], (await session.CompleteAsync("#!ti|\n1 + 1")).Completions.Matches);
            Assert.Contains("#r", (await session.CompleteAsync("#|")).Completions.Matches);
            Assert.Equal(["Kit.Numbers"], (await session.CompleteAsync("#r \"nuget: kit|\"")).Completions.Matches);
            Assert.Contains("nuget: ", (await session.CompleteAsync("#r \"|")).Completions.Matches);
            Assert.Equal(["library.dll", "models/"], (await session.CompleteAsync($"#r \"{root}/|\"")).Completions.Matches);
            Assert.Equal(["chapter.ipynb", "helpers.cs", "models/"], (await session.CompleteAsync($"#!import {root}/|")).Completions.Matches);
            Assert.Equal(["helpers.cs"], (await session.CompleteAsync($"#!import \"{root}/hel|\"")).Completions.Matches);
            Assert.Empty((await session.CompleteAsync($"#r \"{root}/nowhere/|\"")).Completions.Matches);
            Assert.Empty((await session.CompleteAsync("#!html\n<b>lear|")).Completions.Matches);
            Assert.Contains("learningRate", (await session.CompleteAsync("#!html\n<b></b>\n#!csharp\nlear|")).Completions.Matches);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("learn", -5)]
    [InlineData("learn", 500)]
    [InlineData("", 0)]
    [InlineData("😀", 1)]
    [InlineData("\ud83d", 1)]
    [InlineData("\0\0", 1)]
    public async Task A_cursor_outside_the_code_or_inside_a_character_is_no_error(string code, int cursor)
    {
        var token = TestContext.Current.CancellationToken;
        var completions = await (await session.ClientAsync()).CompleteAsync(code, cursor, token);
        Assert.InRange(completions.End, 0, code.Length);
        Assert.NotNull(await (await session.ClientAsync()).InspectAsync(code, cursor, 0, token));
        Assert.NotNull(await (await session.ClientAsync()).IsCompleteAsync(code, token));
    }

    [Fact]
    public async Task Any_prefix_of_a_cell_with_the_cursor_anywhere_is_answered()
    {
        var token = TestContext.Current.CancellationToken;
        for (var length = 0; length < LanguageSession.FirstCell.Length; length += 7)
        {
            var code = LanguageSession.FirstCell[..length];
            Assert.Equal(length, (await (await session.ClientAsync()).CompleteAsync(code, length, token)).End);
            Assert.NotNull(await (await session.ClientAsync()).InspectAsync(code, length / 2, 1, token));
            Assert.NotEqual("unknown", (await (await session.ClientAsync()).IsCompleteAsync(code, token)).Status);
        }
    }

    private static int Place(Completions completions, string name) => completions.Matches.ToList().IndexOf(name);
}
