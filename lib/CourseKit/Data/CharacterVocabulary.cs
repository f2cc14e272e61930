using System.Text;

namespace CourseKit;

/// <summary>The characters of a text, numbered, so that a network can read and write them one by one.</summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class CharacterVocabulary
{
    private readonly string characters;
    private readonly Dictionary<char, int> tokens;

    private CharacterVocabulary(string characters)
    {
        this.characters = characters;
        tokens = characters.Select((character, token) => (character, token)).ToDictionary(pair => pair.character, pair => pair.token);
    }

    /// <summary>Every character of the text once, in the order of their codes, so that the same text always gives the same numbers.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static CharacterVocabulary From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            throw new ArgumentException("CharacterVocabulary got an empty text: it is made of the characters of the text to learn from.");
        return new CharacterVocabulary(string.Concat(text.Distinct().Order()));
    }

    /// <summary>The characters in the order of their tokens.</summary>
    public string Characters => characters;

    /// <summary>How many characters there are.</summary>
    public int Count => characters.Length;

    /// <summary>The token of each character.</summary>
    /// <exception cref="ArgumentException">A character was not in the text that the vocabulary was made from.</exception>
    public IntTensor Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var encoded = new int[text.Length];
        for (var i = 0; i < encoded.Length; i++)
            if (!tokens.TryGetValue(text[i], out encoded[i]))
                throw new ArgumentException($"The character \"{text[i]}\" (U+{(int)text[i]:X4}) at place {i} is not among the {Count} of this vocabulary: make the vocabulary from a text that has it, or leave it out.");
        return IntTensor.From(encoded);
    }

    /// <summary>The text that the tokens stand for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token stands for no character.</exception>
    public string Decode(IntTensor encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        var text = new StringBuilder(encoded.Count);
        foreach (var token in encoded.AsSpan())
            text.Append(token >= 0 && token < Count ? characters[token] : throw new ArgumentOutOfRangeException(nameof(encoded), $"The token {token} stands for no character: there are {Count}, numbered 0 to {Count - 1}."));
        return text.ToString();
    }

    /// <summary>
    /// Examples for learning to write on: stretches of <paramref name="length"/> tokens, N x length, and as classes, of the same
    /// shape, the token that follows each of them.
    /// </summary>
    /// <param name="encoded">A text in tokens, in one axis.</param>
    /// <param name="length">Tokens of one stretch.</param>
    /// <param name="stride">From the beginning of one stretch to that of the next; the length by default, so that none overlap.</param>
    /// <exception cref="ArgumentException">The text is not longer than one stretch.</exception>
    public static TensorDataset NextTokens(IntTensor encoded, int length, int? stride = null)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        ArgumentCheck.AtLeast(1, nameof(NextTokens), nameof(length), length);
        var step = stride ?? length;
        ArgumentCheck.AtLeast(1, nameof(NextTokens), nameof(stride), step);
        if (encoded.Count <= length)
            throw new ArgumentException($"NextTokens got {encoded.Count} tokens, and one stretch of {length} with the token that follows needs {length + 1L}.");
        var count = (encoded.Count - length - 1) / step + 1;
        var (from, to) = (new int[count * length], new int[count * length]);
        for (var n = 0; n < count; n++)
        {
            encoded.AsSpan().Slice(n * step, length).CopyTo(from.AsSpan(n * length));
            encoded.AsSpan().Slice(n * step + 1, length).CopyTo(to.AsSpan(n * length));
        }
        return new TensorDataset(IntTensor.From(from, [count, length]), IntTensor.From(to, [count, length]));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Count} characters: {string.Concat(characters.Select(character => char.IsControl(character) ? $"\\u{(int)character:X4}" : character.ToString()))}";
}
