using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Pooling. Which of four random numbers is the largest cannot be predicted, so nothing branches on it: four neighbouring windows are
/// compared side by side, and windows at the border one by one. Threads share out images.
/// </summary>
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void MaxPool(StorageView x, StorageView y, StorageView places, in PoolingPlan plan)
    {
        var shape = plan;
        ShareOut(plan.Images, (long)plan.Images * plan.InputArea * WorkPerNumber, image => MaxPoolImage(x, y, PlacesIn(places), shape, image));
    }

    /// <inheritdoc/>
    public override void MaxPoolBackward(StorageView dy, StorageView places, StorageView dx, in PoolingPlan plan) => ScatterAdd(dy, PlacesIn(places), dx, 1);

    // A place is a whole number in the four bytes of a single.
    private static Span<int> PlacesIn(StorageView places) => MemoryMarshal.Cast<float, int>(Of(places));

    private static void MaxPoolImage(StorageView x, StorageView y, Span<int> positions, in PoolingPlan plan, int image)
    {
        ref var xs = ref First(x);
        var ys = Of(Part(y, image * plan.OutputArea, plan.OutputArea));
        var places = positions.Slice(image * plan.OutputArea, plan.OutputArea);
        var (rows, columns) = (plan.Rows, plan.Columns);
        // The columns whose windows lie inside from left to right.
        var (firstWhole, _) = columns.OutputsInside(0);
        var (_, endOfWhole) = columns.OutputsInside(columns.Kernel - 1);
        var isUsual = columns is { Kernel: 2, Stride: 2, Dilation: 1 };
        for (var row = 0; row < rows.Output; row++)
        {
            var (top, bottom) = TapsInside(rows, row);
            var start = (image * rows.Input + rows.InputAt(row, top)) * columns.Input;
            var column = 0;
            if (isUsual && bottom - top == 2 && firstWhole == 0)
                column = LargestOfPairs(ref xs, start, rows.Dilation * columns.Input, ys.Slice(row * columns.Output, endOfWhole), places.Slice(row * columns.Output, endOfWhole));
            while (column < columns.Output)
            {
                // The last windows go with some before them once more, rather than one by one.
                if (column >= firstWhole && column < endOfWhole && endOfWhole - firstWhole >= Vector128<float>.Count)
                {
                    var from = Math.Min(column, endOfWhole - Vector128<float>.Count);
                    var first = start + columns.InputAt(from, 0);
                    var (largest, best) = LargestOfFour(ref xs, first, bottom - top, plan);
                    largest.CopyTo(ys[(row * columns.Output + from)..]);
                    best.CopyTo(places[(row * columns.Output + from)..]);
                    column = from + Vector128<float>.Count;
                }
                else
                {
                    var to = row * columns.Output + column;
                    var (left, right) = TapsInside(columns, column);
                    (ys[to], places[to]) = LargestOfOne(ref xs, start + columns.InputAt(column, left), bottom - top, right - left, plan);
                    column++;
                }
            }
        }
    }

    /// <summary>The largest number, and its place, in each of four neighbouring windows; the first window begins at <paramref name="first"/>.</summary>
    private static (Vector128<float> Largest, Vector128<int> Best) LargestOfFour(ref float xs, int first, int height, in PoolingPlan plan)
    {
        var stride = plan.Columns.Stride;
        var steps = Vector128<int>.Indices * stride;
        var best = steps + Vector128.Create(first);
        var largest = FourApart(ref Unsafe.Add(ref xs, first), stride);
        for (var k = 0; k < height; k++)
            for (var l = 0; l < plan.Columns.Kernel; l++)
            {
                var at = first + k * plan.Rows.Dilation * plan.Columns.Input + l * plan.Columns.Dilation;
                Compare(FourApart(ref Unsafe.Add(ref xs, at), stride), steps + Vector128.Create(at), ref largest, ref best);
            }
        return (largest, best);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> FourApart(ref float from, int step)
            => Vector128.Create(from, Unsafe.Add(ref from, step), Unsafe.Add(ref from, 2 * step), Unsafe.Add(ref from, 3 * step));
    }

    /// <summary>The same for a row of the usual windows, two by two and side by side: four windows are eight neighbours in each of two rows. Returns how many windows it did, which are multiples of four.</summary>
    private static int LargestOfPairs(ref float xs, int first, int below, Span<float> largests, Span<int> bests)
    {
        ref var upper = ref Unsafe.Add(ref xs, first);
        ref var lower = ref Unsafe.Add(ref upper, below);
        ref var to = ref MemoryMarshal.GetReference(largests);
        ref var places = ref MemoryMarshal.GetReference(bests);
        var place = Vector128<int>.Indices * 2 + Vector128.Create(first);
        var i = 0;
        for (; i + Vector128<float>.Count <= largests.Length; i += Vector128<float>.Count)
        {
            var (left, right) = (Vector128.LoadUnsafe(ref upper, (nuint)(2 * i)), Vector128.LoadUnsafe(ref upper, (nuint)(2 * i + Vector128<float>.Count)));
            var (largest, best) = (Lanes.Evens(left, right), place);
            Compare(Lanes.Odds(left, right), place + Vector128<int>.One, ref largest, ref best);
            (left, right) = (Vector128.LoadUnsafe(ref lower, (nuint)(2 * i)), Vector128.LoadUnsafe(ref lower, (nuint)(2 * i + Vector128<float>.Count)));
            Compare(Lanes.Evens(left, right), place + Vector128.Create(below), ref largest, ref best);
            Compare(Lanes.Odds(left, right), place + Vector128.Create(below + 1), ref largest, ref best);
            largest.StoreUnsafe(ref to, (nuint)i);
            best.StoreUnsafe(ref places, (nuint)i);
            place += Vector128.Create(2 * Vector128<float>.Count);
        }
        return i;
    }

    /// <summary>Takes what is larger, or not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare(Vector128<float> values, Vector128<int> places, ref Vector128<float> largest, ref Vector128<int> best)
    {
        var wins = Vector128.GreaterThan(values, largest) | ~Vector128.Equals(values, values);
        largest = Vector128.ConditionalSelect(wins, values, largest);
        best = Vector128.ConditionalSelect(wins.AsInt32(), places, best);
    }

    private static (float Largest, int Best) LargestOfOne(ref float xs, int first, int height, int width, in PoolingPlan plan)
    {
        var best = first;
        var largest = Unsafe.Add(ref xs, first);
        for (var k = 0; k < height; k++)
            for (var l = 0; l < width; l++)
            {
                var at = first + k * plan.Rows.Dilation * plan.Columns.Input + l * plan.Columns.Dilation;
                var value = Unsafe.Add(ref xs, at);
                if (value > largest || float.IsNaN(value))
                    (largest, best) = (value, at);
            }
        return (largest, best);
    }

    /// <summary>The taps, from Start up to but not including End, that look at an input and not at padding.</summary>
    private static (int Start, int End) TapsInside(in SlidingAxis axis, int output)
    {
        var first = axis.InputAt(output, 0);
        var start = first >= 0 ? 0 : (-first + axis.Dilation - 1) / axis.Dilation;
        return (start, Math.Min(axis.Kernel, (axis.Input - 1 - first) / axis.Dilation + 1));
    }
}
