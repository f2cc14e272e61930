using System.Globalization;
using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

/// <summary>
/// Tensors in the memory of a graphics processor, computed by kernels that ILGPU compiles from C#. Numbers are float32; formulas of one or
/// two numbers are the ones that all devices share, and sums are in a fixed order, so that the same seed gives the same bits on one device.
/// Work is queued: only reading numbers waits for it. The processor is opened when it is first used.
/// </summary>
public sealed partial class IlgpuDevice : Device, IDisposable
{
    private readonly Context context;
    private readonly bool ownsContext;
    private readonly ILGPU.Runtime.Device hardware;
    private readonly Lazy<Opened> opened;
    private readonly DeviceMemory memory;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<SparseMatrix, SparseCopy> sparse = [];
    private Exception? lost;

    internal IlgpuDevice(string name, Context context, ILGPU.Runtime.Device hardware, bool ownsContext = false)
    {
        (Name, this.context, this.hardware, this.ownsContext) = (name, context, hardware, ownsContext);
        opened = new(() => new Opened(this));
        memory = new DeviceMemory(this);
        UsesGroups = hardware.AcceleratorType != AcceleratorType.CPU;
    }

    /// <summary>What there is once the processor is in use.</summary>
    private sealed class Opened
    {
        public Opened(IlgpuDevice device)
        {
            Accelerator = device.hardware.CreateAccelerator(device.context);
            Kernels = new KernelCache(device, Accelerator);
            Indices = new IndexBuffers(Accelerator);
            Uploads = new UploadBuffers(Accelerator);
            Blas = CudaBlas.TryOpen(Accelerator);
        }

        public Accelerator Accelerator { get; }

        public KernelCache Kernels { get; }

        public IndexBuffers Indices { get; }

        public UploadBuffers Uploads { get; }

        public CudaBlas? Blas { get; }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description => Kind == AcceleratorType.CPU ? "a graphics processor played by this machine's own, to try kernels; slow, float32 through ILGPU" : string.Create(CultureInfo.InvariantCulture, $"{hardware.Name.Trim()}, {hardware.MemorySize / 1e9:F0} GB, float32 through ILGPU");

    /// <inheritdoc/>
    public override int Precision => 32;

    /// <summary>CUDA, OpenCL, or a simulator.</summary>
    internal AcceleratorType Kind => hardware.AcceleratorType;

    /// <summary>Whether it has failed in a way after which nothing runs on it any more, or was disposed.</summary>
    public bool IsLost => lost is not null;

    /// <summary>ILGPU's own handle of the processor, for kernels of your own; opens it.</summary>
    public Accelerator Accelerator
    {
        get
        {
            ThrowIfLost();
            return opened.Value.Accelerator;
        }
    }

    private KernelCache Kernels => opened.Value.Kernels;

    private IndexBuffers Indices => opened.Value.Indices;

    private UploadBuffers Uploads => opened.Value.Uploads;

    /// <inheritdoc/>
    public override bool RunsAhead => true;

    /// <summary>Frees the device's memory. Its tensors cannot be used afterwards.</summary>
    public void Dispose()
    {
        var wasLost = IsLost;
        lost ??= new ObjectDisposedException(Name);
        if (opened.IsValueCreated)
        {
            if (!wasLost)
                opened.Value.Accelerator.Synchronize();
            memory.Dispose();
            opened.Value.Indices.Dispose();
            opened.Value.Uploads.Dispose();
            opened.Value.Blas?.Dispose();
            opened.Value.Accelerator.Dispose();
        }
        if (ownsContext)
            context.Dispose();
    }

    /// <summary>Notes that the device has failed, and says so.</summary>
    internal Exception Lose(AcceleratorException exception)
    {
        lost ??= exception;
        return LostError();
    }

    internal void ThrowIfLost()
    {
        if (IsLost)
            throw LostError();
    }

    private Exception LostError() => lost is ObjectDisposedException
        ? new ObjectDisposedException(Name, $"The device {Name} was disposed, and its tensors with it: make new ones on Device.Cpu, or on Device.Best.")
        : new InvalidOperationException($"The device {Name} failed ({lost!.Message}), and what its tensors held is lost: go on with Device.Cpu, from the last checkpoint where there is one; a new process may find the device again.", lost);

    private static ArrayView<float> Of(StorageView view) => ((IlgpuStorage)view.Storage).Buffer.View.SubView(view.Offset, view.Length);

    /// <summary>A view of what an operation does without: some numbers that nobody looks at.</summary>
    private static ArrayView<float> OfOptional(StorageView view, ArrayView<float> instead) => view.Storage is null ? instead : Of(view);
}
