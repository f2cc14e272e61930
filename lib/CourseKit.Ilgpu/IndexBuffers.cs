using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

/// <summary>
/// Whole numbers that go to the device or come from it. Work is done in the order in which it was queued, so a buffer that is taken again only after
/// many others were is free by then.
/// </summary>
internal sealed class IndexBuffers(Accelerator accelerator) : IDisposable
{
    // As many as the operands of one operation and some more.
    private const int Buffers = 8;

    private readonly MemoryBuffer1D<int, Stride1D.Dense>?[] buffers = new MemoryBuffer1D<int, Stride1D.Dense>?[Buffers];
    private int next;

    /// <summary>Room for so many numbers, until eight more have been asked for.</summary>
    public MemoryBuffer1D<int, Stride1D.Dense> Rent(int count)
    {
        var at = next;
        next = (next + 1) % Buffers;
        if (buffers[at] is not { } buffer || buffer.Length < count)
        {
            buffers[at]?.Dispose();
            buffers[at] = buffer = accelerator.Allocate1D<int>(Math.Max(256, count));
        }
        return buffer;
    }

    public void Dispose()
    {
        foreach (var buffer in buffers)
            buffer?.Dispose();
    }
}
