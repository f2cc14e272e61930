using System.Globalization;
using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    /// <summary>How many bytes of the device's memory this process may take; all of them by default. Lower it where others share the device.</summary>
    public long MemoryLimit { get; set; } = long.MaxValue;

    /// <summary>Bytes of the device's memory that tensors hold, with those kept ready for the next ones.</summary>
    public long MemoryInUse => memory.Bytes;

    /// <inheritdoc/>
    public override Storage Rent(int length)
    {
        ThrowIfLost();
        return memory.Rent(length);
    }

    /// <inheritdoc/>
    public override void Return(Storage storage) => memory.Return((IlgpuStorage)storage);

    /// <summary>A block of device memory. Where nobody holds it any more, its memory goes back to the pool.</summary>
    private sealed class IlgpuStorage : Storage
    {
        private readonly DeviceMemory memory;

        public IlgpuStorage(IlgpuDevice device, DeviceMemory memory, int capacity, MemoryBuffer1D<float, Stride1D.Dense> buffer) : base(device, capacity)
        {
            (this.memory, Buffer) = (memory, buffer);
            // The collector sees a small object; how much hangs on it, it must be told.
            GC.AddMemoryPressure(4L * capacity);
        }

        ~IlgpuStorage()
        {
            GC.RemoveMemoryPressure(4L * Capacity);
            memory.Reclaim(Buffer);
        }

        public MemoryBuffer1D<float, Stride1D.Dense> Buffer { get; }
    }

    /// <summary>
    /// The device's memory in blocks that are used again: a training step takes the same ones each time. What a scope gives back comes at once,
    /// what the collector finds comes later; only where neither is enough is more taken from the device.
    /// </summary>
    private sealed class DeviceMemory : IDisposable
    {
        private readonly IlgpuDevice device;
        private readonly StoragePool<IlgpuStorage> pool;
        private readonly Lock gate = new();
        private readonly HashSet<MemoryBuffer1D<float, Stride1D.Dense>> all = [];
        private readonly Dictionary<int, Stack<MemoryBuffer1D<float, Stride1D.Dense>>> reclaimed = [];
        private bool disposed;

        public DeviceMemory(IlgpuDevice device)
        {
            this.device = device;
            pool = new StoragePool<IlgpuStorage>(capacity => new IlgpuStorage(device, this, capacity, Find(capacity)));
        }

        public long Bytes { get; private set; }

        public IlgpuStorage Rent(int length) => pool.Rent(length);

        public void Return(IlgpuStorage storage) => pool.Return(storage);

        /// <summary>Takes a block back whose storage the collector has found; called on the collector's thread, where the device is left alone.</summary>
        public void Reclaim(MemoryBuffer1D<float, Stride1D.Dense> buffer)
        {
            lock (gate)
            {
                if (disposed)
                    return;
                if (!reclaimed.TryGetValue((int)buffer.Length, out var blocks))
                    reclaimed[(int)buffer.Length] = blocks = new();
                blocks.Push(buffer);
            }
        }

        private MemoryBuffer1D<float, Stride1D.Dense> Find(int capacity)
        {
            if (TakeReclaimed(capacity) is { } free)
                return free;
            if (Allocate(capacity) is { } fresh)
                return fresh;
            // First what the collector has not found yet, then blocks of other sizes.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (TakeReclaimed(capacity) is { } found)
                return found;
            pool.Clear();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            FreeReclaimed();
            return Allocate(capacity) ?? throw new InsufficientMemoryException(string.Create(CultureInfo.InvariantCulture,
                $"The device {device.Name} has no room for another {4L * capacity / 1e6:N0} MB ({Bytes / 1e6:N0} MB are in use): take smaller batches, work inside a TensorScope, let go of tensors that are no longer needed, or go on with Device.Cpu."));
        }

        private MemoryBuffer1D<float, Stride1D.Dense>? TakeReclaimed(int capacity)
        {
            lock (gate)
                return reclaimed.TryGetValue(capacity, out var blocks) && blocks.TryPop(out var block) ? block : null;
        }

        private MemoryBuffer1D<float, Stride1D.Dense>? Allocate(int capacity)
        {
            lock (gate)
            {
                if (Bytes + 4L * capacity > device.MemoryLimit)
                    return null;
                try
                {
                    var buffer = device.Accelerator.Allocate1D<float>(capacity);
                    all.Add(buffer);
                    Bytes += 4L * capacity;
                    return buffer;
                }
                catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
                {
                    return null; // whether the device is full or lost, the next thing asked of it will show
                }
            }
        }

        private void FreeReclaimed()
        {
            lock (gate)
            {
                foreach (var block in reclaimed.Values.SelectMany(blocks => blocks))
                {
                    all.Remove(block);
                    Bytes -= 4L * block.Length;
                    block.Dispose();
                }
                reclaimed.Clear();
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                disposed = true;
                foreach (var buffer in all)
                    buffer.Dispose();
                all.Clear();
                reclaimed.Clear();
                Bytes = 0;
            }
        }
    }
}
