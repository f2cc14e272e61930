namespace CourseKit;

/// <summary>One sequence of a FASTA file.</summary>
/// <param name="Name">What stands after the &gt; up to the first space.</param>
/// <param name="Description">The rest of that line.</param>
/// <param name="Letters">The letters, without spaces and line breaks.</param>
public sealed record FastaRecord(string Name, string Description, string Letters);

/// <summary>
/// Sequences of nucleotides. The channels are A, C, G, T in this order; U counts as T, and small letters as capital ones.
/// A letter that stands for several bases (IUPAC 1970: N is any, R is A or G, ...) is shared out evenly among them, so every
/// place sums to 1; as a token it is <see cref="Ambiguous"/>.
/// </summary>
public static class Dna
{
    /// <summary>The token of a letter that stands for several bases.</summary>
    public const int Ambiguous = 4;

    /// <summary>How many tokens there are: the four bases and <see cref="Ambiguous"/>.</summary>
    public const int TokenCount = 5;

    private const string Bases = "ACGT";

    // Each letter and the bases it may stand for.
    private static readonly Dictionary<char, string> Codes =
        "A=A C=C G=G T=T U=T R=AG Y=CT S=CG W=AT K=GT M=AC B=CGT D=AGT H=ACT V=ACG N=ACGT".Split(' ').ToDictionary(code => code[0], code => code[2..]);

    /// <summary>Reads a FASTA file, looked for as <see cref="DataFiles.Find"/> does.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file does not begin with a line that starts with &gt;, or a sequence has no letters; the message says where.</exception>
    public static IReadOnlyList<FastaRecord> LoadFasta(string file) => ReadFasta(new StringReader(DataFiles.ReadText(file)), Path.GetFileName(file));

    /// <summary>Reads FASTA text (Lipman and Pearson 1985): a line &gt;name description, then lines of letters. Lines that begin with ; are comments.</summary>
    /// <exception cref="FormatException">As for <see cref="LoadFasta"/>.</exception>
    public static IReadOnlyList<FastaRecord> ReadFasta(TextReader reader, string source = "the FASTA text")
    {
        ArgumentNullException.ThrowIfNull(reader);
        var records = new List<FastaRecord>();
        var heading = "";
        var letters = new System.Text.StringBuilder();
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.StartsWith('>'))
            {
                if (number > 1 && heading.Length > 0)
                    Finish();
                heading = line;
            }
            else if (!line.StartsWith(';') && !string.IsNullOrWhiteSpace(line))
            {
                if (heading.Length == 0)
                    throw new FormatException($"{source}, line {number}: a sequence in FASTA begins with a line of > and its name.");
                foreach (var letter in line)
                    if (!char.IsWhiteSpace(letter))
                        letters.Append(letter);
            }
        }
        if (heading.Length == 0)
            throw new FormatException($"{source} holds no sequence: one in FASTA begins with a line of > and its name.");
        Finish();
        return records;

        void Finish()
        {
            var words = heading[1..].Trim().Split((char[]?)null, 2, StringSplitOptions.TrimEntries);
            if (letters.Length == 0)
                throw new FormatException($"{source}: the sequence {words[0]} has no letters.");
            records.Add(new FastaRecord(words[0], words.Length > 1 ? words[1] : "", letters.ToString()));
            letters.Clear();
        }
    }

    /// <summary>Sequences as numbers, N x length x 4, as a recurrent network or a transformer wants them.</summary>
    /// <exception cref="ShapeException">There is no sequence, or they are not equally long.</exception>
    /// <exception cref="FormatException">A letter is no nucleotide; the message says where.</exception>
    public static Tensor OneHot(IReadOnlyList<string> sequences, Device? device = null)
    {
        var length = Length(sequences);
        var values = new double[Shape.Create(sequences.Count, length, 4).ElementCount];
        for (var n = 0; n < sequences.Count; n++)
            for (var i = 0; i < length; i++)
            {
                var bases = BasesOf(sequences, n, i);
                foreach (var letter in bases)
                    values[(n * length + i) * 4 + Bases.IndexOf(letter, StringComparison.Ordinal)] = 1.0 / bases.Length;
            }
        return Tensor.From((ReadOnlySpan<double>)values, [sequences.Count, length, 4], device);
    }

    /// <summary>Sequences as tokens for an embedding, N x length: 0 to 3 for A, C, G, T, and <see cref="Ambiguous"/>.</summary>
    /// <exception cref="ShapeException">There is no sequence, or they are not equally long.</exception>
    /// <exception cref="FormatException">A letter is no nucleotide; the message says where.</exception>
    public static IntTensor Tokens(IReadOnlyList<string> sequences)
    {
        var length = Length(sequences);
        var tokens = new int[sequences.Count * length];
        for (var n = 0; n < sequences.Count; n++)
            for (var i = 0; i < length; i++)
                tokens[n * length + i] = BasesOf(sequences, n, i) is { Length: 1 } single ? Bases.IndexOf(single, StringComparison.Ordinal) : Ambiguous;
        return IntTensor.From(tokens, [sequences.Count, length]);
    }

    private static int Length(IReadOnlyList<string> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0)
            throw new ShapeException("Dna got no sequence: there must be at least one.");
        for (var n = 1; n < sequences.Count; n++)
            ShapeCheck.EqualLengths(sequences[0].Length, sequences[n].Length, n);
        return sequences[0].Length;
    }

    private static string BasesOf(IReadOnlyList<string> sequences, int n, int place)
        => Codes.TryGetValue(char.ToUpperInvariant(sequences[n][place]), out var bases)
            ? bases
            : throw new FormatException($"Sequence {n}, place {place}: \"{sequences[n][place]}\" is no nucleotide. A, C, G, T, U and the letters for several of them (R Y S W K M B D H V N) are.");
}
