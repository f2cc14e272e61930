using System.Text;
using CourseKit.Session.Cells;

namespace CourseKit.Session.Magics;

/// <summary>The words of a command: options such as <c>--name x</c>, and what stands between them.</summary>
internal sealed class MagicArguments
{
    private readonly Directive _directive;
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private MagicArguments(Directive directive) => _directive = directive;

    /// <summary>What belongs to no option.</summary>
    public List<string> Words { get; } = [];

    /// <exception cref="DirectiveException">An option is unknown, or has no value.</exception>
    public static MagicArguments Parse(Directive directive, params ReadOnlySpan<string> known)
    {
        var arguments = new MagicArguments(directive);
        var words = SplitWords(directive.Text);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                arguments.Words.Add(word);
                continue;
            }

            if (word == "--byref" && known.Contains(word))
            {
                arguments._options[word] = "";
                continue;
            }

            if (!known.Contains(word))
                throw arguments.Fail($"has no option {word}; it has {string.Join(", ", known)}");
            if (i + 1 == words.Count)
                throw arguments.Fail($"needs a value after {word}");
            arguments._options[word] = words[++i];
        }

        return arguments;
    }

    public string? Option(string name) => _options.GetValueOrDefault(name);

    public string Require(string name) => Option(name) ?? throw Fail($"needs {name}");

    /// <summary>An exception that says how the command is written.</summary>
    public DirectiveException Fail(string problem)
    {
        var usage = MagicCommands.All.FirstOrDefault(command => command.Name == _directive.Name)?.Usage;
        return new DirectiveException(_directive, $"#{_directive.Name} {problem}. Write {usage}");
    }

    // Words end at blanks; quotes and the brackets of JSON keep them together. @input:"a b" is one word, without its quotes.
    private static List<string> SplitWords(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (depth, isQuoted, isWord) = (0, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (depth == 0 && !isQuoted && char.IsWhiteSpace(character))
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
                continue;
            }

            isWord = true;
            if (depth > 0 && character == '\\' && isQuoted && i + 1 < text.Length)
            {
                word.Append(character).Append(text[++i]);
                continue;
            }

            if (character == '"')
            {
                isQuoted = !isQuoted;
                if (depth == 0)
                    continue;
            }
            else if (!isQuoted)
            {
                depth += character is '{' or '[' ? 1 : character is '}' or ']' ? -1 : 0;
            }

            word.Append(character);
        }

        if (isWord)
            words.Add(word.ToString());
        return words;
    }
}
