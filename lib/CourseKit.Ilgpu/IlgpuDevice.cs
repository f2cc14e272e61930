using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace CourseKit;

/// <summary>
/// Tensors in the memory of a graphics processor, computed by kernels that ILGPU compiles from C#. Numbers are float32; formulas of one or
/// two numbers are the ones that all devices share, and sums are gathered in doubles in a fixed order, so that the same seed gives the same bits
/// on one device. Work is queued: only reading numbers waits for it.
/// </summary>
public sealed partial class IlgpuDevice : Device, IDisposable
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly StoragePool<IlgpuStorage> pool;
    private readonly KernelCache kernels;
    private readonly IndexBuffers indices;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<SparseMatrix, SparseCopy> sparse = [];
    private readonly List<IlgpuStorage> storages = [];

    internal IlgpuDevice(string name, Context context, Accelerator accelerator)
    {
        (Name, this.context, this.accelerator) = (name, context, accelerator);
        kernels = new KernelCache(accelerator);
        indices = new IndexBuffers(accelerator);
        pool = new StoragePool<IlgpuStorage>(Allocate);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{accelerator.Name}, {accelerator.MemorySize / 1e9:F0} GB, float32 through ILGPU");

    /// <inheritdoc/>
    public override int Precision => 32;

    /// <summary>Waits until all queued work is done.</summary>
    public void Synchronize() => accelerator.Synchronize();

    /// <summary>Frees the device's memory. Its tensors cannot be used afterwards.</summary>
    public void Dispose()
    {
        accelerator.Synchronize();
        lock (storages)
        {
            foreach (var storage in storages)
                storage.Buffer.Dispose();
            storages.Clear();
        }
        indices.Dispose();
        accelerator.Dispose();
        context.Dispose();
    }

    /// <inheritdoc/>
    public override Storage Rent(int length) => pool.Rent(length);

    /// <inheritdoc/>
    public override void Return(Storage storage) => pool.Return((IlgpuStorage)storage);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> values, StorageView target)
    {
        if (values.Length > 0)
            Of(target).SubView(0, values.Length).CopyFromCPU(accelerator.DefaultStream, values);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<double> values, StorageView target)
    {
        var singles = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
            singles[i] = (float)values[i];
        Write(singles, target);
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<float> values)
    {
        if (source.Length > 0)
            Of(source).CopyToCPU(accelerator.DefaultStream, values[..source.Length]);
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<double> values)
    {
        var singles = new float[source.Length];
        Read(source, singles);
        for (var i = 0; i < singles.Length; i++)
            values[i] = singles[i];
    }

    private static ArrayView<float> Of(StorageView view) => ((IlgpuStorage)view.Storage).Buffer.View.SubView(view.Offset, view.Length);

    /// <summary>A view of what an operation does without: one number that nobody looks at.</summary>
    private static ArrayView<float> OfOptional(StorageView view, ArrayView<float> instead) => view.Storage is null ? instead : Of(view);

    private IlgpuStorage Allocate(int capacity)
    {
        try
        {
            var storage = new IlgpuStorage(this, capacity, accelerator.Allocate1D<float>(capacity));
            lock (storages)
                storages.Add(storage);
            return storage;
        }
        catch (AcceleratorException exception)
        {
            throw new InsufficientMemoryException(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} has no room for another {4L * capacity / 1e6:N0} MB: take smaller batches, let go of tensors that are no longer needed, or work on Device.Cpu."), exception);
        }
    }

    private sealed class IlgpuStorage(Device device, int capacity, MemoryBuffer1D<float, Stride1D.Dense> buffer) : Storage(device, capacity)
    {
        public MemoryBuffer1D<float, Stride1D.Dense> Buffer { get; } = buffer;
    }
}
