using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// The derivatives of normalization, in doubles. With z the standardized numbers, recomputed from x, and g = dy weight:
/// dx = (g - mean(g) - z mean(g z)) / deviation, group by group; dweight = sum of dy z, dbias = sum of dy.
/// </summary>
public sealed partial class CpuDevice
{
    /// <summary>What z is computed from: x, or the standardized numbers themselves, where there is no mean.</summary>
    private readonly record struct NormalizationGradient(StorageView X, StorageView Weight, StorageView Mean, StorageView Variance, StorageView Dy, GradientTarget Dx, GradientTarget DWeight, GradientTarget DBias, NormalizationPlan Plan)
    {
        /// <summary>1 / deviation of a group.</summary>
        public double Scale(int group) => 1 / Math.Sqrt(Of(Variance)[group] + Plan.Epsilon);
    }

    /// <inheritdoc/>
    public override void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate)
        => NormalizeGroupsBackward(new(y, default, default, variance, dy, new(dx, accumulate), default, default, new(outer, length, inner, length, inner, epsilon)));

    /// <inheritdoc/>
    public override void NormalizeBackward(StorageView x, StorageView weight, StorageView mean, StorageView variance, StorageView dy, GradientTarget dx, GradientTarget dWeight, GradientTarget dBias, in NormalizationPlan plan)
    {
        if (IsOnePerGroup(plan) || IsOnePerPlace(plan))
            NormalizeGroupsBackward(new(x, weight, mean, variance, dy, dx, dWeight, dBias, plan));
        else
            base.NormalizeBackward(x, weight, mean, variance, dy, dx, dWeight, dBias, plan);
    }

    private void NormalizeGroupsBackward(NormalizationGradient job)
    {
        var plan = job.Plan;
        var (blocks, work) = ((plan.Parameters + Lanes.Width - 1) / Lanes.Width, (long)plan.Count * WorkPerNumber);
        if (plan.Inner == 1 && IsOnePerGroup(plan))
        {
            ShareOut(blocks, work, block => NormalizeColumnsBackward(job, block * Lanes.Width));
            return;
        }
        if (IsOnePerGroup(plan))
        {
            ShareOut(plan.Length, work, group => NormalizeGroupBackward(job, group));
            return;
        }
        var scales = ArrayPool<double>.Shared.Rent(plan.Length);
        for (var row = 0; row < plan.Length; row++)
            scales[row] = job.Scale(row);
        if (job.Dx.IsWanted)
            InRuns(plan.Length, plan.Inner, (first, count) => NormalizeRowsBackward(job, first, count, scales));
        if (job.DWeight.IsWanted || job.DBias.IsWanted)
            ShareOut(blocks, work, block => SumOverRows(job, block * Lanes.Width, scales));
        ArrayPool<double>.Shared.Return(scales);
    }

    /// <summary>A group with a scale and shift of its own: one pass gives all sums.</summary>
    private static void NormalizeGroupBackward(in NormalizationGradient job, int group)
    {
        var (outer, length, inner) = (job.Plan.Outer, job.Plan.Length, job.Plan.Inner);
        ref var xs = ref First(job.X);
        ref var dys = ref First(job.Dy);
        var scaleOfGroup = job.Scale(group);
        var (means, factors) = job.Mean.Storage is null ? (default, Vector512<double>.One) : (Vector512.Create((double)Of(job.Mean)[group]), Vector512.Create(scaleOfGroup));
        var sums = new GradientSums();
        for (var o = 0; o < outer; o++)
        {
            ref var run = ref Unsafe.Add(ref xs, (o * length + group) * inner);
            ref var dyRun = ref Unsafe.Add(ref dys, (o * length + group) * inner);
            var i = 0;
            for (; i + Lanes.Width <= inner; i += Lanes.Width)
                sums.Add(Vector512.LoadUnsafe(ref run, (nuint)i), Vector512.LoadUnsafe(ref dyRun, (nuint)i), means, factors);
            if (i < inner) // lanes beyond the end have dy = 0 and count for nothing
                sums.Add(Lanes.Load(ref run, i, inner), Lanes.Load(ref dyRun, i, inner), means, factors);
        }
        var (sum, withZ) = (sums.Plain.Total, sums.WithZ.Total);
        AddTo(job.DBias, group, sum);
        AddTo(job.DWeight, group, withZ);
        if (!job.Dx.IsWanted)
            return;
        ref var dxs = ref First(job.Dx.View);
        var count = (double)outer * inner;
        var scale = Vector512.Create(scaleOfGroup * (job.Weight.Storage is null ? 1 : Of(job.Weight)[group]));
        var (average, averageWithZ) = (Vector512.Create(sum / count), Vector512.Create(withZ / count));
        for (var o = 0; o < outer; o++)
        {
            ref var run = ref Unsafe.Add(ref xs, (o * length + group) * inner);
            ref var dyRun = ref Unsafe.Add(ref dys, (o * length + group) * inner);
            ref var dxRun = ref Unsafe.Add(ref dxs, (o * length + group) * inner);
            var i = 0;
            if (!job.Dx.Accumulate)
                for (; i + Lanes.Width <= inner; i += Lanes.Width)
                    Gradient(Vector512.LoadUnsafe(ref run, (nuint)i), Vector512.LoadUnsafe(ref dyRun, (nuint)i), means, factors, average, averageWithZ, scale).StoreUnsafe(ref dxRun, (nuint)i);
            for (; i < inner; i += Lanes.Width)
            {
                var gradient = Gradient(Lanes.Load(ref run, i, inner), Lanes.Load(ref dyRun, i, inner), means, factors, average, averageWithZ, scale);
                if (job.Dx.Accumulate)
                    gradient += Lanes.Load(ref dxRun, i, inner);
                Lanes.Store(gradient, ref dxRun, i, inner);
            }
        }
    }

    /// <summary>(g - mean(g) - z mean(g z)) scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gradient(Vector512<float> x, Vector512<float> g, Vector512<double> means, Vector512<double> factors, Vector512<double> average, Vector512<double> averageWithZ, Vector512<double> scale)
    {
        var (low, high) = Vector512.Widen(x);
        var (gLow, gHigh) = Vector512.Widen(g);
        return Vector512.Narrow((gLow - average - (low - means) * factors * averageWithZ) * scale, (gHigh - average - (high - means) * factors * averageWithZ) * scale);
    }

    /// <summary>The two sums that a gradient takes: of g, and of g z.</summary>
    private struct GradientSums
    {
        public WideSums Plain, WithZ;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<float> x, Vector512<float> g, Vector512<double> means, Vector512<double> factors)
        {
            var (low, high) = Vector512.Widen(x);
            var (gLow, gHigh) = Vector512.Widen(g);
            Plain.Add(gLow, gHigh);
            WithZ.AddProducts((low - means) * factors, (high - means) * factors, gLow, gHigh);
        }
    }

    private static void AddTo(GradientTarget target, int index, double value)
    {
        if (target.IsWanted)
            Of(target.View)[index] = (float)(value + (target.Accumulate ? Of(target.View)[index] : 0));
    }

    /// <summary>dx of rows whose places have scales of their own.</summary>
    private static void NormalizeRowsBackward(in NormalizationGradient job, int first, int count, double[] scales)
    {
        var inner = job.Plan.Inner;
        ref var xs = ref First(job.X);
        ref var dys = ref First(job.Dy);
        ref var dxs = ref First(job.Dx.View);
        ref var weights = ref First(job.Weight);
        var averages = Of(job.Mean);
        for (var row = first; row < first + count; row++)
            NormalizeRowBackward(ref Unsafe.Add(ref xs, row * inner), ref Unsafe.Add(ref dys, row * inner), ref Unsafe.Add(ref dxs, row * inner), ref weights, inner, averages[row], scales[row], job.Dx.Accumulate);
    }

    private static void NormalizeRowBackward(ref float xs, ref float dys, ref float dxs, ref float weights, int inner, double mean, double scaleOfRow, bool accumulate)
    {
        var (means, scale) = (Vector512.Create(mean), Vector512.Create(scaleOfRow));
        var sums = new GradientSums();
        var i = 0;
        for (; i + Lanes.Width <= inner; i += Lanes.Width)
            sums.Add(Vector512.LoadUnsafe(ref xs, (nuint)i), Vector512.LoadUnsafe(ref dys, (nuint)i) * Vector512.LoadUnsafe(ref weights, (nuint)i), means, scale);
        if (i < inner)
            sums.Add(Lanes.Load(ref xs, i, inner), Lanes.Load(ref dys, i, inner) * Lanes.Load(ref weights, i, inner), means, scale);
        var (average, averageWithZ) = (Vector512.Create(sums.Plain.Total / inner), Vector512.Create(sums.WithZ.Total / inner));
        i = 0;
        if (!accumulate)
            for (; i + Lanes.Width <= inner; i += Lanes.Width)
                Gradient(Vector512.LoadUnsafe(ref xs, (nuint)i), Vector512.LoadUnsafe(ref dys, (nuint)i) * Vector512.LoadUnsafe(ref weights, (nuint)i), means, scale, average, averageWithZ, scale).StoreUnsafe(ref dxs, (nuint)i);
        for (; i < inner; i += Lanes.Width)
        {
            var gradient = Gradient(Lanes.Load(ref xs, i, inner), Lanes.Load(ref dys, i, inner) * Lanes.Load(ref weights, i, inner), means, scale, average, averageWithZ, scale);
            if (accumulate)
                gradient += Lanes.Load(ref dxs, i, inner);
            Lanes.Store(gradient, ref dxs, i, inner);
        }
    }

    /// <summary>dweight and dbias of 16 places, summed over all rows.</summary>
    private static void SumOverRows(in NormalizationGradient job, int first, double[] scales)
    {
        var (rows, inner) = (job.Plan.Length, job.Plan.Inner);
        var averages = Of(job.Mean);
        ref var xs = ref First(job.X);
        ref var dys = ref First(job.Dy);
        var sums = new GradientSums();
        if (first + Lanes.Width <= inner)
            for (var row = 0; row < rows; row++)
                sums.Add(Vector512.LoadUnsafe(ref xs, (nuint)(row * inner + first)), Vector512.LoadUnsafe(ref dys, (nuint)(row * inner + first)), Vector512.Create((double)averages[row]), Vector512.Create(scales[row]));
        else
            for (var row = 0; row < rows; row++)
                sums.Add(Lanes.Load(ref Unsafe.Add(ref xs, row * inner), first, inner), Lanes.Load(ref Unsafe.Add(ref dys, row * inner), first, inner), Vector512.Create((double)averages[row]), Vector512.Create(scales[row]));
        var ((low, high), (lowWithZ, highWithZ)) = (sums.Plain.Columns, sums.WithZ.Columns);
        AddLanes(job.DWeight, Vector512.Narrow(lowWithZ, highWithZ), first, inner);
        AddLanes(job.DBias, Vector512.Narrow(low, high), first, inner);
    }

    private static void AddLanes(GradientTarget target, Vector512<float> values, int first, int length)
    {
        if (!target.IsWanted)
            return;
        ref var to = ref First(target.View);
        if (target.Accumulate)
            values += Lanes.Load(ref to, first, length);
        Lanes.Store(values, ref to, first, length);
    }

    /// <summary>The groups from <paramref name="first"/> on, up to 16, each a column of a matrix.</summary>
    private static void NormalizeColumnsBackward(in NormalizationGradient job, int first)
    {
        var (outer, length) = (job.Plan.Outer, job.Plan.Length);
        ref var xs = ref First(job.X);
        ref var dys = ref First(job.Dy);
        var (lowDeviation, highDeviation) = Factors(Lanes.Load(ref First(job.Variance), first, length), job.Plan.Epsilon);
        var (lowMean, highMean) = job.Mean.Storage is null ? default : Vector512.Widen(Lanes.Load(ref First(job.Mean), first, length));
        var (lowFactor, highFactor) = job.Mean.Storage is null ? (Vector512<double>.One, Vector512<double>.One) : (lowDeviation, highDeviation);
        Vector512<double> lowSum = default, highSum = default, lowWithZ = default, highWithZ = default;
        for (var o = 0; o < outer; o++)
        {
            var (low, high) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, o * length), first, length));
            var (dyLow, dyHigh) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref dys, o * length), first, length));
            lowSum += dyLow;
            highSum += dyHigh;
            lowWithZ = Vector512.FusedMultiplyAdd((low - lowMean) * lowFactor, dyLow, lowWithZ);
            highWithZ = Vector512.FusedMultiplyAdd((high - highMean) * highFactor, dyHigh, highWithZ);
        }
        AddLanes(job.DBias, Vector512.Narrow(lowSum, highSum), first, length);
        AddLanes(job.DWeight, Vector512.Narrow(lowWithZ, highWithZ), first, length);
        if (!job.Dx.IsWanted)
            return;
        ref var dxs = ref First(job.Dx.View);
        var (lowScale, highScale) = (lowDeviation, highDeviation);
        if (job.Weight.Storage is not null)
        {
            var (lowWeight, highWeight) = Vector512.Widen(Lanes.Load(ref First(job.Weight), first, length));
            (lowScale, highScale) = (lowScale * lowWeight, highScale * highWeight);
        }
        for (var o = 0; o < outer; o++)
        {
            var (low, high) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, o * length), first, length));
            var (dyLow, dyHigh) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref dys, o * length), first, length));
            var gradient = Vector512.Narrow(
                (dyLow - lowSum / outer - (low - lowMean) * lowFactor * (lowWithZ / outer)) * lowScale,
                (dyHigh - highSum / outer - (high - highMean) * highFactor * (highWithZ / outer)) * highScale);
            ref var to = ref Unsafe.Add(ref dxs, o * length);
            if (job.Dx.Accumulate)
                gradient += Lanes.Load(ref to, first, length);
            Lanes.Store(gradient, ref to, first, length);
        }
    }
}
