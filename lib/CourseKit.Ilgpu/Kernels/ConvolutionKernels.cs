using ILGPU;

namespace CourseKit;

// One thread for each number of the result; it is the sum of all products that reach it, in doubles and in a fixed order. For small convolutions, and
// those of few channels; the others go by tiles.
internal static class ConvolutionKernels
{
    public static void Forward(Index1D i, ArrayView<float> x, ArrayView<float> weight, ArrayView<float> y, ConvolutionPlan plan, int accumulate)
    {
        int column = i % plan.Columns.Output, row = i / plan.Columns.Output % plan.Rows.Output;
        int output = i / plan.OutputArea % plan.OutputChannels, image = i / (plan.OutputArea * plan.OutputChannels);
        var firstInput = output / plan.OutputsPerGroup * plan.InputsPerGroup;
        var sum = 0.0;
        for (var input = 0; input < plan.InputsPerGroup; input++)
            for (var k = 0; k < plan.Rows.Kernel; k++)
                for (var l = 0; l < plan.Columns.Kernel; l++)
                    sum += (double)weight[((output * plan.InputsPerGroup + input) * plan.Rows.Kernel + k) * plan.Columns.Kernel + l]
                        * InputAt(x, plan, image * plan.InputChannels + firstInput + input, plan.Rows.InputAt(row, k), plan.Columns.InputAt(column, l));
        y[i] = (float)(sum + (accumulate != 0 ? y[i] : 0));
    }

    public static void BackwardInput(Index1D i, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float> dx, ConvolutionPlan plan, int accumulate)
    {
        int column = i % plan.Columns.Input, row = i / plan.Columns.Input % plan.Rows.Input;
        int channel = i / plan.InputArea % plan.InputChannels, image = i / (plan.InputArea * plan.InputChannels);
        int group = channel / plan.InputsPerGroup, input = channel % plan.InputsPerGroup;
        var sum = 0.0;
        for (var o = 0; o < plan.OutputsPerGroup; o++)
        {
            var output = group * plan.OutputsPerGroup + o;
            for (var k = 0; k < plan.Rows.Kernel; k++)
            {
                var outputRow = OutputOf(plan.Rows, row, k);
                if (outputRow < 0)
                    continue;
                for (var l = 0; l < plan.Columns.Kernel; l++)
                {
                    var outputColumn = OutputOf(plan.Columns, column, l);
                    if (outputColumn >= 0)
                        sum += (double)weight[((output * plan.InputsPerGroup + input) * plan.Rows.Kernel + k) * plan.Columns.Kernel + l]
                            * dy[((image * plan.OutputChannels + output) * plan.Rows.Output + outputRow) * plan.Columns.Output + outputColumn];
                }
            }
        }
        dx[i] = (float)(sum + (accumulate != 0 ? dx[i] : 0));
    }

    public static void BackwardWeight(Index1D i, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dw, ConvolutionPlan plan, int accumulate)
    {
        int l = i % plan.Columns.Kernel, k = i / plan.Columns.Kernel % plan.Rows.Kernel;
        int input = i / plan.KernelArea % plan.InputsPerGroup, output = i / plan.Terms;
        var channel = output / plan.OutputsPerGroup * plan.InputsPerGroup + input;
        var sum = 0.0;
        for (var image = 0; image < plan.Batch; image++)
            for (var row = 0; row < plan.Rows.Output; row++)
                for (var column = 0; column < plan.Columns.Output; column++)
                    sum += (double)dy[((image * plan.OutputChannels + output) * plan.Rows.Output + row) * plan.Columns.Output + column]
                        * InputAt(x, plan, image * plan.InputChannels + channel, plan.Rows.InputAt(row, k), plan.Columns.InputAt(column, l));
        dw[i] = (float)(sum + (accumulate != 0 ? dw[i] : 0));
    }

    /// <summary>A number of one channel of one image, and 0 where that is padding: a factor like any other, so that what is multiplied with it may be NaN.</summary>
    public static float InputAt(ArrayView<float> x, ConvolutionPlan plan, int channel, int row, int column)
        => row < 0 || row >= plan.Rows.Input || column < 0 || column >= plan.Columns.Input ? 0 : x[(channel * plan.Rows.Input + row) * plan.Columns.Input + column];

    /// <summary>The output whose tap looks at an input, or -1 where there is none.</summary>
    public static int OutputOf(SlidingAxis axis, int input, int tap)
    {
        var reached = input + axis.Padding - tap * axis.Dilation;
        if (reached < 0 || reached % axis.Stride != 0)
            return -1;
        var output = reached / axis.Stride;
        return output < axis.Output ? output : -1;
    }

    public static void MaxPool(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<int> positions, PoolingPlan plan)
    {
        int column = i % plan.Columns.Output, row = i / plan.Columns.Output % plan.Rows.Output, image = i / plan.OutputArea;
        var best = -1;
        var most = 0f;
        for (var k = 0; k < plan.Rows.Kernel; k++)
        {
            var atRow = plan.Rows.InputAt(row, k);
            if (atRow < 0 || atRow >= plan.Rows.Input)
                continue;
            for (var l = 0; l < plan.Columns.Kernel; l++)
            {
                var atColumn = plan.Columns.InputAt(column, l);
                if (atColumn < 0 || atColumn >= plan.Columns.Input)
                    continue;
                var at = (image * plan.Rows.Input + atRow) * plan.Columns.Input + atColumn;
                var value = x[at];
                if (best < 0 || Largest.IsLess(most, value))
                    (best, most) = (at, value);
            }
        }
        y[i] = most;
        positions[i] = best;
    }

    /// <summary>One thread for each number of dx: it asks the windows that see it whose largest it is, always in the same order.</summary>
    public static void MaxPoolBackward(Index1D i, ArrayView<float> dy, ArrayView<int> positions, ArrayView<float> dx, PoolingPlan plan)
    {
        int column = i % plan.Columns.Input, row = i / plan.Columns.Input % plan.Rows.Input, image = i / plan.InputArea;
        var sum = 0f;
        for (var k = 0; k < plan.Rows.Kernel; k++)
        {
            var outputRow = OutputOf(plan.Rows, row, k);
            if (outputRow < 0)
                continue;
            for (var l = 0; l < plan.Columns.Kernel; l++)
            {
                var outputColumn = OutputOf(plan.Columns, column, l);
                if (outputColumn < 0)
                    continue;
                var at = (image * plan.Rows.Output + outputRow) * plan.Columns.Output + outputColumn;
                if (positions[at] == i)
                    sum += dy[at];
            }
        }
        dx[i] += sum;
    }
}
