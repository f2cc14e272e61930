namespace CourseKit;

/// <summary>
/// The mean loss over examples, from the losses of their batches. A device that computes at once has a loss when it is added, and it is read
/// there and then. One that runs ahead would have to be waited for at every step and would have nothing to do while the host queues the next:
/// there losses stay, and some are read together, and with them what the losses' own checks of numbers (see <see cref="RangeCheck"/>) found.
/// </summary>
internal sealed class MeanLoss : IDisposable
{
    // To wait costs some tens of microseconds and leaves the device idle for as long, a step of a small network takes some hundreds: shared by
    // 32 steps that is below one part in a hundred. More would only let a loss that is not finite go unnoticed for longer.
    private const int MostLosses = 32, MostChecks = 3 * MostLosses;

    private readonly Action<double, int, TensorDataset?>? check;
    private readonly Action<int> complain;
    private readonly Func<Tensor, bool>? outer;
    private readonly List<Waiting> waiting = [];
    private NumberRow? row;
    private double total;
    private int batches, losses, examples;

    /// <summary>A mean of nothing yet. Until disposed it takes part in the range checks of this thread.</summary>
    /// <param name="complain">Told the number, from 1, of a batch in which a range check found something: asks it again, and throws what it says.</param>
    /// <param name="check">Told every loss in order, once it is read: the loss, the number of its batch, and the batch, null where it was given back in the meantime.</param>
    public MeanLoss(Action<int> complain, Action<double, int, TensorDataset?>? check = null)
    {
        (this.complain, this.check) = (complain, check);
        (outer, RangeCheck.ReadLater) = (RangeCheck.ReadLater, TakeCheck);
    }

    /// <summary>What a number in the row is: the loss of a batch of so many examples, or, of none, how many numbers of the batch a check found outside.</summary>
    private readonly record struct Waiting(int Batch, int Examples)
    {
        public bool IsLoss => Examples > 0;
    }

    /// <summary>Adds the loss of a batch.</summary>
    public void Add(Tensor loss, TensorDataset batch)
    {
        batches++;
        if (!loss.Device.RunsAhead)
        {
            Count(loss.Item(), new(batches, batch.Count), batch);
            return;
        }
        Put(loss, new(batches, batch.Count));
        if (++losses == MostLosses)
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

    private bool TakeCheck(Tensor outside)
    {
        if (!outside.Device.RunsAhead || waiting.Count - losses == MostChecks)
            return false;
        Put(outside, new(batches + 1, Examples: 0));
        return true;
    }

    private void Put(Tensor number, Waiting what)
    {
        if (row?.Device != number.Device)
        {
            ReadWaiting();
            row?.Dispose();
            row = new NumberRow(number.Device, MostLosses + MostChecks);
        }
        row.Add(number);
        waiting.Add(what);
    }

    private void ReadWaiting()
    {
        if (waiting.Count == 0)
            return;
        var numbers = row!.Take();
        Waiting[] read = [.. waiting];
        waiting.Clear();
        losses = 0;
        for (var i = 0; i < numbers.Length; i++)
            Count(numbers[i], read[i], batch: null);
    }

    private void Count(double number, Waiting what, TensorDataset? batch)
    {
        if (what.IsLoss)
        {
            check?.Invoke(number, what.Batch, batch);
            total += number * what.Examples;
            examples += what.Examples;
        }
        else if (number != 0)
        {
            RangeCheck.ReadLater = null;
            complain(what.Batch);
        }
    }

    /// <summary>Gives the row's memory back.</summary>
    public void Dispose()
    {
        RangeCheck.ReadLater = outer;
        row?.Dispose();
    }
}
