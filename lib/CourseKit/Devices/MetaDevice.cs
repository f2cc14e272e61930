namespace CourseKit;

/// <summary>
/// The device without memory: its tensors have a shape and no numbers, and its primitives compute nothing and count what
/// they would have computed. A network of any size can be laid out on it, to see its shapes, parameters and cost.
/// </summary>
public sealed class MetaDevice : Device
{
    private sealed class NoNumbers(Device device, int capacity) : Storage(device, capacity);

    [ThreadStatic]
    private static long operations;

    internal MetaDevice()
    {
    }

    /// <summary>Floating-point operations counted on this thread so far; a multiplication with an addition counts as two.</summary>
    public static long Operations => operations;

    /// <inheritdoc/>
    public override string Name => "meta";

    /// <inheritdoc/>
    public override string Description => "shapes without numbers";

    /// <inheritdoc/>
    public override int Precision => 32;

    /// <inheritdoc/>
    public override bool HasNumbers => false;

    /// <inheritdoc/>
    public override Storage Rent(int length) => new NoNumbers(this, length);

    /// <inheritdoc/>
    public override void Return(Storage storage) => storage.Generation++;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> values, StorageView target)
    {
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<double> values, StorageView target)
    {
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<float> values) => throw NothingToRead();

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<double> values) => throw NothingToRead();

    private static InvalidOperationException NothingToRead()
        => new("A tensor on the meta device has a shape and no numbers, so none can be read: make it on Device.Cpu, or look at its Shape.");

    /// <inheritdoc/>
    public override void Fill(StorageView target, double value)
    {
    }

    /// <inheritdoc/>
    public override void Copy(StorageView source, StorageView target, bool accumulate)
    {
    }

    /// <inheritdoc/>
    public override void CopyStrided(StorageView source, StorageView target, in StridePlan plan, bool accumulate)
    {
    }

    /// <inheritdoc/>
    public override void Map<TOperation>(TOperation operation, StorageView x, StorageView y) => operations += y.Length;

    /// <inheritdoc/>
    public override void MapBackward<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate) => operations += 2L * dx.Length;

    /// <inheritdoc/>
    public override void Zip<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, in BroadcastPlan plan) => operations += y.Length;

    /// <inheritdoc/>
    public override void ZipBackward<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, in BroadcastPlan plan, bool accumulate) => operations += 2L * d.Length;

    /// <inheritdoc/>
    public override void Sum(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate) => operations += x.Length;

    /// <inheritdoc/>
    public override void Spread(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate) => operations += y.Length;

    /// <inheritdoc/>
    public override void Maximum(StorageView x, StorageView y, Span<int> positions, int outer, int length, int inner)
    {
        positions.Clear();
        operations += x.Length;
    }

    /// <inheritdoc/>
    public override void CumulativeSum(StorageView x, StorageView y, int outer, int length, int inner, bool reverse, bool accumulate) => operations += x.Length;

    /// <inheritdoc/>
    public override void Sort(StorageView x, Span<int> positions, int outer, int length, int inner, bool descending)
    {
        positions.Clear();
        operations += (long)(x.Length * Math.Log2(Math.Max(1, length)));
    }

    /// <inheritdoc/>
    public override void MatMul(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate)
        => operations += 2L * batch * m * n * k;

    /// <inheritdoc/>
    public override void RecurrentStep<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView output, StorageView newState, int rows, int width) => operations += 3L * x.Length;

    /// <inheritdoc/>
    public override void RecurrentStepBackward<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView dOutput, StorageView dState, StorageView dx, StorageView dh, int rows, int width) => operations += 8L * x.Length;

    /// <inheritdoc/>
    public override void SparseMatMul(SparseMatrix a, StorageView x, StorageView y, int outer, int inner, bool accumulate)
        => operations += 2L * a.StoredCount * outer * inner;

    /// <inheritdoc/>
    public override void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm) => operations += 4L * y.Length;

    /// <inheritdoc/>
    public override void SoftmaxBackward(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate) => operations += 4L * y.Length;

    /// <inheritdoc/>
    public override void Gather(StorageView x, ReadOnlySpan<int> indices, StorageView y, int width)
    {
    }

    /// <inheritdoc/>
    public override void ScatterAdd(StorageView y, ReadOnlySpan<int> indices, StorageView x, int width) => operations += y.Length;

    /// <inheritdoc/>
    public override void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate) => operations += 2 * plan.Multiplications;

    /// <inheritdoc/>
    public override void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate) => operations += 2 * plan.Multiplications;

    /// <inheritdoc/>
    public override void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate) => operations += 2 * plan.Multiplications;

    /// <inheritdoc/>
    public override void MaxPool(StorageView x, StorageView y, StorageView places, in PoolingPlan plan) => operations += (long)y.Length * plan.Rows.Kernel * plan.Columns.Kernel;

    /// <inheritdoc/>
    public override void MaxPoolBackward(StorageView dy, StorageView places, StorageView dx, in PoolingPlan plan) => operations += dy.Length;

    /// <inheritdoc/>
    public override void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon) => operations += 6L * x.Length;

    /// <inheritdoc/>
    public override void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate) => operations += 7L * y.Length;

    /// <inheritdoc/>
    public override void Draw(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b) => operations += target.Length;

    /// <inheritdoc/>
    public override void Update<TStep>(TStep step, StorageView parameter, StorageView gradient, in UpdateState<StorageView> state) => operations += 2L * parameter.Length;
}
