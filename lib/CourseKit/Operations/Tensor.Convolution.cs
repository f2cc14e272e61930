namespace CourseKit;

// A convolution is linear in its input and in its weight, so its two derivatives are of the same kind: the input's is the
// transposed convolution of the output's gradient, and the derivative of a transposed convolution is the convolution again.
public sealed partial class Tensor
{
    /// <summary>
    /// Slides the kernels of <paramref name="weight"/> over sequences: y[n, o, i] = bias[o] + sum over c, k of
    /// weight[o, c, k] x[n, c, i stride + k dilation - padding]. The kernel is not flipped (a cross-correlation, as everywhere in deep learning).
    /// </summary>
    /// <param name="weight">Kernels, (outputs, inputs / groups, taps).</param>
    /// <param name="bias">One number for each output channel, or none.</param>
    /// <param name="stride">How far the kernel moves.</param>
    /// <param name="padding">Zeros on both sides, or "valid" or "same"; of a pair the second counts.</param>
    /// <param name="dilation">Distance between two taps.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <returns>(N, outputs, floor((L + 2 padding - dilation (taps - 1) - 1) / stride) + 1) for this tensor of shape (N, C, L).</returns>
    /// <exception cref="ShapeException">Input, weight and bias do not fit, or the kernel fits nowhere.</exception>
    /// <exception cref="ArgumentException">A stride, dilation or padding out of range, or "same" with a stride.</exception>
    public Tensor Conv1d(Tensor weight, Tensor? bias = null, int stride = 1, Padding padding = default, int dilation = 1, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ShapeCheck.ConvolutionWeight("Conv1d", 1, weight.Shape, bias?.Shape, groups, weight.Shape.Rank > 0 ? weight.Shape[0] : 0);
        var (outputs, inputs, taps) = (weight.Shape[0], weight.Shape[1], weight.Shape[2]);
        ShapeCheck.ConvolutionInput("Conv1d", Shape, inputs * groups, outputs, weight.Shape);
        // One row of pixels.
        Padding sides = padding.IsSame ? Padding.Same : (0, padding.Width);
        var y = Reshape(Shape[0], Shape[1], 1, Shape[2]).Convolve("Conv1d", weight.Reshape(outputs, inputs, 1, taps), bias, (1, stride), sides, (1, dilation), groups);
        return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
    }

    /// <summary>
    /// Slides the kernels of <paramref name="weight"/> over images: y[n, o, i, j] = bias[o] + sum over c, k, l of
    /// weight[o, c, k, l] x[n, c, i + k, j + l], with stride, padding and dilation. The kernel is not flipped (a cross-correlation,
    /// as everywhere in deep learning; LeCun, Boser and others 1989).
    /// </summary>
    /// <param name="weight">Kernels, (outputs, inputs / groups, height, width).</param>
    /// <param name="bias">One number for each output channel, or none.</param>
    /// <param name="stride">How far the kernel moves; 1 by default.</param>
    /// <param name="padding">Zeros around the image: a number, a pair, "valid" or "same".</param>
    /// <param name="dilation">Distance between two taps; 1 by default.</param>
    /// <param name="groups">Groups of channels that do not see each other; as many as there are channels makes a depthwise convolution.</param>
    /// <returns>(N, outputs, height, width), each length floor((J + 2P - d(M - 1) - 1) / S) + 1 of the input's J.</returns>
    /// <exception cref="ShapeException">Input, weight and bias do not fit, or the kernel fits nowhere.</exception>
    /// <exception cref="ArgumentException">A stride, dilation or padding out of range, or "same" with a stride.</exception>
    public Tensor Conv2d(Tensor weight, Tensor? bias = null, Size2d? stride = null, Padding padding = default, Size2d? dilation = null, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ShapeCheck.ConvolutionWeight("Conv2d", 2, weight.Shape, bias?.Shape, groups, weight.Shape.Rank > 0 ? weight.Shape[0] : 0);
        ShapeCheck.ConvolutionInput("Conv2d", Shape, weight.Shape[1] * groups, weight.Shape[0], weight.Shape);
        return Convolve("Conv2d", weight, bias, stride ?? 1, padding, dilation ?? 1, groups);
    }

