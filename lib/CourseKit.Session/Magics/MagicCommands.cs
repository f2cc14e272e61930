using CourseKit.Session.Cells;

namespace CourseKit.Session.Magics;

/// <summary>A command that a line of a cell may give.</summary>
/// <param name="Name">The line's first word, without <c>#</c>.</param>
/// <param name="Usage">The whole line, as one writes it.</param>
/// <param name="Purpose">What it does.</param>
/// <param name="ActsInPlace">Whether it acts between the statements above and below it.</param>
internal sealed record MagicCommand(string Name, string Usage, string Purpose, bool ActsInPlace = false);

/// <summary>The commands of this session.</summary>
internal static class MagicCommands
{
    private const int FurthestName = 3;

    public static IReadOnlyList<MagicCommand> All { get; } =
    [
        new("!csharp", "#!csharp", "C# from here on"),
        new("!html", "#!html", "HTML from here on, shown below the cell"),
        new("!javascript", "#!javascript", "JavaScript from here on (also #!js), run in the page"),
        new("!markdown", "#!markdown", "Markdown from here on, shown below the cell"),
        new("!mermaid", "#!mermaid", "a Mermaid diagram from here on"),
        new("!css", "#!css", "a style sheet from here on, for the whole page"),
        new("!value", "#!value --name NAME [--from-file FILE | --from-url URL] [--mime-type TYPE]", "keeps the text below, a file or a page under a name for #!share and #!set"),
        new("!time", "#!time", "shows how long the cell ran"),
        new("!who", "#!who", "names the variables there are", ActsInPlace: true),
        new("!whos", "#!whos", "lists the variables with types and values", ActsInPlace: true),
        new("!set", "#!set --name NAME --value VALUE [--mime-type TYPE]", "makes a variable: of a text, of JSON, of @csharp:x, @value:x, @input:PROMPT, @password:PROMPT", ActsInPlace: true),
        new("!share", "#!share --from KERNEL NAME [--as NAME]", "makes a value of another language known here", ActsInPlace: true),
        new("!import", "#!import FILE", "runs a .cs, .csx, .ipynb or .dib file as if it stood here", ActsInPlace: true),
        new("!lsmagic", "#!lsmagic", "shows this list", ActsInPlace: true),
        new("!about", "#!about", "says what runs the cells", ActsInPlace: true),
        new("r", "#r \"nuget: ID, VERSION\"", "brings in a package, or a file: #r \"path/to/file.dll\""),
        new("i", "#i \"nuget: SOURCE\"", "adds a feed of packages: an address or a folder"),
    ];

    public static bool IsKnown(string name) => All.Any(command => command.Name == name);

    public static bool ActsInPlace(string name) => All.Any(command => command.Name == name && command.ActsInPlace);

    public static DirectiveException Unknown(Directive directive)
    {
        var near = All.Where(command => command.Name.StartsWith('!'))
            .Select(command => (command.Name, Distance: Distance(command.Name, directive.Name.ToLowerInvariant())))
            .MinBy(candidate => candidate.Distance);
        return new DirectiveException(directive, $"#{directive.Name} is not a command of a C# session."
            + (near.Distance <= FurthestName && near.Distance < directive.Name.Length ? $" Did you mean #{near.Name}?" : "")
            + " #!lsmagic lists them all.");
    }

    public static DirectiveException NotSpoken(Directive directive, string language) => new(directive,
        $"{language} is not part of this kernel, which runs C# and shows HTML, JavaScript, Markdown and Mermaid: rewrite the part below #{directive.Name} in C#.");

    /// <summary>How many letters must be put in, taken out, replaced or swapped with the next to make one word of the other.</summary>
    private static int Distance(string first, string second)
    {
        var steps = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            for (var j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                var replaced = steps[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1, replaced);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }

        return steps[first.Length, second.Length];
    }
}
