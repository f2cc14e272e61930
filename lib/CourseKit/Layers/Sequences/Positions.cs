namespace CourseKit;

/// <summary>
/// Adds to each place of a sequence a pattern that tells where it is, because attention itself does not know (Vaswani et al.
/// 2017): at position t, number 2i is sin(t / 10000^(2i / width)) and number 2i + 1 the cosine of the same. The table is the
/// buffer pe, of shape maximumLength x width.
/// </summary>
public sealed class PositionalEncoding : Module
{
    private readonly int width, maximumLength;
    private readonly double dropout;
    private readonly Generator? generator;
    private readonly Tensor table;

    /// <summary>Computes the table.</summary>
    /// <param name="width">Numbers for each place.</param>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="dropout">The probability with which a number of the sum is dropped in training; the paper has 0.1.</param>
    /// <param name="generator">Where dropout's chances come from; the shared one by default.</param>
    /// <param name="device">Where the table is; the default device by default.</param>
    public PositionalEncoding(int width, int maximumLength = 5000, double dropout = 0, Generator? generator = null, Device? device = null)
    {
        (this.width, this.maximumLength, this.dropout, this.generator) = (width, maximumLength, dropout, generator);
        table = RegisterBuffer("pe", Table(maximumLength, width, device));
    }

    /// <summary>The pattern alone, length x width: one row for each position, for a picture.</summary>
    public static Tensor Table(int length, int width, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(PositionalEncoding), nameof(length), length);
        ArgumentCheck.AtLeast(1, nameof(PositionalEncoding), nameof(width), width);
        var values = new double[length * width];
        for (var i = 0; i < width; i++)
        {
            var frequency = Math.Pow(10000, -(double)(i - i % 2) / width); // in radians for each place
            for (var t = 0; t < length; t++)
                values[t * width + i] = i % 2 == 0 ? Math.Sin(t * frequency) : Math.Cos(t * frequency);
        }
        return Tensor.From(values, [length, width], device);
    }

    /// <summary>The input (..., T, width) plus the first T rows of the table.</summary>
    /// <exception cref="ShapeException">Another width, or a longer sequence than the table has rows.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.Positions("PositionalEncoding", width, maximumLength, input.Shape);
        return (input + table.Rows(0, input.Shape[-2])).Dropout(dropout, IsTraining, generator);
    }

    /// <inheritdoc/>
    public override string ToString() => $"PositionalEncoding({width}, up to {maximumLength} places)";
}

/// <summary>Adds a learned vector to each place of a sequence: what GPT and BERT do instead of <see cref="PositionalEncoding"/>. The table is the parameter weight, maximumLength x width.</summary>
public sealed class LearnedPositions : Module
{
    private readonly int width, maximumLength;

    /// <summary>Makes the table with small numbers, from the normal distribution with standard deviation 0.02 (Radford et al. 2018).</summary>
    /// <param name="width">Numbers for each place.</param>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public LearnedPositions(int width, int maximumLength, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(LearnedPositions), nameof(width), width);
        ArgumentCheck.AtLeast(1, nameof(LearnedPositions), nameof(maximumLength), maximumLength);
        (this.width, this.maximumLength) = (width, maximumLength);
        Weight = Register("weight", Tensor.Normal([maximumLength, width], 0, 0.02, generator, device));
    }

    /// <summary>One row for each position.</summary>
    public Tensor Weight { get; }

    /// <summary>The input (..., T, width) plus the first T rows of the table.</summary>
    /// <exception cref="ShapeException">Another width, or a longer sequence than the table has rows.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.Positions("LearnedPositions", width, maximumLength, input.Shape);
        return input + Weight.Rows(0, input.Shape[-2]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"LearnedPositions({width}, up to {maximumLength} places)";
}
