namespace CourseKit;

/// <summary>Hands out a data set in mini-batches, in a new random order each time it is walked through (one epoch). The last batch may be smaller.</summary>
public sealed class DataLoader
{
    private readonly bool shuffle;
    private readonly Generator generator;

    /// <summary>A loader of batches.</summary>
    /// <param name="data">What is handed out.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    /// <param name="shuffle">Whether each epoch has a new order.</param>
    /// <param name="generator">Where the order comes from; the shared one by default.</param>
    public DataLoader(TensorDataset data, int batchSize, bool shuffle = true, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        Data = data;
        BatchSize = batchSize;
        this.shuffle = shuffle;
        this.generator = generator ?? Generator.Default;
    }

    /// <summary>What is handed out.</summary>
    public TensorDataset Data { get; }

    /// <summary>Examples in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in an epoch.</summary>
    public int BatchCount => (Data.Count + BatchSize - 1) / BatchSize;

    /// <summary>The batches of one epoch.</summary>
    public IEnumerable<TensorDataset> Batches()
    {
        var order = shuffle ? generator.Permutation(Data.Count) : [.. Enumerable.Range(0, Data.Count)];
        for (var start = 0; start < order.Length; start += BatchSize)
            yield return Data.Rows(order.AsSpan(start, Math.Min(BatchSize, order.Length - start)));
    }
}
