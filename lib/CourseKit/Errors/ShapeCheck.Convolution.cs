namespace CourseKit;

/// <summary>Complaints of convolutions, pooling and normalization.</summary>
internal static partial class ShapeCheck
{
    /// <summary>What a convolution is called in a message: from its weight, so that layer and function speak alike.</summary>
    private static string NameOfConvolution(string name, int inputs, int outputs, Shape weight)
        => $"{name}({inputs} -> {outputs}, kernel {string.Join('x', weight.Skip(2))})";

    /// <summary>The weight of a convolution over <paramref name="axes"/> axes, and its bias.</summary>
    public static void ConvolutionWeight(string name, int axes, Shape weight, Shape? bias, int groups, int outputs)
    {
        if (weight.Rank != axes + 2)
            throw new ShapeException($"{name} wants a weight of {axes + 2} axes ({(name.StartsWith("ConvTranspose", StringComparison.Ordinal) ? "inputs x outputs / groups" : "outputs x inputs / groups")} x {(axes == 1 ? "taps" : "rows x columns")} of the kernel) and got {weight}.");
        if (weight.ElementCount == 0)
            throw new ShapeException($"{name} got a weight of shape {weight}: a convolution needs at least one channel and one tap.");
        if (groups < 1 || weight[0] % groups != 0)
            throw new ShapeException($"{name} got {groups} groups and a weight of shape {weight}: its {weight[0]} channels cannot be divided evenly among the groups.");
        if (bias is not null && (bias.Rank != 1 || bias[0] != outputs))
            throw new ShapeException($"{name} got a bias of shape {bias}: it wants one number for each of the {outputs} output channels.");
    }

