using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// The managed CPU device: float32 in 16 virtual lanes, which the JIT turns into one 512-bit, two 256-bit or four 128-bit
/// instructions. Work is cut by size and never by thread count, and sums run in a fixed order in doubles, so the same seed
/// gives the same bits whatever the machine's width and the number of threads.
/// </summary>
public sealed partial class CpuDevice : Device
{
    private sealed class FloatStorage(Device device, int capacity) : Storage(device, capacity)
    {
        public float[] Numbers { get; } = GC.AllocateUninitializedArray<float>(capacity);
    }

    // Below this many numbers a second thread costs more than it brings. Fixed, so that the cut never depends on the machine.
    private const int ElementsPerChunk = 32 * 1024;

    private readonly StoragePool<FloatStorage> pool;
    private int threads = Environment.ProcessorCount;

    internal CpuDevice() => pool = new(capacity => new FloatStorage(this, capacity));

    /// <summary>The largest number of threads an operation may use. Results do not depend on it.</summary>
    public int Threads
    {
        get => threads;
        set => threads = ArgumentCheck.AtLeast(1, nameof(CpuDevice), nameof(Threads), value);
    }

    /// <summary>The width of the vector instructions this machine has, in bits.</summary>
    public static int VectorWidth => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override string Description => $"32-bit numbers, {VectorWidth}-bit vectors, up to {Threads} threads";

    /// <inheritdoc/>
    public override int Precision => 32;

    private static Span<float> Of(StorageView view) => ((FloatStorage)view.Storage).Numbers.AsSpan(view.Offset, view.Length);

    /// <summary>Numbers that are on the host already, without a copy.</summary>
    internal static ReadOnlySpan<float> Numbers(StorageView view) => Of(view);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float First(StorageView view) => ref MemoryMarshal.GetReference(Of(view));

    private static StorageView Part(StorageView view, int start, int length) => view with { Offset = view.Offset + start, Length = length };

    /// <inheritdoc/>
    public override Storage Rent(int length) => pool.Rent(length);

