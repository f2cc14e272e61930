namespace CourseKit;

/// <summary>
/// Where tensors live and are computed: a small set of primitives. Autograd, layers, losses and optimizers are written
/// on these and never name a device, so a new device is one class. Every primitive that takes <c>accumulate</c> adds to
/// its target where that is true and overwrites it where it is false.
/// </summary>
public abstract partial class Device
{
    private static Device? ambient;

    /// <summary>The managed CPU device: float32, vectorized, the same bits for any number of threads.</summary>
    public static CpuDevice Cpu { get; } = new();

    /// <summary>The reference device: plain loops over doubles, slow and obviously right.</summary>
    public static ReferenceDevice Reference { get; } = new();

    /// <summary>The device without memory: shapes and costs of networks of any size, no numbers.</summary>
    public static MetaDevice Meta { get; } = new();

    /// <summary>Where new tensors are made when no device is named. <see cref="Cpu"/> unless set.</summary>
    public static Device Default
    {
        get => ambient ?? Cpu;
        set => ambient = value;
    }

    /// <summary>The device's short name, for example cpu.</summary>
    public abstract string Name { get; }

    /// <summary>One line on what the device is: numbers, vector width, threads.</summary>
    public abstract string Description { get; }

    /// <summary>Bits of one number: 32 or 64.</summary>
    public abstract int Precision { get; }

    /// <summary>Whether tensors here hold numbers that can be read and checked; the meta device's have a shape alone.</summary>
    public virtual bool HasNumbers => true;

    /// <summary>
    /// Whether work is queued and the host goes on before it is done: then reading a number waits for all work before it, and code that reads
    /// at every step keeps the device from having its next work ready. A device that computes at once has a number when its operation returns.
    /// </summary>
    public virtual bool RunsAhead => false;

    /// <summary>Waits until all queued work is done. A device that computes at once has nothing to wait for; reading numbers waits by itself.</summary>
    public virtual void Synchronize()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Takes a block from the pool, or a new one. Its content is undefined.</summary>
    public abstract Storage Rent(int length);

    /// <summary>Gives a block back to the pool.</summary>
    public abstract void Return(Storage storage);

    /// <summary>Numbers from the host to the device.</summary>
    public abstract void Write(ReadOnlySpan<float> values, StorageView target);

    /// <summary>Numbers from the host to the device.</summary>
    public abstract void Write(ReadOnlySpan<double> values, StorageView target);

    /// <summary>Numbers from the device to the host.</summary>
    public abstract void Read(StorageView source, Span<float> values);

    /// <summary>Numbers from the device to the host.</summary>
    public abstract void Read(StorageView source, Span<double> values);

    /// <summary>Sets every number to one value.</summary>
    public abstract void Fill(StorageView target, double value);

    /// <summary>target = source, or target += source.</summary>
    public abstract void Copy(StorageView source, StorageView target, bool accumulate);

    /// <summary>Copies numbers along a planned walk, or adds them to the target. Where the walk meets a number of the target more than once, the order is the walk's.</summary>
    public abstract void CopyStrided(StorageView source, StorageView target, in StridePlan plan, bool accumulate);

    /// <summary>y = f(x), number by number.</summary>
    public abstract void Map<TOperation>(TOperation operation, StorageView x, StorageView y) where TOperation : struct, IUnaryOperation;