    /// <summary>The input of a convolution: the right number of axes and channels.</summary>
    public static void ConvolutionInput(string name, Shape input, int inputs, int outputs, Shape weight)
    {
        var rank = weight.Rank;
        if (input.Rank == rank && input[1] == inputs)
            return;
        var layer = NameOfConvolution(name, inputs, outputs, weight);
        var form = rank == 4 ? "(N, C, H, W)" : "(N, C, L)";
        var channelsLast = input.Rank > 1 && input[-1] == inputs && input[-2] != inputs;
        if (input.Rank == rank - 1 && rank == 4 && channelsLast && input[0] != inputs)
            throw new ShapeException($"{layer} got {input}: it wants a batch {form} and this looks like one image with its channels last: x.Permute(2, 0, 1).Unsqueeze(0) brings them to their place (Reshape would mix the pixels).");
        if (input.Rank == rank - 1)
            throw new ShapeException($"{layer} got {input}: it wants a batch {form} and this has {input.Rank} axes: add the missing one, x.{(input[0] == inputs ? $"Reshape(1, {string.Join(", ", input)})" : inputs == 1 ? $"Reshape({input[0]}, 1, {string.Join(", ", input.Skip(1))})" : $"Unsqueeze(0) for one example; the input must have {inputs} channels")}.");
        if (input.Rank == 2)
            throw new ShapeException($"{layer} got {input}: it wants a batch {form} and these are flat rows: give them their form back first, x.Reshape(-1, {inputs}, {(rank == 4 ? "height, width" : "length")}).");
        if (input.Rank != rank)
            throw new ShapeException($"{layer} got {input}: it wants a batch {form}, {rank} axes, and this has {input.Rank}: reshape it.");
        throw new ShapeException($"{layer} got {input}: it wants {inputs} channels on axis 1 and the input has {input[1]}: {(channelsLast ? $"the channels seem to be on the last axis, x.{(rank == 4 ? "Permute(0, 3, 1, 2)" : "Transpose(1, 2)")} brings them to axis 1" : "the layer's input channels must be the output channels of the layer before")}.");
    }

    /// <summary>The lengths of strides, dilations and paddings.</summary>
    public static void WindowArguments(string name, Size2d kernel, Size2d stride, Size2d padding, Size2d dilation)
    {
        AtLeastOne(kernel, "kernel");
        AtLeastOne(stride, "stride");
        AtLeastOne(dilation, "dilation");
        if (padding.Height < 0 || padding.Width < 0)
            throw new ArgumentOutOfRangeException(null, $"{name} got a padding of {padding}: it is a number of zeros, at least 0.");

        void AtLeastOne(Size2d size, string what)
        {
            if (size.Height < 1 || size.Width < 1)
                throw new ArgumentOutOfRangeException(null, $"{name} got a {what} of {size}: it must be at least 1 along both axes.");
        }
    }

    /// <summary>Channels that a layer's groups share out.</summary>
    public static void Groups(string name, int inputs, int outputs, int groups)
    {
        if (inputs % groups != 0 || outputs % groups != 0)
            throw new ArgumentException($"{name} cannot divide {(inputs == outputs ? $"{inputs} channels" : $"{inputs} input and {outputs} output channels")} evenly into {groups} groups: the number of groups must divide both.");
    }

    public static void SameNeedsStrideOne(string name, Size2d stride)
    {
        if (stride != 1)
            throw new ArgumentException($"{name} got padding \"same\" and a stride of {stride}: with a stride above 1 the output is smaller whatever the padding; give the padding as a number, (kernel - 1) / 2 halves the image at stride 2.");
    }

    /// <summary>A window that fits nowhere gives an output without a number.</summary>
    public static void WindowFits(string name, Shape input, Size2d kernel, Size2d padding, Size2d dilation, Size2d output)
    {
        if (output is { Height: > 0, Width: > 0 })
            return;
        var reach = new Size2d(dilation.Height * (kernel.Height - 1) + 1, dilation.Width * (kernel.Width - 1) + 1);
        throw new ShapeException($"{name} got {input}: a window of {reach}{(reach == kernel ? "" : " (with its dilation)")} does not fit into {new Size2d(input[-2], input[-1])}{(padding == 0 ? "" : $" with a padding of {padding}")}: give larger images or more padding, or leave out a pooling layer before this one.");
    }

    /// <summary>Padding of a pooling window: at most half of it, so that no window sees padding alone.</summary>
    public static void PoolingPadding(string name, Size2d kernel, Size2d padding)
    {
        if (padding.Height * 2 > kernel.Height || padding.Width * 2 > kernel.Width)
            throw new ArgumentException($"{name} got a padding of {padding} for a window of {kernel}: at most half of the window may be padding, or a window would see nothing else.");
    }

    /// <summary>With a dilation, a window can step over a small image on both sides.</summary>
    public static void WindowSeesInput(string name, Shape input, in SlidingAxis axis)
    {
        for (var output = 0; output < axis.Output; output++)
        {
            var sees = false;
            for (var tap = 0; tap < axis.Kernel && !sees; tap++)
                sees = axis.IsInside(output, tap);
            if (!sees)
                throw new ShapeException($"{name} got {input}: with a dilation of {axis.Dilation} a window sees padding alone: give larger images, or less dilation.");
        }
    }

    public static void OutputPadding(string name, Size2d outputPadding, Size2d stride, Size2d dilation)
    {
        if (Wrong(outputPadding.Height, stride.Height, dilation.Height) || Wrong(outputPadding.Width, stride.Width, dilation.Width))
            throw new ArgumentException($"{name} got an output padding of {outputPadding}: it chooses among the sizes that a convolution of stride {stride} maps to the same size, so it lies from 0 to below the stride (or the dilation, {dilation}).");

        static bool Wrong(int padding, int stride, int dilation) => padding < 0 || padding >= Math.Max(stride, dilation);
    }

    public static void PaintedSomething(string name, Shape input, Size2d padding, Size2d output)
    {
        if (output.Height < 1 || output.Width < 1)
            throw new ShapeException($"{name} got {input}: with a padding of {padding} cut off on all sides nothing is left of its output; use less padding.");
    }

    /// <summary>Images: examples, channels, rows, columns.</summary>
    public static void BatchOfImages(string name, Shape input)
    {
        if (input.Rank != 4)
            throw new ShapeException($"{name} got {input}: it wants images (N, C, H, W), four axes: reshape them, x.Reshape(N, C, H, W), and leave Flatten for after the last convolution.");
    }

    public static void ScaleFactor(string name, Size2d factor)
    {
        if (factor.Height < 1 || factor.Width < 1)
            throw new ArgumentOutOfRangeException(null, $"{name} got a scale factor of {factor}: it must be at least 1 along both axes, 2 doubles rows and columns.");
    }

    public static void OutputSize(string name, Size2d size)
    {
        if (size.Height < 1 || size.Width < 1)
            throw new ArgumentOutOfRangeException(null, $"{name} got an output size of {size}: it must be at least 1 along both axes.");
    }

    public static void NotEmpty(string name, Shape input)
    {
        if (input[-1] == 0 || input[-2] == 0)
            throw new ShapeException($"{name} got {input}: there is nothing in an image without rows or columns to make others from.");
    }

    /// <summary>The input of a batch normalization: (N, C, ...) with C channels.</summary>
    public static void BatchNorm(string name, Shape input, int channels, int leastRank, int mostRank)
    {
        if (input.Rank < leastRank || input.Rank > mostRank)
            throw new ShapeException($"{name} got {input}: it wants {(mostRank == 4 && leastRank == 4 ? "images (N, C, H, W)" : mostRank == 3 ? "(N, C) or (N, C, L)" : "examples on axis 0 and channels on axis 1")}{(name.StartsWith("BatchNorm1d", StringComparison.Ordinal) && input.Rank == 4 ? ", and for images there is BatchNorm2d" : name.StartsWith("BatchNorm2d", StringComparison.Ordinal) && input.Rank is 2 or 3 ? ", and for rows there is BatchNorm1d" : "")}.");
        if (input[1] != channels)
            throw new ShapeException($"{name} got {input}: it normalizes {channels} channels on axis 1 and the input has {input[1]}: give the layer as many as the layer before it puts out.");
    }

    /// <summary>Of a single value, mean and variance say nothing.</summary>
    public static void ValuesPerChannel(string name, Shape input)
    {
        var values = input[1] == 0 ? 0 : input.ElementCount / input[1];
        if (values <= 1)
            throw new ShapeException($"{name} got {input} in training: {(values == 0 ? "without a value per channel there is nothing to normalize" : "one value per channel has no spread to normalize by")}; train on larger batches (a loader with dropLast: true leaves out a last batch of one example), or call Eval() to use the running averages.");
    }

    /// <summary>A gain or shift per channel, or per number of an example.</summary>
    public static void NormParameter(string name, string what, Shape? got, Shape wanted)
    {
        if (got is not null && !got.Equals(wanted))
            throw new ShapeException($"{name} got a {what} of shape {got}: it wants {wanted}, one number for each {(wanted.Rank == 1 && name != "LayerNorm" ? "channel" : "number it normalizes together")}.");
    }

    public static void LayerNorm(string name, Shape input, Shape normalized)
    {
        if (normalized.Rank == 0 || normalized.ElementCount == 0)
            throw new ShapeException($"{name} got the shape {normalized} to normalize over: it wants at least one number.");
        if (input.Rank < normalized.Rank || !input.Skip(input.Rank - normalized.Rank).SequenceEqual(normalized))
            throw new ShapeException($"{name} got {input}: it normalizes over the last {(normalized.Rank == 1 ? "axis" : $"{normalized.Rank} axes")}, which must be {normalized}.");
    }

    public static void GroupNorm(string name, Shape input, int groups)
    {
        if (input.Rank < 2)
            throw new ShapeException($"{name} got {input}: it wants examples on axis 0 and channels on axis 1.");
        if (groups < 1 || input[1] % groups != 0)
            throw new ShapeException($"{name} got {input}: its {input[1]} channels cannot be divided evenly into {groups} groups.");
        if (input[0] > 0 && input.ElementCount / input[0] <= groups)
            throw new ShapeException($"{name} got {input}: one value per group has no spread to normalize by; use fewer groups.");
    }

    public static void Probability(string name, double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{name} got the probability {probability}: it is the share that is set to 0 and lies from 0 to 1."));
    }

    public static void HasBatch(string name, Shape input)
    {
        if (input.Rank == 0)
            throw new ShapeException($"{name} got a scalar: it wants examples on axis 0.");
    }

    public static void Flatten(string name, Shape input, int startAxis)
    {
        if (startAxis < 0 || startAxis >= input.Rank)
            throw new ShapeException($"{name} got {input}: it joins the axes from {startAxis} on, and there is no axis {startAxis}.");
    }

    public static void Residual(string name, Shape body, Shape shortcut, bool hasProjection)
    {
        if (!body.Equals(shortcut))
            throw new ShapeException($"{name} got {body} from its body and {shortcut} {(hasProjection ? "from its projection" : "at its input")}: both are added and must have the same shape; {(hasProjection ? "give the projection the body's channels and stride" : "give a projection, for example a Conv2d with kernel 1 and the body's stride, or pad the body's convolutions")}.");
    }
}