    /// <inheritdoc/>
    public override void Return(Storage storage) => pool.Return((FloatStorage)storage);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> values, StorageView target) => values.CopyTo(Of(target));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<double> values, StorageView target)
    {
        var numbers = Of(target);
        for (var i = 0; i < values.Length; i++)
            numbers[i] = (float)values[i];
    }

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<float> values) => Of(source).CopyTo(values);

    /// <inheritdoc/>
    public override void Read(StorageView source, Span<double> values)
    {
        var numbers = Of(source);
        for (var i = 0; i < numbers.Length; i++)
            values[i] = numbers[i];
    }

    /// <inheritdoc/>
    public override void Fill(StorageView target, double value) => Of(target).Fill((float)value);

    /// <inheritdoc/>
    public override void Copy(StorageView source, StorageView target, bool accumulate)
    {
        if (!accumulate)
        {
            Of(source).CopyTo(Of(target));
            return;
        }
        ref var from = ref First(source);
        ref var to = ref First(target);
        for (var i = 0; i < source.Length; i += Lanes.Width)
            Lanes.Store(Lanes.Load(ref from, i, source.Length) + Lanes.Load(ref to, i, source.Length), ref to, i, source.Length);
    }

    /// <inheritdoc/>
    public override void CopyStrided(StorageView source, StorageView target, in StridePlan plan, bool accumulate)
    {
        if (plan.Count == 0)
            return;
        var (length, sourceStep, targetStep) = plan[0];
        if (sourceStep == 1 && targetStep == 1)
        {
            if (WorthThreads(plan.Count) && plan.Rank > 2 && plan.FillsInOrder)
                CopyRunsInChunks(source, target, plan, accumulate);
            else
                CopyRuns(source, target, plan, 0, plan.OuterCount(first: 2), accumulate);
        }
        else if (plan.Rank > 1)
            CopyInTiles(Of(source), Of(target), plan, accumulate);
        else
            CopyTile(Of(source), Of(target), (plan.SourceStart, plan.TargetStart), (length, sourceStep, targetStep), (1, 0, 0), accumulate);
    }

    private void CopyRunsInChunks(StorageView source, StorageView target, StridePlan plan, bool accumulate)
        => InRuns(plan.OuterCount(first: 2), plan[0].Length * plan[1].Length, (first, count) => CopyRuns(source, target, plan, first, count, accumulate));

    /// <summary>Copies runs of neighbours; those of the second axis, some times over.</summary>
    private static void CopyRuns(StorageView source, StorageView target, in StridePlan plan, int first, int count, bool accumulate)
    {
        ref var sources = ref First(source);
        ref var targets = ref First(target);
        var length = plan[0].Length;
        var (runs, sourceStep, targetStep) = plan.Rank > 1 ? plan[1] : (1, 0, 0);
        for (var outer = first; outer < first + count; outer++)
        {
            var (s, t) = plan.OffsetsOf(outer, first: 2);
            ref var from = ref Unsafe.Add(ref sources, s);
            ref var to = ref Unsafe.Add(ref targets, t);
            for (var run = 0; run < runs; run++)
            {
                if (accumulate)
                    Runs.Add(ref from, ref to, length);
                else
                    Runs.Copy(ref from, ref to, length);
                from = ref Unsafe.Add(ref from, sourceStep);
                to = ref Unsafe.Add(ref to, targetStep);
            }
        }
    }

    /// <summary>A transpose reads or writes with long steps: in square tiles both stay in the cache.</summary>
    private static void CopyInTiles(ReadOnlySpan<float> from, Span<float> to, in StridePlan plan, bool accumulate)
    {
        const int Tile = 32;
        var (inner, outer) = (plan[0], plan[1]);
        for (var i = 0; i < plan.OuterCount(first: 2); i++)
        {
            var (s, t) = plan.OffsetsOf(i, first: 2);
            for (var o = 0; o < outer.Length; o += Tile)
                for (var n = 0; n < inner.Length; n += Tile)
                    CopyTile(from, to,
                        (s + o * outer.SourceStep + n * inner.SourceStep, t + o * outer.TargetStep + n * inner.TargetStep),
                        inner with { Length = Math.Min(Tile, inner.Length - n) }, outer with { Length = Math.Min(Tile, outer.Length - o) }, accumulate);
        }
    }

    private static void CopyTile(ReadOnlySpan<float> from, Span<float> to, (int Source, int Target) start, (int Length, int SourceStep, int TargetStep) inner, (int Length, int SourceStep, int TargetStep) outer, bool accumulate)
    {
        for (var o = 0; o < outer.Length; o++)
        {
            var (s, t) = (start.Source + o * outer.SourceStep, start.Target + o * outer.TargetStep);
            for (var n = 0; n < inner.Length; n++, s += inner.SourceStep, t += inner.TargetStep)
                to[t] = from[s] + (accumulate ? to[t] : 0);
        }
    }

    /// <summary>Runs one piece of work for each chunk of a fixed size; the chunks may run on several threads.</summary>
    private void InChunks(int length, Action<int, int> work)
    {
        var chunks = (length + ElementsPerChunk - 1) / ElementsPerChunk;
        WorkerPool.For(chunks, Threads, chunk =>
        {
            var start = chunk * ElementsPerChunk;
            work(start, Math.Min(ElementsPerChunk, length - start));
        });
    }

    /// <summary>Shares out runs of the same length, so many together that a second thread is worth it.</summary>
    private void InRuns(int runs, int length, Action<int, int> work)
    {
        var together = Math.Max(1, ElementsPerChunk / Math.Max(1, length));
        var pieces = (runs + together - 1) / together;
        WorkerPool.For(pieces, Threads, piece => work(piece * together, Math.Min(together, runs - piece * together)));
    }

    private bool WorthThreads(int length) => Threads > 1 && length >= 2 * ElementsPerChunk;

    /// <inheritdoc/>
    public override void Map<TOperation>(TOperation operation, StorageView x, StorageView y)
    {
        if (WorthThreads(x.Length))
            MapInChunks(operation, x, y);
        else
            MapOne(operation, x, y);
    }

    // Apart from Map, because a method that makes a closure allocates it even on the path that does not use it.
    private void MapInChunks<TOperation>(TOperation operation, StorageView x, StorageView y) where TOperation : struct, IUnaryOperation
        => InChunks(x.Length, (start, length) => MapOne(operation, Part(x, start, length), Part(y, start, length)));

    private static void MapOne<TOperation>(TOperation operation, StorageView x, StorageView y) where TOperation : struct, IUnaryOperation
    {
        ref var xs = ref First(x);
        ref var ys = ref First(y);
        for (var i = 0; i < x.Length; i += Lanes.Width)
            Lanes.Store(operation.Forward(Lanes.Load(ref xs, i, x.Length)), ref ys, i, x.Length);
    }

    /// <inheritdoc/>
    public override void MapBackward<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate)
    {
        if (WorthThreads(x.Length))
            MapBackwardInChunks(operation, x, y, dy, dx, accumulate);
        else
            MapBackwardOne(operation, x, y, dy, dx, accumulate);
    }

    private void MapBackwardInChunks<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate) where TOperation : struct, IUnaryOperation
        => InChunks(x.Length, (start, length) => MapBackwardOne(operation, Part(x, start, length), Part(y, start, length), Part(dy, start, length), Part(dx, start, length), accumulate));

    private static void MapBackwardOne<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate) where TOperation : struct, IUnaryOperation
    {
        ref var xs = ref First(x);
        ref var ys = ref First(y);
        ref var dys = ref First(dy);
        ref var dxs = ref First(dx);
        for (var i = 0; i < x.Length; i += Lanes.Width)
        {
            var gradient = Lanes.Load(ref dys, i, x.Length) * operation.Derivative(Lanes.Load(ref xs, i, x.Length), Lanes.Load(ref ys, i, x.Length));
            if (accumulate)
                gradient += Lanes.Load(ref dxs, i, x.Length);
            Lanes.Store(gradient, ref dxs, i, x.Length);
        }
    }

    /// <inheritdoc/>
    public override void Zip<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, in BroadcastPlan plan)
    {
        if (plan.Inner == 0)
            return;
        if (WorthThreads(y.Length))
            ZipInChunks(operation, a, b, y, plan);
        else
            ZipSome(operation, a, b, y, plan, 0, plan.OuterCount, 0, plan.Inner);
    }

    private void ZipInChunks<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, BroadcastPlan plan) where TOperation : struct, IBinaryOperation
    {
        if (plan.OuterCount == 1)
            InChunks(plan.Inner, (start, length) => ZipSome(operation, a, b, y, plan, 0, 1, start, length));
        else
            InRuns(plan.OuterCount, plan.Inner, (first, count) => ZipSome(operation, a, b, y, plan, first, count, 0, plan.Inner));
    }

    /// <summary>Some rows of the plan, and of each some columns.</summary>
    private static void ZipSome<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, in BroadcastPlan plan, int first, int count, int start, int length) where TOperation : struct, IBinaryOperation
    {
        ref var lefts = ref First(a);
        ref var rights = ref First(b);
        ref var ys = ref First(y);
        var (leftStep, rightStep) = (plan.LeftStep, plan.RightStep);
        for (var outer = first; outer < first + count; outer++)
        {
            var (left, right) = plan.OffsetsOf(outer);
            ref var l = ref Unsafe.Add(ref lefts, left + start * leftStep);
            ref var r = ref Unsafe.Add(ref rights, right + start * rightStep);
            ref var result = ref Unsafe.Add(ref ys, outer * plan.Inner + start);
            for (var i = 0; i < length; i += Lanes.Width)
            {
                var lv = leftStep == 0 ? Vector512.Create(l) : Lanes.Load(ref l, i, length);
                var rv = rightStep == 0 ? Vector512.Create(r) : Lanes.Load(ref r, i, length);
                Lanes.Store(operation.Forward(lv, rv), ref result, i, length);
            }
        }
    }

    /// <inheritdoc/>
    public override void ZipBackward<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, in BroadcastPlan plan, bool accumulate)
    {
        if (plan.Inner == 0)
            return;
        if (WorthThreads(dy.Length))
            ZipBackwardInChunks(operation, left, a, b, dy, d, plan, accumulate);
        else
            ZipBackwardSome(operation, left, a, b, dy, d, plan, accumulate, 0, plan.OuterCount, 0, plan.Inner);
    }

    private void ZipBackwardInChunks<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, BroadcastPlan plan, bool accumulate) where TOperation : struct, IBinaryOperation
    {
        if (plan.OuterCount == 1)
            InChunks(plan.Inner, (start, length) => ZipBackwardSome(operation, left, a, b, dy, d, plan, accumulate, 0, 1, start, length));
        else
            InRuns(plan.OuterCount, plan.Inner, (first, count) => ZipBackwardSome(operation, left, a, b, dy, d, plan, accumulate, first, count, 0, plan.Inner));
    }

    private static void ZipBackwardSome<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, in BroadcastPlan plan, bool accumulate, int first, int count, int start, int length) where TOperation : struct, IBinaryOperation
    {
        ref var lefts = ref First(a);
        ref var rights = ref First(b);
        ref var dys = ref First(dy);
        ref var ds = ref First(d);
        var (leftStep, rightStep) = (plan.LeftStep, plan.RightStep);
        for (var outer = first; outer < first + count; outer++)
        {
            var (atLeft, atRight) = plan.OffsetsOf(outer);
            ref var l = ref Unsafe.Add(ref lefts, atLeft + start * leftStep);
            ref var r = ref Unsafe.Add(ref rights, atRight + start * rightStep);
            ref var dyRow = ref Unsafe.Add(ref dys, outer * plan.Inner + start);
            ref var dRow = ref Unsafe.Add(ref ds, outer * plan.Inner + start);
            for (var i = 0; i < length; i += Lanes.Width)
            {
                var lv = leftStep == 0 ? Vector512.Create(l) : Lanes.Load(ref l, i, length);
                var rv = rightStep == 0 ? Vector512.Create(r) : Lanes.Load(ref r, i, length);
                var gradient = Lanes.Load(ref dyRow, i, length) * (left ? operation.DerivativeLeft(lv, rv) : operation.DerivativeRight(lv, rv));
                if (accumulate)
                    gradient += Lanes.Load(ref dRow, i, length);
                Lanes.Store(gradient, ref dRow, i, length);
            }
        }
    }

    /// <inheritdoc/>
    public override void Sum(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
    {
        if (WorthThreads(x.Length))
            SumInChunks(x, y, outer, length, inner, scale, accumulate);
        else if (inner == 1)
            SumRows(x, y, 0, outer, length, scale, accumulate);
        else
            SumColumns(x, y, 0, outer * BlocksOfColumns(inner), length, inner, scale, accumulate);
    }

    // A sum is never cut: threads share out sums.
    private void SumInChunks(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
    {
        if (inner == 1)
            InRuns(outer, length, (first, count) => SumRows(x, y, first, count, length, scale, accumulate));
        else
            InRuns(outer * BlocksOfColumns(inner), length * Lanes.Width, (first, count) => SumColumns(x, y, first, count, length, inner, scale, accumulate));
    }

    private static void SumRows(StorageView x, StorageView y, int first, int count, int length, double scale, bool accumulate)
    {
        ref var row = ref Unsafe.Add(ref First(x), first * length);
        foreach (ref var sum in Of(y).Slice(first, count))
        {
            var found = SumOfRun(ref row, length) * scale;
            sum = (float)(accumulate ? sum + found : found);
            row = ref Unsafe.Add(ref row, length);
        }
    }

    private static int BlocksOfColumns(int columns) => (columns + Lanes.Width - 1) / Lanes.Width;

    /// <summary>Sixteen columns at a time, so that each is summed from the first row to the last whatever the width.</summary>
    private static void SumColumns(StorageView x, StorageView y, int first, int count, int length, int inner, double scale, bool accumulate)
    {
        ref var xs = ref First(x);
        ref var ys = ref First(y);
        for (var block = first; block < first + count; block++)
        {
            var (outer, column) = Math.DivRem(block, BlocksOfColumns(inner));
            column *= Lanes.Width;
            ref var from = ref Unsafe.Add(ref xs, outer * length * inner);
            Vector512<double> low = default, high = default;
            for (var l = 0; l < length; l++, from = ref Unsafe.Add(ref from, inner))
            {
                var (lower, upper) = Vector512.Widen(Lanes.Load(ref from, column, inner));
                low += lower;
                high += upper;
            }
            var sum = Vector512.Narrow(low * scale, high * scale);
            ref var to = ref Unsafe.Add(ref ys, outer * inner);
            if (accumulate)
                sum += Lanes.Load(ref to, column, inner);
            Lanes.Store(sum, ref to, column, inner);
        }
    }

    private static double SumOfRun(ref float start, int length)
    {
        var sums = new WideSums();
        sums.AddRun(ref start, length);
        return sums.Total;
    }

    /// <inheritdoc/>
    public override void Spread(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
    {
        if (y.Length == 0)
            return;
        ref var xs = ref First(x);
        ref var ys = ref First(y);
        var factor = Vector512.Create((float)scale);
        // One number over and over where there is nothing inside, else a row over and over.
        var (runs, run) = inner == 1 ? (1, length) : (length, inner);
        for (var o = 0; o < outer; o++)
            for (var r = 0; r < runs; r++)
            {
                ref var row = ref Unsafe.Add(ref ys, (o * runs + r) * run);
                for (var i = 0; i < run; i += Lanes.Width)
                {
                    var value = factor * (inner == 1 ? Vector512.Create(Unsafe.Add(ref xs, o)) : Lanes.Load(ref Unsafe.Add(ref xs, o * inner), i, inner));
                    if (accumulate)
                        value += Lanes.Load(ref row, i, run);
                    Lanes.Store(value, ref row, i, run);
                }
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
                var sum = 0.0; // in double, so that a long run does not drift
                for (var step = 0; step < length; step++)
                {
                    var at = (o * length + (reverse ? length - 1 - step : step)) * inner + i;
                    sum += xs[at];
                    ys[at] = (float)(accumulate ? ys[at] + sum : sum);
                }
            }
    }

    /// <inheritdoc/>
    public override void Sort(StorageView x, Span<int> positions, int outer, int length, int inner, bool descending)
    {
        var xs = Of(x);
        var keys = new (float Number, int Place)[length];
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                for (var l = 0; l < length; l++)
                    keys[l] = (xs[(o * length + l) * inner + i], l);
                // The place decides between equal numbers, which makes the order stable and the same everywhere.
                if (descending)
                    Array.Sort(keys, static (p, q) => Largest.IsLess(q.Number, p.Number) ? -1 : Largest.IsLess(p.Number, q.Number) ? 1 : p.Place.CompareTo(q.Place));
                else
                    Array.Sort(keys, static (p, q) => Largest.IsLess(p.Number, q.Number) ? -1 : Largest.IsLess(q.Number, p.Number) ? 1 : p.Place.CompareTo(q.Place));
                for (var l = 0; l < length; l++)
                    positions[(o * length + l) * inner + i] = keys[l].Place;
            }
    }

    /// <inheritdoc/>
    public override void Gather(StorageView x, ReadOnlySpan<int> indices, StorageView y, int width)
    {
        var xs = Of(x);
        var ys = Of(y);
        if (width == 1) // a run of one is not worth a copy
            for (var i = 0; i < indices.Length; i++)
                ys[i] = xs[indices[i]];
        else
            for (var i = 0; i < indices.Length; i++)
                xs.Slice(indices[i] * width, width).CopyTo(ys[(i * width)..]);
    }

    /// <inheritdoc/>
    public override void ScatterAdd(StorageView y, ReadOnlySpan<int> indices, StorageView x, int width)
    {
        if (width == 1)
        {
            var xs = Of(x);
            var ys = Of(y);
            for (var i = 0; i < indices.Length; i++)
                xs[indices[i]] += ys[i];
            return;
        }
        for (var i = 0; i < indices.Length; i++)
            Copy(Part(y, i * width, width), Part(x, indices[i] * width, width), accumulate: true);
    }
}
