using System.Buffers;
using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

// Numbers to the device and from it. Those that go there are queued like work; only for those that come from it the host waits.
public sealed partial class IlgpuDevice
{
    private long waits;

    /// <summary>How often the host has waited for the device so far.</summary>
    internal long Waits => Interlocked.Read(ref waits);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The device has failed.</exception>
    public override void Synchronize()
    {
        if (!opened.IsValueCreated)
            return;
        var queued = BeginWait();
        try
        {
            Accelerator.Synchronize();
        }
        catch (AcceleratorException exception)
        {
            throw Lose(exception);
        }
        Uploads.Reuse(queued);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> values, StorageView target)
    {
        ThrowIfLost();
        Upload(values, Of(target));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<double> values, StorageView target)
    {
        var singles = ArrayPool<float>.Shared.Rent(values.Length);
        for (var i = 0; i < values.Length; i++)
            singles[i] = (float)values[i];
        Write(singles.AsSpan(0, values.Length), target);
        ArrayPool<float>.Shared.Return(singles);
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<float> values)
    {
        ThrowIfLost();
        Download(Of(source), values[..source.Length]);
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<double> values)
    {
        var singles = ArrayPool<float>.Shared.Rent(source.Length);
        Read(source, singles.AsSpan(0, source.Length));
        for (var i = 0; i < source.Length; i++)
            values[i] = singles[i];
        ArrayPool<float>.Shared.Return(singles);
    }

    /// <summary>Whole numbers from the host to the device, for one operation.</summary>
    private ArrayView<int> Upload(ReadOnlySpan<int> indices)
    {
        ThrowIfLost();
        ArrayView<int> view = Indices.Rent(indices.Length).View.SubView(0, indices.Length);
        Upload(indices, view);
        return view;
    }

    private void Upload<T>(ReadOnlySpan<T> values, ArrayView<T> target) where T : unmanaged
    {
        try
        {
            for (var done = 0; done < values.Length;)
            {
                var copied = Uploads.Copy(values[done..], target.SubView(done, values.Length - done));
                if (copied == 0)
                    Synchronize();
                done += copied;
            }
        }
        catch (AcceleratorException exception)
        {
            throw Lose(exception);
        }
    }

    private void Download<T>(ArrayView<T> source, Span<T> values) where T : unmanaged
    {
        if (values.Length == 0)
            return;
        var queued = BeginWait();
        try
        {
            source.CopyToCPU(Accelerator.DefaultStream, values);
        }
        catch (AcceleratorException exception)
        {
            throw Lose(exception);
        }
        Uploads.Reuse(queued);
    }

    /// <summary>What is on its way to the device: once all queued work has been waited for, it has arrived.</summary>
    private List<UploadBuffers.Block> BeginWait()
    {
        Interlocked.Increment(ref waits);
        return Uploads.TakeQueued();
    }
}
