using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Convolution with one output channel in a group (each channel by itself, average pooling, a last layer with one output):
/// a matrix product with one row would copy more than it multiplies, so each tap of the kernel adds a scaled run of the
/// image to the output directly.
/// </summary>
public sealed partial class CpuDevice
{
    private void ConvolutionByTaps(StorageView x, StorageView weight, StorageView y, ConvolutionPlan plan)
        => ShareOut(plan.Batch, plan.Multiplications, image =>
        {
            for (var group = 0; group < plan.Groups; group++)
            {
                ref var input = ref First(GroupOfInput(x, plan, image, group));
                ref var output = ref First(GroupOfOutput(y, plan, image, group));
                var weights = Of(Part(weight, group * plan.Terms, plan.Terms));
                var tap = new Tap(plan, 0);
                for (var term = 0; term < plan.Terms; term++, tap.MoveOn(plan))
                {
                    var (start, end) = plan.Rows.OutputsInside(tap.Row);
                    for (var row = start; row < end; row++)
                        AddScaled(ref Unsafe.Add(ref input, StartOfRun(plan, tap, row)), plan.Columns.Stride, ref Unsafe.Add(ref output, row * plan.Columns.Output + tap.Start), 1, weights[term], tap.End - tap.Start);
                    if (!float.IsFinite(weights[term]))
                        MultiplyPadding(Of(GroupOfOutput(y, plan, image, group)), plan, tap, weights[term]);
                }
            }
        });

    private void ConvolutionByTapsBackwardInput(StorageView dy, StorageView weight, StorageView dx, ConvolutionPlan plan)
        => ShareOut(plan.Batch, plan.Multiplications, image =>
        {
            for (var output = 0; output < plan.OutputChannels; output++)
            {
                ref var gradient = ref First(Part(dy, (image * plan.OutputChannels + output) * plan.OutputArea, plan.OutputArea));
                ref var target = ref First(GroupOfInput(dx, plan, image, output / plan.OutputsPerGroup));
                var weights = Of(Part(weight, output * plan.Terms, plan.Terms));
                var tap = new Tap(plan, 0);
                for (var term = 0; term < plan.Terms; term++, tap.MoveOn(plan))
                {
                    var (start, end) = plan.Rows.OutputsInside(tap.Row);
                    for (var row = start; row < end; row++)
                        AddScaled(ref Unsafe.Add(ref gradient, row * plan.Columns.Output + tap.Start), 1, ref Unsafe.Add(ref target, StartOfRun(plan, tap, row)), plan.Columns.Stride, weights[term], tap.End - tap.Start);
                }
            }
        });

    private static void WeightGradientByTaps(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, int image, int group)
    {
        ref var input = ref First(GroupOfInput(x, plan, image, group));
        ref var gradient = ref First(GroupOfOutput(dy, plan, image, group));
        var target = Of(Part(dw, group * plan.Terms, plan.Terms));
        var tap = new Tap(plan, 0);
        for (var term = 0; term < plan.Terms; term++, tap.MoveOn(plan))
        {
            // Whole vectors of all rows in 16 lanes, what is left of each row in a double: added up once, at the end.
            var lanes = Vector512<float>.Zero;
            var sum = 0.0;
            var (start, end) = plan.Rows.OutputsInside(tap.Row);
            for (var row = start; row < end; row++)
                AddProducts(ref Unsafe.Add(ref input, StartOfRun(plan, tap, row)), plan.Columns.Stride, ref Unsafe.Add(ref gradient, row * plan.Columns.Output + tap.Start), tap.End - tap.Start, ref lanes, ref sum);
            for (var lane = 0; lane < Lanes.Width; lane++)
                sum += lanes[lane];
            target[term] += (float)sum;
        }
    }

    /// <summary>One term of a window: a channel and a tap of the kernel, and the columns of the output at which that tap sees the image.</summary>
    private struct Tap
    {
        public int Channel, Row, Column, Start, End;

        public Tap(in ConvolutionPlan plan, int term)
        {
            (Channel, var inKernel) = Math.DivRem(term, plan.KernelArea);
            (Row, Column) = Math.DivRem(inKernel, plan.Columns.Kernel);
            (Start, End) = plan.Columns.OutputsInside(Column);
        }

        public void MoveOn(in ConvolutionPlan plan)
        {
            if (++Column == plan.Columns.Kernel)
            {
                Column = 0;
                if (++Row == plan.Rows.Kernel)
                    (Row, Channel) = (0, Channel + 1);
            }
            (Start, End) = plan.Columns.OutputsInside(Column);
        }
    }

    /// <summary>Padding is 0, and 0 times what is infinite or not a number is not a number: for every other weight there is nothing to add.</summary>
    private static void MultiplyPadding(Span<float> output, in ConvolutionPlan plan, in Tap tap, float weight)
    {
        for (var place = 0; place < plan.OutputArea; place++)
            if (!plan.Rows.IsInside(place / plan.Columns.Output, tap.Row) || !plan.Columns.IsInside(place % plan.Columns.Output, tap.Column))
                output[place] += weight * 0;
    }

    /// <summary>Where the run of the image begins that a tap sees along one row of the output.</summary>
    private static int StartOfRun(in ConvolutionPlan plan, in Tap tap, int row)
        => tap.Channel * plan.InputArea + plan.Rows.InputAt(row, tap.Row) * plan.Columns.Input + (tap.End > tap.Start ? plan.Columns.InputAt(tap.Start, tap.Column) : 0);

    /// <summary>to += factor from, number by number; rounded once, in the vectors and in the tail alike.</summary>
    private static void AddScaled(ref float from, int fromStep, ref float to, int toStep, float factor, int count)
    {
        var i = 0;
        if (fromStep == 1 && toStep == 1)
            for (var factors = Vector512.Create(factor); i + Lanes.Width <= count; i += Lanes.Width)
                Vector512.FusedMultiplyAdd(factors, Vector512.LoadUnsafe(ref from, (nuint)i), Vector512.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i * toStep) = MathF.FusedMultiplyAdd(factor, Unsafe.Add(ref from, i * fromStep), Unsafe.Add(ref to, i * toStep));
    }

    /// <summary>The products of two runs: those of whole vectors are added to the lanes, those of the tail to the sum.</summary>
    private static void AddProducts(ref float a, int step, ref float b, int count, ref Vector512<float> lanes, ref double sum)
    {
        var i = 0;
        if (step == 1)
            for (; i + Lanes.Width <= count; i += Lanes.Width)
                lanes = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)i), Vector512.LoadUnsafe(ref b, (nuint)i), lanes);
        for (; i < count; i++)
            sum += (double)Unsafe.Add(ref a, i * step) * Unsafe.Add(ref b, i);
    }
}
