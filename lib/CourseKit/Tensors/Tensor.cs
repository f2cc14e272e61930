using System.Runtime.CompilerServices;

namespace CourseKit;

/// <summary>
/// Numbers in a grid of any number of axes, on a device, that can remember how they were computed, so that
/// <see cref="Backward()"/> finds the gradient of a loss. A tensor is contiguous: a storage, an offset and a shape.
/// </summary>
[TypeFormatterSource(typeof(TensorFormatterSource))]
public sealed partial class Tensor
{
    private Storage storage;
    private int offset;
    private int generation;

    private Tensor(Storage storage, int offset, Shape shape)
    {
        this.storage = storage;
        this.offset = offset;
        generation = storage.Generation;
        Shape = shape;
    }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Shape.ElementCount;

    /// <summary>Where the numbers are.</summary>
    public Device Device => storage.Device;

    /// <summary>The run of the device's memory that this tensor is; every operation reads it through here, so a released tensor is caught.</summary>
    internal StorageView View
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (generation != storage.Generation)
                ThrowReleased();
            return new StorageView(storage, offset, Shape.ElementCount);
        }
    }

    /// <summary>The same run, for overwriting it in place: a tape that needs the numbers as they were will notice.</summary>
    internal StorageView ViewToOverwrite
    {
        get
        {
            storage.Version++;
            return View;
        }
    }

    /// <summary>How often the memory of this tensor was changed in place.</summary>
    internal int Version => storage.Version;

    private void ThrowReleased() => throw new ObjectDisposedException(null,
        $"This tensor of shape {Shape} was released when its TensorScope ended (a training loop opens one for each step). Call Keep() on it inside the scope, or take its numbers with ToArray() or Item().");

    /// <summary>A new tensor with undefined content, owned by the open scope or, where there is none, by the collector.</summary>
    internal static Tensor Empty(Shape shape, Device device)
    {
        var storage = device.Rent(shape.ElementCount);
        TensorScope.Current?.Own(storage);
        return new Tensor(storage, 0, shape);
    }

    /// <summary>A new tensor with undefined content that no scope gives back: a parameter's gradient, an optimizer's state.</summary>
    internal static Tensor EmptyOutsideScopes(Shape shape, Device device) => new(device.Rent(shape.ElementCount), 0, shape);

    /// <summary>Another shape over the same numbers.</summary>
    private Tensor ViewAs(Shape shape, int start = 0)
    {
        _ = View;
        return new Tensor(storage, offset + start, shape);
    }

    /// <summary>Gives the memory back at once. For tensors that nobody else can hold.</summary>
    internal void Release()
    {
        if (generation == storage.Generation)
            storage.Device.Return(storage);
    }

    /// <summary>Takes this tensor out of the open scope: it stays what it is until the collector finds it unused.</summary>
    /// <returns>This tensor.</returns>
    public Tensor Keep()
    {
        _ = View;
        storage.Scope = null;
        return this;
    }

    /// <summary>Gives this tensor, which no scope owns, to the open scope, as if it had been made there.</summary>
    internal void GiveToScope() => TensorScope.Current?.Own(storage);

    /// <summary>A copy with memory of its own and no history.</summary>
    public Tensor Clone()
    {
        var copy = Empty(Shape, Device);
        Device.Copy(View, copy.View, accumulate: false);
        return copy;
    }

    /// <summary>The same numbers, in the same memory, without the history: gradients stop here.</summary>
    public Tensor Detach() => ViewAs(Shape);

    /// <summary>This tensor on a device: itself where it is there already, else a copy without history.</summary>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device == Device)
            return this;
        var copy = Empty(Shape, device);
        WriteTo(device, copy.View);
        return copy;
    }

    // What is stored in single precision travels in it.
    private void WriteTo(Device device, StorageView target)
    {
        if (Device is CpuDevice)
            device.Write(CpuDevice.Numbers(View), target);
        else if (Device.Precision == 32)
            device.Write((ReadOnlySpan<float>)ToArray(), target);
        else
            device.Write((ReadOnlySpan<double>)ToDoubleArray(), target);
    }

    /// <summary>A tensor's memory: a storage as it was at one time, and where in it.</summary>
    internal readonly record struct Place(Storage Storage, int Offset, int Generation);

    /// <summary>Gives a parameter or buffer memory on another device, with the same numbers, and forgets its gradient. Every variable that holds the tensor sees the move.</summary>
    /// <returns>Where it was.</returns>
    internal Place MoveTo(Device device)
    {
        var before = new Place(storage, offset, generation);
        if (device == Device)
            return before;
        var moved = EmptyOutsideScopes(Shape, device);
        if (device != Device.Meta)
            WriteTo(device, moved.View);
        MoveBack(new Place(moved.storage, 0, moved.generation));
        return before;
    }

    /// <summary>Takes the tensor back to where it was, with the numbers that are there.</summary>
    internal void MoveBack(Place place) => (storage, offset, generation) = (place.Storage, place.Offset, place.Generation);

    /// <summary>Overwrites the numbers in place with those of another tensor of the same shape, on any device. Not differentiated.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void CopyFrom(Tensor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ShapeCheck.Copy(Shape, source.Shape);
        if (source.Device == Device)
            Device.Copy(source.View, ViewToOverwrite, accumulate: false);
        else
            source.WriteTo(Device, ViewToOverwrite);
    }

    /// <summary>The one number of a tensor that holds one.</summary>
    /// <exception cref="ShapeException">The tensor holds more than one number.</exception>
    public double Item()
    {
        ShapeCheck.SingleNumber("Item()", Shape);
        Span<double> value = stackalloc double[1];
        Device.Read(View, value);
        return value[0];
    }

    /// <summary>One number, by an index for each axis. Setting it changes the tensor in place and is not differentiated.</summary>
    /// <exception cref="ShapeException">Too few or too many indices, or one outside its axis.</exception>
    [IndexerName("Element")] // Item is the method, as in PyTorch
    public double this[params ReadOnlySpan<int> indices]
    {
        get
        {
            Span<double> value = stackalloc double[1];
            Device.Read(One(View, indices), value);
            return value[0];
        }
        set => Device.Fill(One(ViewToOverwrite, indices), value);
    }

    private StorageView One(StorageView view, ReadOnlySpan<int> indices)
    {
        ShapeCheck.Indices(indices, Shape);
        var at = 0;
        for (var axis = 0; axis < indices.Length; axis++)
            at = at * Shape[axis] + indices[axis];
        return view with { Offset = offset + at, Length = 1 };
    }

    /// <summary>The numbers, last axis fastest.</summary>
    public float[] ToArray()
    {
        var values = new float[Count];
        Device.Read(View, values);
        return values;
    }

    /// <summary>The numbers, last axis fastest, in double precision.</summary>
    public double[] ToDoubleArray()
    {
        var values = new double[Count];
        Device.Read(View, values);
        return values;
    }

    /// <summary>The numbers of a matrix as a two-dimensional array, for a heat map or a table.</summary>
    /// <exception cref="ShapeException">The tensor has not two axes.</exception>
    public double[,] ToMatrix()
    {
        ShapeCheck.Matrix("ToMatrix", Shape);
        var values = ToDoubleArray();
        var matrix = new double[Shape[0], Shape[1]];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }
}