    /// <summary>Conv2d and then ReLU in one step, for a network in which nobody sees what is between: one pass over the output less, forward and backward.</summary>
    internal Tensor Conv2dRectified(Tensor weight, Tensor bias, Size2d stride, Padding padding, Size2d dilation, int groups)
    {
        ShapeCheck.ConvolutionWeight("Conv2d", 2, weight.Shape, bias.Shape, groups, weight.Shape[0]);
        ShapeCheck.ConvolutionInput("Conv2d", Shape, weight.Shape[1] * groups, weight.Shape[0], weight.Shape);
        return Convolve("Conv2d", weight, bias, stride, padding, dilation, groups, rectified: true);
    }

    /// <summary>x (N, C, H, W) and weight (O, C / groups, h, w), already checked against each other.</summary>
    private Tensor Convolve(string name, Tensor weight, Tensor? bias, Size2d stride, Padding padding, Size2d dilation, int groups, bool rectified = false)
    {
        SameDevice(name, this, weight);
        if (bias is not null)
            SameDevice(name, this, bias);
        Size2d kernel = (weight.Shape[2], weight.Shape[3]);
        ShapeCheck.WindowArguments(name, kernel, stride, (padding.Height, padding.Width), dilation);
        if (padding.IsSame)
            ShapeCheck.SameNeedsStrideOne(name, stride);
        var (above, bothRows) = Padding.Along(padding.IsSame, padding.Height, kernel.Height, dilation.Height);
        var (left, bothColumns) = Padding.Along(padding.IsSame, padding.Width, kernel.Width, dilation.Width);
        Size2d output = (SlidingAxis.OutputLength(Shape[2], kernel.Height, stride.Height, bothRows, dilation.Height), SlidingAxis.OutputLength(Shape[3], kernel.Width, stride.Width, bothColumns, dilation.Width));
        ShapeCheck.WindowFits(name, Shape, kernel, (above, left), dilation, output);
        var plan = new ConvolutionPlan(Shape[0], Shape[1], weight.Shape[0], groups,
            new(Shape[2], output.Height, kernel.Height, stride.Height, above, dilation.Height),
            new(Shape[3], output.Width, kernel.Width, stride.Width, left, dilation.Width));

        var y = Empty([Shape[0], weight.Shape[0], output.Height, output.Width], Device);
        if (bias is null)
        {
            Device.Convolution(View, weight.View, y.View, plan, accumulate: false);
            return Records(this, weight) ? RecordConvolve(this, weight, bias, y, plan, rectified) : y;
        }
        Device.ConvolutionWithBias(View, weight.View, bias.View, y.View, plan, rectified);
        return Records([this, weight, bias]) ? RecordConvolve(this, weight, bias, y, plan, rectified) : y;
    }

    private static Tensor RecordConvolve(Tensor x, Tensor weight, Tensor? bias, Tensor y, ConvolutionPlan plan, bool rectified)
        => y.Record(result =>
        {
            var dy = result.grad!;
            if (rectified) // in place: the gradient of a result is given back as soon as it has been handed on
                result.Device.MapBackward(new RectifiedLinear(), result.View, result.View, dy.View, dy.View, accumulate: false);
            if (x.requiresGrad)
                x.Device.ConvolutionBackwardInput(dy.View, weight.View, x.GradTarget(out var accumulate), plan, accumulate);
            if (weight.requiresGrad)
                x.Device.ConvolutionBackwardWeight(x.View, dy.View, weight.GradTarget(out var accumulate), plan, accumulate);
            if (bias is { requiresGrad: true })
                SumToBias(dy, bias);
        }, bias is null ? [x, weight] : [x, weight, bias]);

