namespace CourseKit;

/// <summary>
/// The reference device: plain loops over doubles. Slow and obviously right; read it first. It carries the gradient checks
/// and every experiment that needs double precision.
/// </summary>
public sealed partial class ReferenceDevice : Device
{
    private sealed class DoubleStorage(Device device, int capacity) : Storage(device, capacity)
    {
        public double[] Numbers { get; } = new double[capacity];
    }

    private readonly StoragePool<DoubleStorage> pool;

    internal ReferenceDevice() => pool = new(capacity => new DoubleStorage(this, capacity));

    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string Description => "plain loops over 64-bit numbers, one thread";

    /// <inheritdoc/>
    public override int Precision => 64;

    private static Span<double> Of(StorageView view) => ((DoubleStorage)view.Storage).Numbers.AsSpan(view.Offset, view.Length);

    /// <inheritdoc/>
    public override Storage Rent(int length) => pool.Rent(length);

    /// <inheritdoc/>
    public override void Return(Storage storage) => pool.Return((DoubleStorage)storage);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> values, StorageView target)
    {
        var numbers = Of(target);
        for (var i = 0; i < values.Length; i++)
            numbers[i] = values[i];
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<double> values, StorageView target) => values.CopyTo(Of(target));

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<float> values)
    {
        var numbers = Of(source);
        for (var i = 0; i < numbers.Length; i++)
            values[i] = (float)numbers[i];
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<double> values) => Of(source).CopyTo(values);

    /// <inheritdoc/>
    public override void Fill(StorageView target, double value) => Of(target).Fill(value);

    /// <inheritdoc/>
    public override void Copy(StorageView source, StorageView target, bool accumulate)
    {
        var from = Of(source);
        var to = Of(target);
        for (var i = 0; i < from.Length; i++)
            to[i] = accumulate ? to[i] + from[i] : from[i];
    }

    /// <inheritdoc/>
    public override void CopyStrided(StorageView source, StorageView target, in StridePlan plan, bool accumulate)
    {
        var from = Of(source);
        var to = Of(target);
        for (var i = 0; i < plan.Count; i++)
        {
            var (s, t) = plan.OffsetsOf(i, first: 0);
            to[t] = from[s] + (accumulate ? to[t] : 0);
        }
    }

    /// <inheritdoc/>
    public override void Map<TOperation>(TOperation operation, StorageView x, StorageView y)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var i = 0; i < xs.Length; i++)
            ys[i] = operation.Forward(xs[i]);
    }

    /// <inheritdoc/>
    public override void MapBackward<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate)
    {
        var xs = Of(x);
        var ys = Of(y);
        var dys = Of(dy);
        var dxs = Of(dx);
        for (var i = 0; i < xs.Length; i++)
            dxs[i] = dys[i] * operation.Derivative(xs[i], ys[i]) + (accumulate ? dxs[i] : 0);
    }

    /// <inheritdoc/>
    public override void Zip<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, in BroadcastPlan plan)
    {
        var lefts = Of(a);
        var rights = Of(b);
        var ys = Of(y);
        for (int outer = 0, i = 0; outer < plan.OuterCount && i < ys.Length; outer++)
        {
            var (left, right) = plan.OffsetsOf(outer);
            for (var inner = 0; inner < plan.Inner; inner++, i++)
                ys[i] = operation.Forward(lefts[left + inner * plan.LeftStep], rights[right + inner * plan.RightStep]);
        }
    }

    /// <inheritdoc/>
    public override void ZipBackward<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, in BroadcastPlan plan, bool accumulate)
    {
        var lefts = Of(a);
        var rights = Of(b);
        var dys = Of(dy);
        var ds = Of(d);
        for (int outer = 0, i = 0; outer < plan.OuterCount && i < ds.Length; outer++)
        {
            var (atLeft, atRight) = plan.OffsetsOf(outer);
            for (var inner = 0; inner < plan.Inner; inner++, i++)
            {
                var (l, r) = (lefts[atLeft + inner * plan.LeftStep], rights[atRight + inner * plan.RightStep]);
                var derivative = left ? operation.DerivativeLeft(l, r) : operation.DerivativeRight(l, r);
                ds[i] = dys[i] * derivative + (accumulate ? ds[i] : 0);
            }
        }
    }

    /// <inheritdoc/>
    public override void Sum(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var sum = 0.0;
                for (var l = 0; l < length; l++)
                    sum += xs[(o * length + l) * inner + i];
                ys[o * inner + i] = sum * scale + (accumulate ? ys[o * inner + i] : 0);
            }
    }

    /// <inheritdoc/>
    public override void Spread(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var o = 0; o < outer; o++)
            for (var l = 0; l < length; l++)
                for (var i = 0; i < inner; i++)
                {
                    var at = (o * length + l) * inner + i;
                    ys[at] = xs[o * inner + i] * scale + (accumulate ? ys[at] : 0);
                }
    }

    /// <inheritdoc/>
    public override void Maximum(StorageView x, StorageView y, Span<int> positions, int outer, int length, int inner)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var best = 0;
                for (var l = 1; l < length; l++)
                    if (Largest.IsLess(xs[(o * length + best) * inner + i], xs[(o * length + l) * inner + i]))
                        best = l;
                ys[o * inner + i] = xs[(o * length + best) * inner + i];
                positions[o * inner + i] = best;
            }
    }

    /// <inheritdoc/>
    public override void CumulativeSum(StorageView x, StorageView y, int outer, int length, int inner, bool reverse, bool accumulate)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var sum = 0.0;
                for (var step = 0; step < length; step++)
                {
                    var at = (o * length + (reverse ? length - 1 - step : step)) * inner + i;
                    sum += xs[at];
                    ys[at] = sum + (accumulate ? ys[at] : 0);
                }
            }
    }

    /// <inheritdoc/>
    public override void Sort(StorageView x, Span<int> positions, int outer, int length, int inner, bool descending)
    {
        var xs = Of(x).ToArray();
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                double At(int l) => xs[(o * length + l) * inner + i];
                var places = Enumerable.Range(0, length);
                // These keep the order of equal numbers; NaN is put where the largest number goes.
                places = descending
                    ? places.OrderByDescending(l => double.IsNaN(At(l))).ThenByDescending(At)
                    : places.OrderBy(l => double.IsNaN(At(l))).ThenBy(At);
                var place = 0;
                foreach (var l in places)
                    positions[(o * length + place++) * inner + i] = l;
            }
    }

    /// <inheritdoc/>
    public override void MatMul(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate)
    {
        if (batch == 0 && !accumulate)
            Of(c).Clear();
        for (var i = 0; i < batch; i++)
        {
            var left = OfBatch(a, i, m * k);
            var right = OfBatch(b, i, k * n);
            var result = OfBatch(c, i, m * n);
            var adds = accumulate || (i > 0 && c.Length == m * n);
            for (var row = 0; row < m; row++)
                for (var column = 0; column < n; column++)
                {
                    var sum = 0.0;
                    for (var p = 0; p < k; p++)
                        sum += left[transposeA ? p * m + row : row * k + p] * right[transposeB ? column * k + p : p * n + column];
                    result[row * n + column] = sum + (adds ? result[row * n + column] : 0);
                }
        }

        // One matrix of a batch, or the one that the whole batch shares.
        static Span<double> OfBatch(StorageView view, int index, int size) => view.Length == size ? Of(view) : Of(view).Slice(index * size, size);
    }

    /// <inheritdoc/>
    public override void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var first = o * length * inner + i;
                var largest = double.NegativeInfinity;
                for (var l = 0; l < length; l++)
                    largest = Math.Max(largest, xs[first + l * inner]);
                var sum = 0.0;
                for (var l = 0; l < length; l++)
                    sum += Math.Exp(xs[first + l * inner] - largest);
                for (var l = 0; l < length; l++)
                {
                    var shifted = xs[first + l * inner] - largest;
                    ys[first + l * inner] = logarithm ? shifted - Math.Log(sum) : Math.Exp(shifted) / sum;
                }
            }
    }

    /// <inheritdoc/>
    public override void SoftmaxBackward(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate)
    {
        var ys = Of(y);
        var dys = Of(dy);
        var dxs = Of(dx);
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var first = o * length * inner + i;
                var sum = 0.0;
                for (var l = 0; l < length; l++)
                    sum += dys[first + l * inner] * (logarithm ? 1 : ys[first + l * inner]);
                for (var l = 0; l < length; l++)
                {
                    var at = first + l * inner;
                    var gradient = logarithm ? dys[at] - Math.Exp(ys[at]) * sum : ys[at] * (dys[at] - sum);
                    dxs[at] = gradient + (accumulate ? dxs[at] : 0);
                }
            }
    }

    /// <inheritdoc/>
    public override void Gather(StorageView x, ReadOnlySpan<int> indices, StorageView y, int width)
    {
        for (var i = 0; i < indices.Length; i++)
            Of(x).Slice(indices[i] * width, width).CopyTo(Of(y)[(i * width)..]);
    }

    /// <inheritdoc/>
    public override void ScatterAdd(StorageView y, ReadOnlySpan<int> indices, StorageView x, int width)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var i = 0; i < indices.Length; i++)
            for (var j = 0; j < width; j++)
                xs[indices[i] * width + j] += ys[i * width + j];
    }

    /// <inheritdoc/>
    public override void Draw(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b)
    {
        var numbers = Of(target);
        if (distribution == Distribution.Uniform)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = a + (b - a) * Generator.UniformAt(seed, position + (ulong)i);
            return;
        }
        for (var i = 0; i < numbers.Length; i++)
        {
            var (first, second) = Generator.NormalPairAt(seed, position + (ulong)(i / 2 * 2));
            numbers[i] = a + b * (i % 2 == 0 ? first : second);
        }
    }
}
