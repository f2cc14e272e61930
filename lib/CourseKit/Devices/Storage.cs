namespace CourseKit;

/// <summary>A block of a device's memory that tensors look into. Storages are pooled; a generation counter tells a tensor that its block was given back.</summary>
public abstract class Storage
{
    /// <summary>Makes a block for <paramref name="capacity"/> numbers on <paramref name="device"/>.</summary>
    protected Storage(Device device, int capacity)
    {
        Device = device;
        Capacity = capacity;
    }

    /// <summary>The device whose memory this is.</summary>
    public Device Device { get; }

    /// <summary>How many numbers fit.</summary>
    public int Capacity { get; }

    /// <summary>Raised each time the block goes back to the pool; a tensor made earlier is then released.</summary>
    internal int Generation { get; set; }

    /// <summary>Raised each time the numbers are changed in place, so that a tape that needs the old ones notices.</summary>
    internal int Version { get; set; }

    /// <summary>The scope that gives this block back at its end, or null where the collector owns it.</summary>
    internal TensorScope? Scope { get; set; }
}

/// <summary>A run of numbers inside a storage: what a device's primitives read and write.</summary>
/// <param name="Storage">The block of memory.</param>
/// <param name="Offset">Where the run begins, in numbers.</param>
/// <param name="Length">How many numbers it has.</param>
public readonly record struct StorageView(Storage Storage, int Offset, int Length);