    /// <summary>
    /// The transposed convolution: each pixel of the input paints a kernel, scaled by itself, into the output, <paramref name="stride"/>
    /// apart. It maps as the derivative of <see cref="Conv2d"/> by its input does, from small images to large ones (Zeiler, Krishnan, Taylor, Fergus 2010).
    /// </summary>
    /// <param name="weight">Kernels, (inputs, outputs / groups, height, width).</param>
    /// <param name="bias">One number for each output channel, or none.</param>
    /// <param name="stride">How far apart two neighbouring pixels paint; 1 by default.</param>
    /// <param name="padding">Rows and columns cut off on all sides of the output.</param>
    /// <param name="outputPadding">Rows and columns the output has more at its end: a strided convolution maps several sizes to one, and this says which is meant.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="dilation">Distance between two taps; 1 by default.</param>
    /// <returns>(N, outputs, height, width), each length (J - 1) S - 2P + d(M - 1) + outputPadding + 1 of the input's J.</returns>
    /// <exception cref="ShapeException">Input, weight and bias do not fit, or nothing is left of the output.</exception>
    /// <exception cref="ArgumentException">A stride, dilation or padding out of range.</exception>
    public Tensor ConvTranspose2d(Tensor weight, Tensor? bias = null, Size2d? stride = null, Size2d padding = default, Size2d outputPadding = default, int groups = 1, Size2d? dilation = null)
    {
        const string Name = "ConvTranspose2d";
        ArgumentNullException.ThrowIfNull(weight);
        var outputs = weight.Shape.Rank > 1 ? weight.Shape[1] * groups : 0;
        ShapeCheck.ConvolutionWeight(Name, 2, weight.Shape, bias?.Shape, groups, outputs);
        ShapeCheck.ConvolutionInput(Name, Shape, weight.Shape[0], outputs, weight.Shape);
        SameDevice(Name, this, weight);
        if (bias is not null)
            SameDevice(Name, this, bias);
        Size2d kernel = (weight.Shape[2], weight.Shape[3]), step = stride ?? 1, spread = dilation ?? 1;
        ShapeCheck.WindowArguments(Name, kernel, step, padding, spread);
        ShapeCheck.OutputPadding(Name, outputPadding, step, spread);
        Size2d output = (Painted(Shape[2], kernel.Height, step.Height, padding.Height, spread.Height, outputPadding.Height), Painted(Shape[3], kernel.Width, step.Width, padding.Width, spread.Width, outputPadding.Width));
        ShapeCheck.PaintedSomething(Name, Shape, padding, output);
        // The convolution whose derivative this is: from this one's output to its input.
        var plan = new ConvolutionPlan(Shape[0], outputs, Shape[1], groups,
            new(output.Height, Shape[2], kernel.Height, step.Height, padding.Height, spread.Height),
            new(output.Width, Shape[3], kernel.Width, step.Width, padding.Width, spread.Width));

        var y = Empty([Shape[0], outputs, output.Height, output.Width], Device);
        if (bias is null)
        {
            Device.ConvolutionBackwardInput(View, weight.View, y.View, plan, accumulate: false);
            return Records(this, weight) ? RecordConvTranspose(this, weight, bias, y, plan) : y;
        }
        Device.ConvolutionBackwardInputWithBias(View, weight.View, bias.View, y.View, plan);
        return Records([this, weight, bias]) ? RecordConvTranspose(this, weight, bias, y, plan) : y;

        static int Painted(int input, int kernel, int stride, int padding, int dilation, int outputPadding)
            => (input - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;
    }

    private static Tensor RecordConvTranspose(Tensor x, Tensor weight, Tensor? bias, Tensor y, ConvolutionPlan plan)
        => y.Record(result =>
        {
            var dy = result.grad!;
            if (x.requiresGrad)
                x.Device.Convolution(dy.View, weight.View, x.GradTarget(out var accumulate), plan, accumulate);
            if (weight.requiresGrad)
                x.Device.ConvolutionBackwardWeight(dy.View, x.View, weight.GradTarget(out var accumulate), plan, accumulate);
            if (bias is { requiresGrad: true })
                SumToBias(dy, bias);
        }, bias is null ? [x, weight] : [x, weight, bias]);

    /// <summary>Adds to each channel's bias the sum of the gradient over examples and pixels.</summary>
    private static void SumToBias(Tensor gradient, Tensor bias)
    {
        var (batch, channels) = (gradient.Shape[0], gradient.Shape[1]);
        var each = EmptyOutsideScopes([batch, channels], gradient.Device);
        gradient.Device.Sum(gradient.View, each.View, batch * channels, gradient.Shape[2] * gradient.Shape[3], 1, 1, accumulate: false);
        gradient.Device.Sum(each.View, bias.GradTarget(out var accumulate), 1, batch, channels, 1, accumulate);
        each.Release();
    }
}
