namespace CourseKit;

/// <summary>Single numbers on a device, put in a row there to be read together: where a device runs ahead, reading one makes the host wait as long as reading all.</summary>
/// <param name="device">Where the numbers are.</param>
/// <param name="capacity">How many there are at most.</param>
internal sealed class NumberRow(Device device, int capacity) : IDisposable
{
    private readonly Storage storage = device.Rent(capacity);
    private int count;
    private bool disposed;

    public Device Device => device;

    /// <summary>Adds the one number of a tensor, which may be given back afterwards.</summary>
    public void Add(Tensor number) => device.Copy(number.View, new StorageView(storage, count++, 1), accumulate: false);

    /// <summary>The numbers in the order in which they were added; the row is then empty again.</summary>
    public double[] Take()
    {
        var numbers = new double[count];
        device.Read(new StorageView(storage, 0, count), numbers);
        count = 0;
        return numbers;
    }

    public void Dispose()
    {
        if (!disposed)
            device.Return(storage);
        disposed = true;
    }
}
