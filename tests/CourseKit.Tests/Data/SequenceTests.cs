namespace CourseKit.Tests;

/// <summary>Nucleotides and characters as numbers.</summary>
public class SequenceTests
{
    [Fact]
    public void Each_base_has_a_channel_and_an_ambiguous_letter_is_shared_out()
    {
        foreach (var device in Device.All)
        {
            var encoded = Dna.OneHot(["ACGTu", "NRyBa"], device);
            Assert.Equal("2x5x4", encoded.Shape.ToString());
            const double Third = 1.0 / 3;
            Near.Assert(
                [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0.25, 0.25, 0.25, 0.25, 0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5, 0, Third, Third, Third, 1, 0, 0, 0],
                encoded.ToDoubleArray(), device.Precision == 64 ? 1e-15 : 1e-7, 1, "one-hot");
        }
        Assert.Equal([0, 1, 2, 3, 3, 4, 4, 4, 4, 0], Dna.Tokens(["ACGTu", "NRyBa"]).ToArray());
    }

    [Fact]
    public void Every_place_of_any_sequence_sums_to_one()
        => Assert.All(Dna.OneHot(["ACGTURYSWKMBDHVN"], Device.Reference).Sum(-1).ToDoubleArray(), sum => Assert.Equal(1, sum, tolerance: 1e-15));

    [Fact]
    public void A_letter_that_is_no_nucleotide_is_named_with_its_place()
    {
        foreach (var mistake in new Action[] { () => Dna.OneHot(["ACG", "A-G"]), () => Dna.Tokens(["ACG", "A-G"]) })
            Assert.StartsWith("Sequence 1, place 1: \"-\" is no nucleotide.", Assert.Throws<FormatException>(mistake).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sequences_of_the_course_are_read_from_their_tables()
    {
        var splice = Table.Load("dna_splice.csv");
        var data = new TensorDataset(Dna.OneHot(splice["sequence"]), splice.Classes("class", "ei", "ie", "n"));
        Assert.Equal("3186x60x4", data.Inputs.Shape.ToString());
        Assert.Equal([767, 765, 1654], data.Classes.ToArray().CountBy(index => index).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal([44443, 50227, 50232, 46258], data.Inputs.Reshape(-1, 4).Sum(0).ToDoubleArray()); // counted with grep
        // Nearly every exon-intron border is followed by GT, 30 letters in.
        Assert.True(splice.Where("class", "ei")["sequence"].Count(sequence => sequence.AsSpan(30, 2) is "GT") > 700);
        Assert.Equal("106x57", Dna.Tokens(Table.Load("ecoli_promoters.csv")["sequence"]).Shape.ToString());
    }

    [Fact]
    public void FASTA_text_is_read_over_many_lines_with_comments_and_spaces()
    {
        var records = Dna.ReadFasta(new StringReader("; a comment\n>first one of two\r\nACG T\nacgt\n\n>second\nNN\n"));
        Assert.Equal([new FastaRecord("first", "one of two", "ACGTacgt"), new FastaRecord("second", "", "NN")], records);
    }

    [Theory]
    [InlineData("ACGT\n", "genes.fa, line 1: a sequence in FASTA begins with")]
    [InlineData("", "genes.fa holds no sequence")]
    [InlineData(">a\n>b\nAC\n", "genes.fa: the sequence a has no letters")]
    [InlineData(">a\nAC\n>b\n", "genes.fa: the sequence b has no letters")]
    public void FASTA_text_that_is_none_is_explained(string text, string message)
        => Assert.StartsWith(message, Assert.Throws<FormatException>(() => Dna.ReadFasta(new StringReader(text), "genes.fa")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_FASTA_file_is_found_and_read()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.fa");
        File.WriteAllText(path, ">x\nGATTACA\n");
        try
        {
            Assert.Equal("GATTACA", Assert.Single(Dna.LoadFasta(path)).Letters);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Characters_are_numbered_in_the_order_of_their_codes_and_come_back()
    {
        var vocabulary = CharacterVocabulary.From("hello, world\n");
        Assert.Equal("\n ,dehlorw", vocabulary.Characters);
        Assert.Equal(10, vocabulary.Count);
        Assert.Equal([5, 4, 6, 6, 7], vocabulary.Encode("hello").ToArray());
        Assert.Equal("world", vocabulary.Decode(vocabulary.Encode("world")));
        Assert.Equal("", vocabulary.Decode(vocabulary.Encode("")));
        Assert.StartsWith("The character \"x\" (U+0078) at place 1 is not among the 10", Assert.Throws<ArgumentException>(() => vocabulary.Encode("ox")).Message, StringComparison.Ordinal);
        Assert.Contains("token 10 stands for no character: there are 10, numbered 0 to 9", Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode(IntTensor.From([10]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CharacterVocabulary.From(""));
    }

    [Fact]
    public void A_whole_novel_goes_there_and_back()
    {
        var novel = DataFiles.ReadText("pride_and_prejudice.txt");
        var vocabulary = CharacterVocabulary.From(novel);
        Assert.Equal(novel, vocabulary.Decode(vocabulary.Encode(novel)));
        Assert.InRange(vocabulary.Count, 60, 100);
    }

    [Fact]
    public void Each_token_is_followed_by_the_next()
    {
        var tokens = IntTensor.From([.. Enumerable.Range(0, 10)]);
        var data = CharacterVocabulary.NextTokens(tokens, 3);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], data.Tokens.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], data.Classes.ToArray());
        Assert.Equal("3x3", data.Classes.Shape.ToString());
        Assert.Equal([0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7], CharacterVocabulary.NextTokens(tokens, 4, stride: 2).Tokens.ToArray());
        Assert.Equal(1, CharacterVocabulary.NextTokens(tokens, 9).Count);
        Assert.Contains("needs 11", Assert.Throws<ArgumentException>(() => CharacterVocabulary.NextTokens(tokens, 10)).Message, StringComparison.Ordinal);
    }
}
