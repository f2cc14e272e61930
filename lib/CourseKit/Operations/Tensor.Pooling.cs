namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>The largest number in each window of every channel. Its gradient goes to where it stands (the first place, where several are equal).</summary>
    /// <param name="kernelSize">The window.</param>
    /// <param name="stride">How far it moves; by its own size by default, so that windows do not overlap.</param>
    /// <param name="padding">Rows and columns added on all sides, which never hold the largest number; at most half of the window.</param>
    /// <param name="dilation">Distance between two places of the window; 1 by default.</param>
    /// <returns>(N, C, height, width), each length floor((J + 2P - d(M - 1) - 1) / S) + 1 of the input's J.</returns>
    /// <exception cref="ShapeException">Not images (N, C, H, W), or the window fits nowhere.</exception>
    /// <exception cref="ArgumentException">A kernel, stride, dilation or padding out of range.</exception>
    public Tensor MaxPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default, Size2d? dilation = null)
    {
        var plan = PlanPooling("MaxPool2d", kernelSize, stride ?? kernelSize, padding, dilation ?? 1);
        ShapeCheck.WindowSeesInput("MaxPool2d", Shape, plan.Rows);
        ShapeCheck.WindowSeesInput("MaxPool2d", Shape, plan.Columns);
        var y = Empty([Shape[0], Shape[1], plan.Rows.Output, plan.Columns.Output], Device);
        if (Records(this))
            return RecordMaxPool(y, plan);
        var places = Device.Rent(y.Count);
        Device.MaxPool(View, y.View, new StorageView(places, 0, y.Count), plan);
        Device.Return(places);
        return y;
    }

    private Tensor RecordMaxPool(Tensor y, PoolingPlan plan)
    {
        var places = Empty(y.Shape, Device);
        Device.MaxPool(View, y.View, places.View, plan);
        return y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (!accumulate)
                Device.Fill(target, 0);
            Device.MaxPoolBackward(result.grad!.View, places.View, target, plan);
        }, this);
    }

    /// <summary>The mean of each window of every channel: a convolution of each channel by itself with equal weights.</summary>
    /// <param name="kernelSize">The window.</param>
    /// <param name="stride">How far it moves; by its own size by default.</param>
    /// <param name="padding">Zeros added on all sides; at most half of the window.</param>
    /// <param name="countIncludePad">Whether padding counts in the mean (PyTorch's default), or only what lies in the image.</param>
    /// <returns>(N, C, height, width), each length floor((J + 2P - M) / S) + 1 of the input's J.</returns>
    /// <exception cref="ShapeException">Not images (N, C, H, W), or the window fits nowhere.</exception>
    /// <exception cref="ArgumentException">A kernel, stride or padding out of range.</exception>
    public Tensor AvgPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default, bool countIncludePad = true)
    {
        var step = stride ?? kernelSize;
        var plan = PlanPooling("AvgPool2d", kernelSize, step, padding, 1);
        var window = Full([1, 1, kernelSize.Height, kernelSize.Width], 1.0 / (kernelSize.Height * kernelSize.Width), Device);
        var y = Reshape(plan.Images, 1, Shape[2], Shape[3]).Convolve("AvgPool2d", window, null, step, (padding.Height, padding.Width), 1, 1);
        if (!countIncludePad && padding != 0)
            y *= Corrections(plan, Device);
        return y.Reshape(Shape[0], Shape[1], plan.Rows.Output, plan.Columns.Output);
    }

    /// <summary>For each window, its size over how much of it lies in the image, (H, W).</summary>
    private static Tensor Corrections(in PoolingPlan plan, Device device)
    {
        var factors = new double[plan.OutputArea];
        for (var i = 0; i < factors.Length; i++)
        {
            var inside = Inside(plan.Rows, i / plan.Columns.Output) * Inside(plan.Columns, i % plan.Columns.Output);
            factors[i] = (double)plan.Rows.Kernel * plan.Columns.Kernel / inside;
        }
        return From((ReadOnlySpan<double>)factors, [plan.Rows.Output, plan.Columns.Output], device);

        static int Inside(in SlidingAxis axis, int output)
        {
            var count = 0;
            for (var tap = 0; tap < axis.Kernel; tap++)
                count += axis.IsInside(output, tap) ? 1 : 0;
            return count;
        }
    }

    private PoolingPlan PlanPooling(string name, Size2d kernel, Size2d stride, Size2d padding, Size2d dilation)
    {
        ShapeCheck.BatchOfImages(name, Shape);
        ShapeCheck.WindowArguments(name, kernel, stride, padding, dilation);
        ShapeCheck.PoolingPadding(name, kernel, padding);
        Size2d output = (SlidingAxis.OutputLength(Shape[2], kernel.Height, stride.Height, 2 * padding.Height, dilation.Height), SlidingAxis.OutputLength(Shape[3], kernel.Width, stride.Width, 2 * padding.Width, dilation.Width));
        ShapeCheck.WindowFits(name, Shape, kernel, padding, dilation, output);
        return new PoolingPlan(Shape[0] * Shape[1],
            new(Shape[2], output.Height, kernel.Height, stride.Height, padding.Height, dilation.Height),
            new(Shape[3], output.Width, kernel.Width, stride.Width, padding.Width, dilation.Width));
    }

    /// <summary>
    /// The means of windows that divide the image into <paramref name="outputSize"/> parts, whatever its size: part i of n reaches
    /// from floor(i J / n) to ceil((i + 1) J / n). An output size of 1 is the mean of each channel (global average pooling; Lin, Chen, Yan 2013).
    /// </summary>
    /// <exception cref="ShapeException">Not images (N, C, H, W), or images without a pixel.</exception>
    /// <exception cref="ArgumentException">An output size below 1.</exception>
    public Tensor AdaptiveAvgPool2d(Size2d outputSize)
    {
        ShapeCheck.BatchOfImages("AdaptiveAvgPool2d", Shape);
        ShapeCheck.OutputSize("AdaptiveAvgPool2d", outputSize);
        ShapeCheck.NotEmpty("AdaptiveAvgPool2d", Shape);
        if (outputSize == 1)
            return Reshape(Shape[0], Shape[1], Shape[2] * Shape[3]).Mean(-1).Reshape(Shape[0], Shape[1], 1, 1);
        return Resample(Parts(Shape[2], outputSize.Height), Parts(Shape[3], outputSize.Width));

        static double[,] Parts(int input, int output)
        {
            var weights = new double[output, input];
            for (var i = 0; i < output; i++)
            {
                var start = (int)((long)i * input / output);
                var end = (int)(((long)(i + 1) * input + output - 1) / output);
                for (var j = start; j < end; j++)
                    weights[i, j] = 1.0 / (end - start);
            }
            return weights;
        }
    }

    /// <summary>Images in another size: each pixel of the result is the nearest one of the input, or a mean of the four around it.</summary>
    /// <param name="size">Height and width of the result.</param>
    /// <param name="mode">Nearest, or bilinear (pixels are squares and their corners stay corners: PyTorch's align_corners=False).</param>
    /// <exception cref="ShapeException">Not images (N, C, H, W), or images without a pixel.</exception>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public Tensor Interpolate(Size2d size, UpsampleMode mode = UpsampleMode.Nearest)
    {
        ShapeCheck.BatchOfImages("Interpolate", Shape);
        ShapeCheck.OutputSize("Interpolate", size);
        ShapeCheck.NotEmpty("Interpolate", Shape);
        return mode == UpsampleMode.Nearest
            ? Resample(Nearest(Shape[2], size.Height), Nearest(Shape[3], size.Width))
            : Resample(Linear(Shape[2], size.Height), Linear(Shape[3], size.Width));

        static double[,] Nearest(int input, int output)
        {
            var weights = new double[output, input];
            for (var i = 0; i < output; i++)
                weights[i, (int)((long)i * input / output)] = 1;
            return weights;
        }

        static double[,] Linear(int input, int output)
        {
            var weights = new double[output, input];
            for (var i = 0; i < output; i++)
            {
                var at = Math.Max(0, (i + 0.5) * input / output - 0.5);
                var first = Math.Min((int)at, input - 1);
                var share = at - first;
                weights[i, first] += 1 - share;
                weights[i, Math.Min(first + 1, input - 1)] += share;
            }
            return weights;
        }
    }

    /// <summary>Y = A X B^T for every channel X (H, W): each row and each column of the result is a fixed weighted sum of the input's.</summary>
    private Tensor Resample(double[,] alongRows, double[,] alongColumns)
    {
        var (batch, channels, height, width) = (Shape[0], Shape[1], Shape[2], Shape[3]);
        var (rows, columns) = (alongRows.GetLength(0), alongColumns.GetLength(0));
        var y = Reshape(batch * channels * height, width).MatMul(From(alongColumns, Device), transposeRight: true);
        return From(alongRows, Device).MatMul(y.Reshape(batch * channels, height, columns)).Reshape(batch, channels, rows, columns);
    }
}
