using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

/// <summary>
/// Numbers of the host on their way to the device. A copy out of memory that its owner may change has to be waited for; what is first put
/// here stays as it is until the device has been waited for in any case, so nobody waits for a copy. The memory is page-locked where
/// the driver allows it: the device then fetches the numbers by itself. May be used by several threads.
/// </summary>
internal sealed class UploadBuffers(Accelerator accelerator) : IDisposable
{
    // A block takes the indices of many operations, or a batch or two; a larger copy goes in pieces. All blocks together bound how far the host runs ahead.
    private const int BlockBytes = 4 << 20, MostBlocks = 32;

    private readonly Lock gate = new();
    private readonly Stack<Block> free = [];
    private List<Block> queued = [];

    /// <summary>Queues the copy of as many numbers as find room, which may change as soon as this returns.</summary>
    /// <returns>How many; none where the device must be waited for first.</returns>
    public int Copy<T>(ReadOnlySpan<T> values, ArrayView<T> target) where T : unmanaged
    {
        lock (gate)
        {
            if (queued.Count == 0 || queued[^1].Used > BlockBytes - Unsafe.SizeOf<T>())
            {
                if (queued.Count == MostBlocks)
                    return 0;
                queued.Add(free.TryPop(out var block) ? block : new Block(accelerator));
            }
            var room = MemoryMarshal.Cast<byte, T>(queued[^1].Bytes[queued[^1].Used..]);
            var count = Math.Min(room.Length, values.Length);
            values[..count].CopyTo(room);
            target.SubView(0, count).CopyFromCPUUnsafeAsync(accelerator.DefaultStream, ref MemoryMarshal.GetReference(room), count);
            queued[^1].Used += count * Unsafe.SizeOf<T>();
            return count;
        }
    }

    /// <summary>The blocks of all copies queued so far. They belong to <see cref="Reuse"/> once the device has been waited for.</summary>
    public List<Block> TakeQueued()
    {
        lock (gate)
        {
            var taken = queued;
            queued = [];
            return taken;
        }
    }

    /// <summary>Takes blocks back whose copies are done.</summary>
    public void Reuse(List<Block> done)
    {
        lock (gate)
            foreach (var block in done)
            {
                block.Used = 0;
                free.Push(block);
            }
    }

    public void Dispose()
    {
        foreach (var block in free.Concat(queued))
            block.Dispose();
    }

    /// <summary>A piece of the host's memory that does not move.</summary>
    internal sealed class Block : IDisposable
    {
        private readonly byte[] array;
        private readonly int start;
        private readonly PageLockScope<byte>? pageLock;

        public Block(Accelerator accelerator)
        {
            // Whole pages, which no other block can lock once more.
            var page = Environment.SystemPageSize;
            array = GC.AllocateUninitializedArray<byte>(BlockBytes + page, pinned: true);
            start = (int)(page - Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % page);
            try
            {
                accelerator.Bind(); // memory is locked for a context, and a thread has none until one is bound
                pageLock = accelerator.CreatePageLockFromPinned<byte>(Marshal.UnsafeAddrOfPinnedArrayElement(array, start), BlockBytes);
            }
            catch (AcceleratorException)
            {
                // The system locks no more memory for this process: the driver then copies through memory of its own.
            }
        }

        public Span<byte> Bytes => array.AsSpan(start, BlockBytes);

        public int Used { get; set; }

        public void Dispose() => pageLock?.Dispose();
    }
}
