namespace CourseKit;

/// <summary>
/// The mean loss over examples, from the losses of their batches. A device that computes at once has a loss when it is added, and it is read
/// there and then. One that runs ahead would have to be waited for at every step and would have nothing to do while the host queues the next:
/// there losses stay, and some are read together.
/// </summary>
/// <param name="check">Told every loss in order, once it is read: the loss, the number of its batch from 1, and the batch, null where it was given back in the meantime.</param>
internal sealed class MeanLoss(Action<double, int, TensorDataset?>? check = null) : IDisposable
{
    // To wait costs some tens of microseconds and leaves the device idle for as long, a step of a small network takes some hundreds: shared by
    // 32 steps that is below one part in a hundred. More would only let a loss that is not finite go unnoticed for longer.
    private const int MostWaiting = 32;

    private readonly List<int> waiting = []; // the examples of the batches whose losses are in the row
    private NumberRow? row;
    private double total;
    private int batches, examples;

    /// <summary>Adds the loss of a batch.</summary>
    public void Add(Tensor loss, TensorDataset batch)
    {
        if (!loss.Device.RunsAhead)
        {
            Count(loss.Item(), batch.Count, batch);
            return;
        }
        if (row?.Device != loss.Device)
        {
            ReadWaiting();
            Dispose();
            row = new NumberRow(loss.Device, MostWaiting);
        }
        row.Add(loss);
        waiting.Add(batch.Count);
        if (waiting.Count == MostWaiting)
            ReadWaiting();
    }

    /// <summary>The mean over all examples so far; waits for the last of them.</summary>
    public double Value
    {
        get
        {
            ReadWaiting();
            return total / examples;
        }
    }

    private void ReadWaiting()
    {
        if (waiting.Count == 0)
            return;
        var losses = row!.Take();
        for (var i = 0; i < losses.Length; i++)
            Count(losses[i], waiting[i], batch: null);
        waiting.Clear();
    }

    private void Count(double loss, int count, TensorDataset? batch)
    {
        check?.Invoke(loss, ++batches, batch);
        total += loss * count;
        examples += count;
    }

    /// <summary>Gives the row's memory back.</summary>
    public void Dispose() => row?.Dispose();
}
