using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Standardizing groups of numbers, in doubles throughout. A group is made of runs of neighbours (batch normalization of images:
/// one channel of each example); where every run is a single number (batch normalization of rows), 16 groups are done side by side.
/// Groups do not touch each other, so threads share them out.
/// </summary>
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon)
    {
        if (inner == 1)
            ShareOut((length + Lanes.Width - 1) / Lanes.Width, x.Length, block => StandardizeColumns(x, y, mean, variance, outer, length, block * Lanes.Width, epsilon));
        else
            ShareOut(length, x.Length, group => StandardizeRuns(x, y, mean, variance, outer, length, inner, group, epsilon));
    }

    private static void StandardizeRuns(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, int group, double epsilon)
    {
        ref var xs = ref First(x);
        ref var ys = ref First(y);
        var count = (double)outer * inner;
        var sum = 0.0;
        for (var o = 0; o < outer; o++)
            sum += SumOfRun(ref Unsafe.Add(ref xs, (o * length + group) * inner), inner);
        var average = sum / count;
        var averages = Vector512.Create(average);
        Vector512<double> squares = default;
        for (var o = 0; o < outer; o++)
        {
            ref var run = ref Unsafe.Add(ref xs, (o * length + group) * inner);
            for (var i = 0; i < inner; i += Lanes.Width)
            {
                // Lanes beyond the end hold the mean's float32 and not the mean: they are taken as the mean itself.
                var (low, high) = Vector512.Widen(Lanes.Load(ref run, i, inner));
                if (i + Lanes.Width > inner)
                    (low, high) = (Beyond(low, i, averages, inner), Beyond(high, i + Vector512<double>.Count, averages, inner));
                squares = Vector512.FusedMultiplyAdd(low - averages, low - averages, squares);
                squares = Vector512.FusedMultiplyAdd(high - averages, high - averages, squares);
            }
        }
        var spread = SumOfLanes(squares) / count;
        Of(mean)[group] = (float)average;
        Of(variance)[group] = (float)spread;
        var factor = Vector512.Create(1 / Math.Sqrt((float)spread + epsilon));
        for (var o = 0; o < outer; o++)
        {
            ref var run = ref Unsafe.Add(ref xs, (o * length + group) * inner);
            ref var to = ref Unsafe.Add(ref ys, (o * length + group) * inner);
            for (var i = 0; i < inner; i += Lanes.Width)
            {
                var (low, high) = Vector512.Widen(Lanes.Load(ref run, i, inner));
                Lanes.Store(Vector512.Narrow((low - averages) * factor, (high - averages) * factor), ref to, i, inner);
            }
        }

        static Vector512<double> Beyond(Vector512<double> values, int index, Vector512<double> instead, int length)
            => Vector512.ConditionalSelect(Vector512.LessThan(Vector512<double>.Indices + Vector512.Create((double)index), Vector512.Create((double)length)), values, instead);
    }

    /// <summary>The groups from <paramref name="first"/> on, up to 16, each a column of a matrix.</summary>
    private static void StandardizeColumns(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int first, double epsilon)
    {
        ref var xs = ref First(x);
        ref var ys = ref First(y);
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
        Lanes.Store(Vector512.Narrow(lowMean, highMean), ref First(mean), first, length);
        Lanes.Store(spread, ref First(variance), first, length);
        var (lowFactor, highFactor) = Factors(spread, epsilon);
        for (var o = 0; o < outer; o++)
        {
            var (low, high) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, o * length), first, length));
            Lanes.Store(Vector512.Narrow((low - lowMean) * lowFactor, (high - highMean) * highFactor), ref Unsafe.Add(ref ys, o * length), first, length);
        }
    }

    /// <inheritdoc/>
    public override void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate)
    {
        if (inner == 1)
            ShareOut((length + Lanes.Width - 1) / Lanes.Width, y.Length, block => StandardizeColumnsBackward(y, variance, dy, dx, outer, length, block * Lanes.Width, epsilon, accumulate));
        else
            ShareOut(length, y.Length, group => StandardizeRunsBackward(y, variance, dy, dx, outer, length, inner, group, epsilon, accumulate));
    }

    private static void StandardizeRunsBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, int group, double epsilon, bool accumulate)
    {
        ref var ys = ref First(y);
        ref var dys = ref First(dy);
        ref var dxs = ref First(dx);
        var count = (double)outer * inner;
        Vector512<double> sum = default, sumWithY = default;
        for (var o = 0; o < outer; o++)
        {
            ref var yRun = ref Unsafe.Add(ref ys, (o * length + group) * inner);
            ref var dyRun = ref Unsafe.Add(ref dys, (o * length + group) * inner);
            for (var i = 0; i < inner; i += Lanes.Width)
            {
                var (yLow, yHigh) = Vector512.Widen(Lanes.Load(ref yRun, i, inner));
                var (dyLow, dyHigh) = Vector512.Widen(Lanes.Load(ref dyRun, i, inner));
                sum += dyLow + dyHigh;
                sumWithY = Vector512.FusedMultiplyAdd(yHigh, dyHigh, Vector512.FusedMultiplyAdd(yLow, dyLow, sumWithY));
            }
        }
        var average = Vector512.Create(SumOfLanes(sum) / count);
        var averageWithY = Vector512.Create(SumOfLanes(sumWithY) / count);
        var factor = Vector512.Create(1 / Math.Sqrt(Of(variance)[group] + epsilon));
        for (var o = 0; o < outer; o++)
        {
            ref var yRun = ref Unsafe.Add(ref ys, (o * length + group) * inner);
            ref var dyRun = ref Unsafe.Add(ref dys, (o * length + group) * inner);
            ref var dxRun = ref Unsafe.Add(ref dxs, (o * length + group) * inner);
            for (var i = 0; i < inner; i += Lanes.Width)
            {
                var (yLow, yHigh) = Vector512.Widen(Lanes.Load(ref yRun, i, inner));
                var (dyLow, dyHigh) = Vector512.Widen(Lanes.Load(ref dyRun, i, inner));
                var gradient = Vector512.Narrow((dyLow - average - yLow * averageWithY) * factor, (dyHigh - average - yHigh * averageWithY) * factor);
                if (accumulate)
                    gradient += Lanes.Load(ref dxRun, i, inner);
                Lanes.Store(gradient, ref dxRun, i, inner);
            }
        }
    }

    private static void StandardizeColumnsBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int first, double epsilon, bool accumulate)
    {
        ref var ys = ref First(y);
        ref var dys = ref First(dy);
        ref var dxs = ref First(dx);
        Vector512<double> lowSum = default, highSum = default, lowWithY = default, highWithY = default;
        for (var o = 0; o < outer; o++)
        {
            var (yLow, yHigh) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref ys, o * length), first, length));
            var (dyLow, dyHigh) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref dys, o * length), first, length));
            lowSum += dyLow;
            highSum += dyHigh;
            lowWithY = Vector512.FusedMultiplyAdd(yLow, dyLow, lowWithY);
            highWithY = Vector512.FusedMultiplyAdd(yHigh, dyHigh, highWithY);
        }
        var (lowFactor, highFactor) = Factors(Lanes.Load(ref First(variance), first, length), epsilon);
        for (var o = 0; o < outer; o++)
        {
            var (yLow, yHigh) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref ys, o * length), first, length));
            var (dyLow, dyHigh) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref dys, o * length), first, length));
            var gradient = Vector512.Narrow((dyLow - lowSum / outer - yLow * (lowWithY / outer)) * lowFactor, (dyHigh - highSum / outer - yHigh * (highWithY / outer)) * highFactor);
            ref var to = ref Unsafe.Add(ref dxs, o * length);
            if (accumulate)
                gradient += Lanes.Load(ref to, first, length);
            Lanes.Store(gradient, ref to, first, length);
        }
    }

    /// <summary>1 / sqrt(variance + epsilon) in 16 lanes.</summary>
    private static (Vector512<double> Low, Vector512<double> High) Factors(Vector512<float> variance, double epsilon)
    {
        var (low, high) = Vector512.Widen(variance);
        return (Vector512<double>.One / Vector512.Sqrt(low + Vector512.Create(epsilon)), Vector512<double>.One / Vector512.Sqrt(high + Vector512.Create(epsilon)));
    }

    private static double SumOfLanes(Vector512<double> lanes)
    {
        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            sum += lanes[lane];
        return sum;
    }
}
