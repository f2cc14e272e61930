using System.Runtime.CompilerServices;

namespace CourseKit;

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
        var to = 0;
        for (var row = 0; row < rows.Output; row++)
        {
            var (top, bottom) = TapsInside(rows, row);
            for (var column = 0; column < columns.Output; column++, to++)
            {
                var (left, right) = TapsInside(columns, column);
                var best = image * plan.InputArea + rows.InputAt(row, top) * columns.Input + columns.InputAt(column, left);
                var largest = Unsafe.Add(ref xs, best);
                for (var k = top; k < bottom; k++)
                {
                    var at = image * plan.InputArea + rows.InputAt(row, k) * columns.Input + columns.InputAt(column, left);
                    for (var l = left; l < right; l++, at += columns.Dilation)
                    {
                        // Without a branch: which of four random numbers is the largest cannot be predicted.
                        var value = Unsafe.Add(ref xs, at);
                        var wins = ToMask((value > largest) | float.IsNaN(value));
                        best ^= (best ^ at) & wins;
                        largest = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(largest) ^ ((BitConverter.SingleToInt32Bits(largest) ^ BitConverter.SingleToInt32Bits(value)) & wins));
                    }
                }
                ys[to] = largest;
                places[to] = best;
            }
        }
    }

    /// <summary>All bits for true, none for false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ToMask(bool condition) => -Unsafe.BitCast<bool, byte>(condition);

    /// <summary>The taps, from Start up to but not including End, that look at an input and not at padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Start, int End) TapsInside(in SlidingAxis axis, int output)
    {
        var first = axis.InputAt(output, 0);
        if (first >= 0 && first + (axis.Kernel - 1) * axis.Dilation < axis.Input)
            return (0, axis.Kernel); // the usual case, without a division
        var start = first >= 0 ? 0 : (-first + axis.Dilation - 1) / axis.Dilation;
        return (start, Math.Min(axis.Kernel, (axis.Input - 1 - first) / axis.Dilation + 1));
    }
}
