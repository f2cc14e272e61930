using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Pooling. Which of four random numbers is the largest cannot be predicted, so nothing branches on it: four neighbouring windows are
/// compared side by side, and windows at the border one by one. Threads share out images.
/// </summary>
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void MaxPool(StorageView x, StorageView y, Memory<int> positions, in PoolingPlan plan)
    {
        var shape = plan;
        ShareOut(plan.Images, (long)plan.Images * plan.OutputArea * plan.Rows.Kernel * plan.Columns.Kernel, image => MaxPoolImage(x, y, positions.Span, shape, image));
    }

    private static void MaxPoolImage(StorageView x, StorageView y, Span<int> positions, in PoolingPlan plan, int image)
    {
        ref var xs = ref First(x);
        var ys = Of(Part(y, image * plan.OutputArea, plan.OutputArea));
        var places = positions.Slice(image * plan.OutputArea, plan.OutputArea);
        var (rows, columns) = (plan.Rows, plan.Columns);
        // The columns whose windows lie inside from left to right.
        var (firstWhole, _) = columns.OutputsInside(0);
        var (_, endOfWhole) = columns.OutputsInside(columns.Kernel - 1);
        for (var row = 0; row < rows.Output; row++)
        {
            var (top, bottom) = TapsInside(rows, row);
            var start = (image * rows.Input + rows.InputAt(row, top)) * columns.Input;
            for (var column = 0; column < columns.Output;)
            {
                var to = row * columns.Output + column;
                if (column >= firstWhole && column + Vector128<float>.Count <= endOfWhole)
                {
                    var (largest, best) = LargestOfFour(ref xs, start + columns.InputAt(column, 0), bottom - top, plan);
                    largest.CopyTo(ys[to..]);
                    best.CopyTo(places[to..]);
                    column += Vector128<float>.Count;
                }
                else
                {
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
                var values = FourApart(ref Unsafe.Add(ref xs, at), stride);
                var wins = Vector128.GreaterThan(values, largest) | ~Vector128.Equals(values, values);
                largest = Vector128.ConditionalSelect(wins, values, largest);
                best = Vector128.ConditionalSelect(wins.AsInt32(), steps + Vector128.Create(at), best);
            }
        return (largest, best);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> FourApart(ref float from, int step)
            => Vector128.Create(from, Unsafe.Add(ref from, step), Unsafe.Add(ref from, 2 * step), Unsafe.Add(ref from, 3 * step));
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
