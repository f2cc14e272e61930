using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Standardizing groups of numbers, in doubles throughout, and scaling and shifting them in the same pass. A group is made of runs of neighbours
/// (batch normalization of images: one channel of each example; layer normalization: one row); where every run is a single number
/// (batch normalization of rows), 16 groups are done side by side. Groups do not touch each other, so threads share them out.
/// </summary>
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon)
        => NormalizeGroups(new(x, default, default, y, mean, variance, new(outer, length, inner, length, inner, epsilon)));

    /// <inheritdoc/>
    public override void Normalize(StorageView x, StorageView weight, StorageView bias, StorageView y, StorageView mean, StorageView variance, in NormalizationPlan plan)
    {
        if (IsOnePerGroup(plan) || IsOnePerPlace(plan))
            NormalizeGroups(new(x, weight, bias, y, mean, variance, plan));
        else
            base.Normalize(x, weight, bias, y, mean, variance, plan);
    }

    /// <summary>Batch normalization: each group has its scale and shift.</summary>
    private static bool IsOnePerGroup(in NormalizationPlan plan) => plan.Parameters == plan.Length && plan.Repeat == plan.Inner;

    /// <summary>Layer normalization: each place of a group has its own, the same in all groups.</summary>
    private static bool IsOnePerPlace(in NormalizationPlan plan) => plan.Outer == 1 && plan.Parameters == plan.Inner && plan.Repeat == 1;

    private readonly record struct Normalization(StorageView X, StorageView Weight, StorageView Bias, StorageView Y, StorageView Mean, StorageView Variance, NormalizationPlan Plan);

    private void NormalizeGroups(Normalization job)
    {
        var plan = job.Plan;
        if (plan.Inner == 1 && IsOnePerGroup(plan))
            ShareOut((plan.Length + Lanes.Width - 1) / Lanes.Width, (long)plan.Count * WorkPerNumber, block => NormalizeColumns(job, block * Lanes.Width));
        else
            InRuns(plan.Length, plan.Outer * plan.Inner, (first, count) => NormalizeSomeGroups(job, first, count));
    }

    private static void NormalizeSomeGroups(in Normalization job, int first, int count)
    {
        var plan = job.Plan;
        ref var xs = ref First(job.X);
        ref var ys = ref First(job.Y);
        var means = Of(job.Mean);
        var variances = Of(job.Variance);
        var isScaled = job.Weight.Storage is not null;
        var weights = isScaled ? Of(job.Weight) : default;
        var biases = isScaled ? Of(job.Bias) : default;
        var isOnePerGroup = IsOnePerGroup(plan);
        for (var group = first; group < first + count; group++)
        {
            var (average, spread) = Moments(ref xs, plan, group);
            means[group] = (float)average;
            variances[group] = (float)spread;
            var factor = 1 / Math.Sqrt((float)spread + plan.Epsilon);
            if (isOnePerGroup)
                ScaleGroup(ref xs, ref ys, plan, group, average, isScaled ? factor * weights[group] : factor, isScaled ? biases[group] : 0);
            else
                ScaleRow(ref Unsafe.Add(ref xs, group * plan.Inner), ref Unsafe.Add(ref ys, group * plan.Inner), plan.Inner, average, factor, ref MemoryMarshal.GetReference(weights), ref MemoryMarshal.GetReference(biases));
        }
    }

    private static void ScaleGroup(ref float xs, ref float ys, in NormalizationPlan plan, int group, double average, double factor, double shift)
    {
        var (averages, factors, shifts) = (Vector512.Create(average), Vector512.Create(factor), Vector512.Create(shift));
        for (var o = 0; o < plan.Outer; o++)
        {
            ref var run = ref Unsafe.Add(ref xs, (o * plan.Length + group) * plan.Inner);
            ref var to = ref Unsafe.Add(ref ys, (o * plan.Length + group) * plan.Inner);
            var i = 0;
            for (; i + Lanes.Width <= plan.Inner; i += Lanes.Width)
                Scale(Vector512.LoadUnsafe(ref run, (nuint)i), averages, factors, shifts).StoreUnsafe(ref to, (nuint)i);
            if (i < plan.Inner)
                Lanes.Store(Scale(Lanes.Load(ref run, i, plan.Inner), averages, factors, shifts), ref to, i, plan.Inner);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<float> Scale(Vector512<float> x, Vector512<double> averages, Vector512<double> factors, Vector512<double> shifts)
        {
            var (low, high) = Vector512.Widen(x);
            return Vector512.Narrow(Vector512.FusedMultiplyAdd(low - averages, factors, shifts), Vector512.FusedMultiplyAdd(high - averages, factors, shifts));
        }
    }

    private static void ScaleRow(ref float run, ref float to, int length, double average, double factor, ref float weights, ref float biases)
    {
        var (averages, factors) = (Vector512.Create(average), Vector512.Create(factor));
        var i = 0;
        for (; i + Lanes.Width <= length; i += Lanes.Width)
            Scale(Vector512.LoadUnsafe(ref run, (nuint)i), averages, factors, Vector512.LoadUnsafe(ref weights, (nuint)i), Vector512.LoadUnsafe(ref biases, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        if (i < length)
            Lanes.Store(Scale(Lanes.Load(ref run, i, length), averages, factors, Lanes.Load(ref weights, i, length), Lanes.Load(ref biases, i, length)), ref to, i, length);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<float> Scale(Vector512<float> x, Vector512<double> averages, Vector512<double> factors, Vector512<float> weights, Vector512<float> biases)
        {
            var (low, high) = Vector512.Widen(x);
            return Vector512.FusedMultiplyAdd(Vector512.Narrow((low - averages) * factors, (high - averages) * factors), weights, biases);
        }
    }

    /// <summary>Mean and variance of one group.</summary>
    private static (double Average, double Spread) Moments(ref float xs, in NormalizationPlan plan, int group)
    {
        var (outer, length, inner) = (plan.Outer, plan.Length, plan.Inner);
        var count = (double)outer * inner;
        var sum = 0.0;
        for (var o = 0; o < outer; o++)
            sum += SumOfRun(ref Unsafe.Add(ref xs, (o * length + group) * inner), inner);
        var average = sum / count;
        var averages = Vector512.Create(average);
        var squares = new WideSums();
        for (var o = 0; o < outer; o++)
        {
            ref var run = ref Unsafe.Add(ref xs, (o * length + group) * inner);
            var i = 0;
            for (; i + Lanes.Width <= inner; i += Lanes.Width)
            {
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref run, (nuint)i));
                squares.AddProducts(low - averages, high - averages, low - averages, high - averages);
            }
            if (i < inner)
            {
                // Lanes beyond the end hold no number: they are taken as the mean itself.
                var (low, high) = Vector512.Widen(Lanes.Load(ref run, i, inner));
                (low, high) = (Deviation(low, i, averages, inner), Deviation(high, i + Vector512<double>.Count, averages, inner));
                squares.AddProducts(low, high, low, high);
            }
        }
        return (average, squares.Total / count);

        static Vector512<double> Deviation(Vector512<double> values, int index, Vector512<double> averages, int length)
            => Vector512.ConditionalSelect(Vector512.LessThan(Vector512<double>.Indices + Vector512.Create((double)index), Vector512.Create((double)length)), values - averages, Vector512<double>.Zero);
    }

    /// <summary>The groups from <paramref name="first"/> on, up to 16, each a column of a matrix.</summary>
    private static void NormalizeColumns(in Normalization job, int first)
    {
        var (outer, length) = (job.Plan.Outer, job.Plan.Length);
        ref var xs = ref First(job.X);
        ref var ys = ref First(job.Y);
        Vector512<double> lowSum = default, highSum = default, lowSquares = default, highSquares = default;
        for (var o = 0; o < outer; o++)
        {
            var (low, high) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, o * length), first, length));
            lowSum += low;
            highSum += high;
        }
        var (lowMean, highMean) = (lowSum / outer, highSum / outer);
        for (var o = 0; o < outer; o++)
        {
            var (low, high) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, o * length), first, length));
            lowSquares = Vector512.FusedMultiplyAdd(low - lowMean, low - lowMean, lowSquares);
            highSquares = Vector512.FusedMultiplyAdd(high - highMean, high - highMean, highSquares);
        }
        var spread = Vector512.Narrow(lowSquares / outer, highSquares / outer);
        Lanes.Store(Vector512.Narrow(lowMean, highMean), ref First(job.Mean), first, length);
        Lanes.Store(spread, ref First(job.Variance), first, length);
        var (lowFactor, highFactor) = Factors(spread, job.Plan.Epsilon);
        var (lowShift, highShift) = (Vector512<double>.Zero, Vector512<double>.Zero);
        if (job.Weight.Storage is not null)
        {
            var (lowScale, highScale) = Vector512.Widen(Lanes.Load(ref First(job.Weight), first, length));
            (lowFactor, highFactor) = (lowFactor * lowScale, highFactor * highScale);
            (lowShift, highShift) = Vector512.Widen(Lanes.Load(ref First(job.Bias), first, length));
        }
        for (var o = 0; o < outer; o++)
        {
            var (low, high) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, o * length), first, length));
            Lanes.Store(Vector512.Narrow(Vector512.FusedMultiplyAdd(low - lowMean, lowFactor, lowShift), Vector512.FusedMultiplyAdd(high - highMean, highFactor, highShift)), ref Unsafe.Add(ref ys, o * length), first, length);
        }
    }

    /// <summary>1 / sqrt(variance + epsilon) in 16 lanes.</summary>
    private static (Vector512<double> Low, Vector512<double> High) Factors(Vector512<float> variance, double epsilon)
    {
        var (low, high) = Vector512.Widen(variance);
        return (Vector512<double>.One / Vector512.Sqrt(low + Vector512.Create(epsilon)), Vector512<double>.One / Vector512.Sqrt(high + Vector512.Create(epsilon)));
    }
}
