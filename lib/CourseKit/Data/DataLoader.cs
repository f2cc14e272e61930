namespace CourseKit;

/// <summary>Hands out a data set in mini-batches, in a new random order each time it is walked through (one epoch). The last batch may be smaller, or is left out.</summary>
public sealed class DataLoader
{
    private readonly bool shuffle, dropLast;
    private readonly Generator generator;
    private readonly Func<TensorDataset, TensorDataset>? transform;
    private readonly Device? device;
    private int[] order = []; // of the epoch that was begun last

    /// <summary>A loader of batches.</summary>
    /// <param name="data">What is handed out.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    /// <param name="shuffle">Whether each epoch has a new order.</param>
    /// <param name="generator">Where the order comes from; the shared one by default.</param>
    /// <param name="dropLast">Whether a last batch that is smaller than the others is left out: some layers and step counts want equal batches.</param>
    /// <param name="transform">What is done to every batch as it is handed out, such as an <see cref="Augmentation"/>.</param>
    /// <param name="device">Where batches are handed out, if the data is elsewhere: each is copied there. A device that runs ahead gets the next one while one is used (where there is a transform, that alone is done as it is handed out), so the data must stay as it is during an epoch. A data set that fits there is better moved as a whole, <see cref="TensorDataset.To"/>.</param>
    public DataLoader(TensorDataset data, int batchSize, bool shuffle = true, Generator? generator = null, bool dropLast = false, Func<TensorDataset, TensorDataset>? transform = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentCheck.AtLeast(1, nameof(DataLoader), nameof(batchSize), batchSize);
        Data = data;
        BatchSize = batchSize;
        this.shuffle = shuffle;
        this.generator = generator ?? Generator.Default;
        (this.dropLast, this.transform, this.device) = (dropLast, transform, device);
    }

    /// <summary>What is handed out.</summary>
    public TensorDataset Data { get; }

    /// <summary>Examples in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Where the order comes from.</summary>
    internal Generator Generator => generator;

    /// <summary>Batches in an epoch.</summary>
    public int BatchCount => dropLast ? Data.Count / BatchSize : (int)((Data.Count + (long)BatchSize - 1) / BatchSize);

    /// <summary>Examples in an epoch: all of them, or what is in whole batches.</summary>
    public int ExampleCount => dropLast ? Data.Count - Data.Count % BatchSize : Data.Count;

    /// <summary>The batches of one epoch.</summary>
    public IEnumerable<TensorDataset> Batches()
    {
        order = shuffle ? generator.Permutation(Data.Count) : [.. Enumerable.Range(0, Data.Count)];
        var rows = order;
        var batches = CopiesAhead ? BatchesAhead.Of(BatchCount, batch => PickAhead(rows, batch)) : Enumerable.Range(0, BatchCount).Select(batch => Pick(rows, batch));
        foreach (var examples in batches)
            yield return HandOut(examples);
    }

    /// <summary>Whether a batch is made while the one before it is used: where it goes to a device that works by itself, from the host, which would have to do it in between.</summary>
    private bool CopiesAhead => device is { RunsAhead: true } && !Data.Numbers.Any(tensor => tensor.Device.RunsAhead);

    /// <summary>As much of a batch as can be made ahead: a transform may draw random numbers, and has to wait for its turn.</summary>
    private TensorDataset PickAhead(int[] rows, int batch) => transform is null ? HandOut(Pick(rows, batch)) : Pick(rows, batch);

    /// <summary>A batch of the epoch that was begun last, by its number from 1: the same rows once more, whatever a transform draws for them now.</summary>
    internal TensorDataset Again(int number) => HandOut(Pick(order, number - 1));

    /// <summary>The examples of a batch, where the data is.</summary>
    private TensorDataset Pick(int[] rows, int batch)
    {
        var start = batch * BatchSize;
        return Data.Rows(rows.AsSpan(start, Math.Min(BatchSize, rows.Length - start)));
    }

    /// <summary>Examples as they are handed out.</summary>
    private TensorDataset HandOut(TensorDataset examples)
    {
        examples = transform is null ? examples : transform(examples);
        return device is null ? examples : examples.To(device);
    }
}
