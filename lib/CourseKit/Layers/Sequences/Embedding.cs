namespace CourseKit;

/// <summary>A table of learned vectors, one for each word, letter or other thing with a number: an index becomes its row.</summary>
public sealed class Embedding : Module
{
    private readonly int count, width;

    /// <summary>Makes the table with numbers from the normal distribution (mean 0, standard deviation 1), as PyTorch does.</summary>
    /// <param name="count">How many things there are; indices go from 0 to count - 1.</param>
    /// <param name="width">Numbers of one vector.</param>
    /// <param name="paddingIndex">The index that fills short sequences up: its row starts as zeros and gets no gradient.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing to embed, no width, or a padding index that is no row.</exception>
    public Embedding(int count, int width, int? paddingIndex = null, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(Embedding), nameof(count), count);
        ArgumentCheck.AtLeast(1, nameof(Embedding), nameof(width), width);
        if (paddingIndex is < 0 || paddingIndex >= count)
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), $"Embedding({count} -> {width}) got the padding index {paddingIndex}: its rows are numbered 0 to {count - 1}.");
        (this.count, this.width, PaddingIndex) = (count, width, paddingIndex);
        var table = Tensor.Normal([count, width], generator: generator, device: device);
        if (paddingIndex is { } padding)
            table.Device.Fill(table.Rows(padding, 1).ViewToOverwrite, 0);
        Weight = Register("weight", table);
    }

    /// <summary>The table, of shape count x width.</summary>
    public Tensor Weight { get; }

    /// <summary>The index whose row gets no gradient, or null.</summary>
    public int? PaddingIndex { get; }

    /// <summary>The rows of the given indices: from any shape to shape x width. A row that is read twice gets both gradients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is no row of the table.</exception>
    public Tensor Forward(IntTensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        for (var i = 0; i < indices.Count; i++)
            ShapeCheck.EmbeddingIndex(ToString(), indices[i], i, indices.Shape, count);
        var rows = Weight.Rows(indices); // (count of indices, width)
        if (PaddingIndex is { } padding)
        {
            var isPadding = Tensor.From([.. indices.ToArray().Select(index => index == padding ? 1.0 : 0)], [indices.Count, 1], Weight.Device);
            rows = Tensor.Where(isPadding, rows.Detach(), rows);
        }
        return rows.Reshape([.. indices.Shape, width]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Embedding({count} -> {width})";
}
