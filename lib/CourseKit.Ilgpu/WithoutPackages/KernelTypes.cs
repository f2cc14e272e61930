namespace ILGPU;

// What a kernel in a notebook names: so that it compiles, and the notebook can say why it does not run.

/// <summary>The number that a kernel is run for.</summary>
public readonly struct Index1D(int x)
{
    /// <summary>The number.</summary>
    public int X { get; } = x;

    /// <summary>The number.</summary>
    public static implicit operator int(Index1D index) => index.X;

    /// <summary>A number as an index.</summary>
    public static implicit operator Index1D(int x) => new(x);
}

/// <summary>Numbers in a device's memory; in this build there are none.</summary>
/// <typeparam name="T">The kind of numbers.</typeparam>
public readonly struct ArrayView<T> where T : unmanaged
{
    /// <summary>How many numbers there are.</summary>
    public long Length => 0;

    /// <summary>How many numbers there are.</summary>
    public int IntLength => 0;

    /// <summary>One of the numbers.</summary>
    /// <exception cref="InvalidOperationException">Always: this build runs no kernels.</exception>
    public ref T this[int index] => throw new InvalidOperationException(CourseKit.GpuSupport.Missing);
}