    /// <summary>dx = dy f'(x), number by number; y = f(x) is at hand.</summary>
    public abstract void MapBackward<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate) where TOperation : struct, IUnaryOperation;

    /// <summary>y = f(a, b), number by number, a and b stretched as the plan says.</summary>
    public abstract void Zip<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, in BroadcastPlan plan) where TOperation : struct, IBinaryOperation;

    /// <summary>d = dy times the derivative of f by its left (or right) operand, in y's shape.</summary>
    public abstract void ZipBackward<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, in BroadcastPlan plan, bool accumulate) where TOperation : struct, IBinaryOperation;

    /// <summary>y (outer x inner) = scale times the sum of x (outer x length x inner) over its middle axis, in a fixed order.</summary>
    public abstract void Sum(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate);

    /// <summary>y (outer x length x inner) = scale times x (outer x inner), repeated along the middle axis: the derivative of <see cref="Sum"/>.</summary>
    public abstract void Spread(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate);

    /// <summary>The largest number along the middle axis of x (outer x length x inner), the first where several are equal, and where it stands.</summary>
    public abstract void Maximum(StorageView x, StorageView y, Span<int> positions, int outer, int length, int inner);

    /// <summary>y (outer x length x inner) = the sums of x from the first place of the middle axis up to each place or, reversed, from the last place down to it.</summary>
    public abstract void CumulativeSum(StorageView x, StorageView y, int outer, int length, int inner, bool reverse, bool accumulate);

    /// <summary>Where the numbers of x (outer x length x inner) stand in sorted order along the middle axis; equal numbers keep their order and NaN counts as the largest.</summary>
    public abstract void Sort(StorageView x, Span<int> positions, int outer, int length, int inner, bool descending);

    /// <summary>
    /// C (batch x m x n) = A (batch x m x k) B (batch x k x n), each operand stored transposed where its flag says so. A or B may
    /// hold one matrix for the whole batch; where C holds one, it is the sum of all products.
    /// </summary>
    public abstract void MatMul(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate);

    /// <summary>y (rows x outputs) = x (rows x inputs) weight^T (inputs x outputs) + bias in every row and, if <paramref name="rectified"/>, nothing below 0. Composed here; a device may finish rows as they are summed.</summary>
    public virtual void Linear(StorageView x, StorageView weight, StorageView bias, StorageView y, int rows, int inputs, int outputs, bool rectified)
    {
        Spread(bias, y, 1, rows, outputs, 1, accumulate: false);
        MatMul(x, false, weight, true, y, 1, rows, outputs, inputs, accumulate: true);
        if (rectified)
            Map(new RectifiedLinear(), y, y);
    }

    /// <summary>
    /// One step of a recurrent cell for a batch: x and h (rows x gates x width) are what input and last output tell the gates;
    /// state, output and newState are rows x width. A cell without a memory gets one view as output and newState.
    /// </summary>
    public abstract void RecurrentStep<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView output, StorageView newState, int rows, int width) where TCell : struct, IRecurrentCell;

    /// <summary>The derivative of <see cref="RecurrentStep"/>: dState holds the gradient of the state after the step and gets that of the state before; a cell without a memory gets one view as dOutput and dState.</summary>
    public abstract void RecurrentStepBackward<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView dOutput, StorageView dState, StorageView dx, StorageView dh, int rows, int width) where TCell : struct, IRecurrentCell;

    /// <summary>y (outer x rows x inner) = A x (outer x columns x inner) along the middle axis. A never changes: a device may keep a copy of it in its own form.</summary>
    public abstract void SparseMatMul(SparseMatrix a, StorageView x, StorageView y, int outer, int inner, bool accumulate);

    /// <summary>Softmax along the middle axis of x (outer x length x inner), or its logarithm; shifted by the maximum so that nothing overflows. x and y may be one view.</summary>
    public abstract void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm);

    /// <summary>The derivative of <see cref="Softmax"/> from its result. dy and dx may be one view, where nothing is accumulated.</summary>
    public abstract void SoftmaxBackward(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate);

    /// <summary>y[i] = x[indices[i]], in runs of <paramref name="width"/> numbers.</summary>
    public abstract void Gather(StorageView x, ReadOnlySpan<int> indices, StorageView y, int width);

    /// <summary>x[indices[i]] += y[i], in runs of <paramref name="width"/> numbers, in the order of i.</summary>
    public abstract void ScatterAdd(StorageView y, ReadOnlySpan<int> indices, StorageView x, int width);

    /// <summary>y = x convolved with weight, as the plan says; forward it is also the derivative of <see cref="ConvolutionBackwardInput"/> by dy.</summary>
    public abstract void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate);

    /// <summary>dx from dy: the derivative of <see cref="Convolution"/> by x, and, run forward, the transposed convolution.</summary>
    public abstract void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate);

    /// <summary>y = x convolved with weight plus each output channel's bias and, if <paramref name="rectified"/>, nothing below 0. Composed here; a device may do it in one pass over y.</summary>
    public virtual void ConvolutionWithBias(StorageView x, StorageView weight, StorageView bias, StorageView y, in ConvolutionPlan plan, bool rectified)
    {
        SpreadBias(bias, y, plan.Batch, plan.OutputChannels, plan.OutputArea);
        Convolution(x, weight, y, plan, accumulate: true);
        if (rectified)
            Map(new RectifiedLinear(), y, y);
    }

    /// <summary>The transposed convolution, whose output is dx, plus each channel's bias.</summary>
    public virtual void ConvolutionBackwardInputWithBias(StorageView dy, StorageView weight, StorageView bias, StorageView dx, in ConvolutionPlan plan)
    {
        SpreadBias(bias, dx, plan.Batch, plan.InputChannels, plan.InputArea);
        ConvolutionBackwardInput(dy, weight, dx, plan, accumulate: true);
    }

    /// <summary>y (batch x channels x area) = each channel's bias.</summary>
    private protected void SpreadBias(StorageView bias, StorageView y, int batch, int channels, int area)
    {
        var each = Rent(batch * channels);
        var view = new StorageView(each, 0, batch * channels);
        Spread(bias, view, 1, batch, channels, 1, accumulate: false);
        Spread(view, y, batch * channels, area, 1, 1, accumulate: false);
        Return(each);
    }

    /// <summary>dw from x and dy: the derivative of <see cref="Convolution"/> by the weight, summed over the images in a fixed order.</summary>
    public abstract void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate);

    /// <summary>
    /// The largest number in each window of x, the first where several are equal and a NaN before all; padding never wins. Places has room for a
    /// number for each one of y, in which the device notes, in a form of its own, where in the whole of x it stands: what is found on a device stays there.
    /// </summary>
    public abstract void MaxPool(StorageView x, StorageView y, StorageView places, in PoolingPlan plan);

    /// <summary>The derivative of <see cref="MaxPool"/>: dy is added to dx at the places that were noted.</summary>
    public abstract void MaxPoolBackward(StorageView dy, StorageView places, StorageView dx, in PoolingPlan plan);

    /// <summary>y = (x - mean) / sqrt(variance + epsilon), with mean and variance (divided by N) of each of the middle axis's groups of x (outer x length x inner), summed in doubles.</summary>
    public abstract void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon);

    /// <summary>The derivative of <see cref="Standardize"/> from its result: dx = (dy - mean(dy) - y mean(dy y)) / sqrt(variance + epsilon), group by group.</summary>
    public abstract void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate);

    /// <summary>y = weight (x - mean) / sqrt(variance + epsilon) + bias: <see cref="Standardize"/>, scaled and shifted. Composed here; a device may do it in one pass.</summary>
    public virtual void Normalize(StorageView x, StorageView weight, StorageView bias, StorageView y, StorageView mean, StorageView variance, in NormalizationPlan plan)
    {
        Standardize(x, y, mean, variance, plan.Outer, plan.Length, plan.Inner, plan.Epsilon);
        Zip(new Multiplication(), y, weight, y, plan.Stretched);
        Zip(new Addition(), y, bias, y, plan.Stretched);
    }

    /// <summary>The three derivatives of <see cref="Normalize"/>, from what it read and the mean and variance it found.</summary>
    public virtual void NormalizeBackward(StorageView x, StorageView weight, StorageView mean, StorageView variance, StorageView dy, GradientTarget dx, GradientTarget dWeight, GradientTarget dBias, in NormalizationPlan plan)
    {
        var (standardized, product) = (Rent(plan.Count), Rent(plan.Count));
        var (found, spread) = (Rent(plan.Length), Rent(plan.Length));
        var (each, other) = (new StorageView(standardized, 0, plan.Count), new StorageView(product, 0, plan.Count));
        Standardize(x, each, new StorageView(found, 0, plan.Length), new StorageView(spread, 0, plan.Length), plan.Outer, plan.Length, plan.Inner, plan.Epsilon);
        if (dx.IsWanted)
        {
            Zip(new Multiplication(), dy, weight, other, plan.Stretched);
            StandardizeBackward(each, variance, other, dx.View, plan.Outer, plan.Length, plan.Inner, plan.Epsilon, dx.Accumulate);
        }
        if (dWeight.IsWanted)
        {
            Shape all = [plan.Count];
            Zip(new Multiplication(), dy, each, other, new BroadcastPlan(all, all, all));
            SumToParameters(other, dWeight, plan);
        }
        if (dBias.IsWanted)
            SumToParameters(dy, dBias, plan);
        foreach (var rented in (ReadOnlySpan<Storage>)[standardized, product, found, spread])
            Return(rented);
    }

    private void SumToParameters(StorageView values, GradientTarget target, in NormalizationPlan plan)
    {
        var rows = plan.Count / plan.Repeat;
        var sums = Rent(rows);
        var view = new StorageView(sums, 0, rows);
        Sum(values, view, rows, plan.Repeat, 1, 1, accumulate: false);
        Sum(view, target.View, 1, rows / plan.Parameters, plan.Parameters, 1, target.Accumulate);
        Return(sums);
    }

    /// <summary>Random numbers: number i is a fixed function of the seed and of position + i, the same on every device (normal ones to rounding).</summary>
    /// <param name="distribution">Uniform: from a to b. Normal: with mean a and standard deviation b; takes two positions for two numbers.</param>
    /// <param name="target">What is filled.</param>
    /// <param name="seed">The generator's seed.</param>
    /// <param name="position">Where in the generator's sequence of 32-bit numbers the first one stands.</param>
    /// <param name="a">The low end, or the mean.</param>
    /// <param name="b">The high end, or the standard deviation.</param>
    public abstract void Draw(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b);

    /// <summary>An optimizer's step on one parameter, number by number: the parameter and those parts of the state that there are change in place.</summary>
    public abstract void Update<TStep>(TStep step, StorageView parameter, StorageView gradient, in UpdateState<StorageView> state) where TStep : struct, IUpdateStep;
}
