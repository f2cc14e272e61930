using System.Globalization;

namespace CourseKit;

// The three convolution layers: what they share is how their first weights are drawn and how they print themselves.

/// <summary>Convolution over sequences (N, C, L); see <see cref="Tensor.Conv1d"/>.</summary>
public sealed class Conv1d : Module
{
    private readonly int stride, dilation, groups;
    private readonly Padding padding;

    /// <summary>Makes the layer with weights and bias drawn evenly from plus or minus 1/sqrt(fan-in), fan-in being inputs / groups times taps (PyTorch's Kaiming-uniform default).</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernelSize">Taps.</param>
    /// <param name="stride">How far the kernel moves.</param>
    /// <param name="padding">Zeros on both sides, or "valid" or "same".</param>
    /// <param name="dilation">Distance between two taps.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ArgumentException">A number out of range, or groups that do not divide the channels.</exception>
    public Conv1d(int inputs, int outputs, int kernelSize, int stride = 1, Padding padding = default, int dilation = 1, int groups = 1, bool bias = true, Generator? generator = null, Device? device = null)
    {
        ConvolutionLayer.Check(nameof(Conv1d), inputs, outputs, (1, kernelSize), (1, stride), padding, (1, dilation), groups);
        (this.stride, this.padding, this.dilation, this.groups) = (stride, padding, dilation, groups);
        var (weight, shift) = ConvolutionLayer.Draw([outputs, inputs / groups, kernelSize], bias ? outputs : 0, generator, device);
        Weight = Register("weight", weight);
        Bias = shift is null ? null : Register("bias", shift);
    }

    /// <summary>The kernels, (outputs, inputs / groups, taps).</summary>
    public Tensor Weight { get; }

    /// <summary>One number for each output channel, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>From (N, inputs, L) to (N, outputs, floor((L + 2 padding - dilation (taps - 1) - 1) / stride) + 1).</summary>
    /// <exception cref="ShapeException">The input has other axes or channels, or is shorter than the kernel.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Conv1d(Weight, Bias, stride, padding, dilation, groups);

    /// <inheritdoc/>
    public override string ToString() => ConvolutionLayer.Describe(nameof(Conv1d), Weight.Shape[1] * groups, Weight.Shape[0], $"{Weight.Shape[2]}",
        stride == 1 ? "" : $"{stride}", padding == 0 ? "" : padding.IsSame ? "same" : $"{padding.Width}", dilation == 1 ? "" : $"{dilation}", groups, Bias);
}

/// <summary>Convolution over images (N, C, H, W); see <see cref="Tensor.Conv2d"/>.</summary>
/// <example><code>new Conv2d(1, 8, kernelSize: 5), new Conv2d(64, 64, 3, padding: "same"), new Conv2d(64, 128, 3, stride: 2, padding: 1)</code></example>
public sealed class Conv2d : Module, IRectifiable
{
    private readonly Size2d stride, dilation;
    private readonly Padding padding;
    private readonly int groups;

    /// <summary>Makes the layer with weights and bias drawn evenly from plus or minus 1/sqrt(fan-in), fan-in being inputs / groups times the kernel's taps (PyTorch's Kaiming-uniform default).</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    /// <param name="stride">How far the kernel moves; 1 by default.</param>
    /// <param name="padding">Zeros around the image: a number, a pair, "valid" or "same".</param>
    /// <param name="dilation">Distance between two taps; 1 by default.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ArgumentException">A number out of range, groups that do not divide the channels, or "same" with a stride.</exception>
    public Conv2d(int inputs, int outputs, Size2d kernelSize, Size2d? stride = null, Padding padding = default, Size2d? dilation = null, int groups = 1, bool bias = true, Generator? generator = null, Device? device = null)
    {
        ConvolutionLayer.Check(nameof(Conv2d), inputs, outputs, kernelSize, stride ?? 1, padding, dilation ?? 1, groups);
        (this.stride, this.padding, this.dilation, this.groups) = (stride ?? 1, padding, dilation ?? 1, groups);
        var (weight, shift) = ConvolutionLayer.Draw([outputs, inputs / groups, kernelSize.Height, kernelSize.Width], bias ? outputs : 0, generator, device);
        Weight = Register("weight", weight);
        Bias = shift is null ? null : Register("bias", shift);
    }

    /// <summary>The kernels, (outputs, inputs / groups, height, width).</summary>
    public Tensor Weight { get; }

    /// <summary>One number for each output channel, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>From (N, inputs, H, W) to (N, outputs, H', W'), each length floor((J + 2P - d(M - 1) - 1) / S) + 1 of the input's J.</summary>
    /// <exception cref="ShapeException">The input has other axes or channels, or is smaller than the kernel.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Conv2d(Weight, Bias, stride, padding, dilation, groups);

    Tensor? IRectifiable.ForwardRectified(Tensor input) => Bias is null ? null : (input ?? throw new ArgumentNullException(nameof(input))).Conv2dRectified(Weight, Bias, stride, padding, dilation, groups);

    /// <inheritdoc/>
    public override string ToString() => ConvolutionLayer.Describe(nameof(Conv2d), Weight.Shape[1] * groups, Weight.Shape[0], $"{Weight.Shape[2]}x{Weight.Shape[3]}",
        stride == 1 ? "" : $"{stride}", padding == 0 ? "" : $"{padding}", dilation == 1 ? "" : $"{dilation}", groups, Bias);
}

/// <summary>Transposed convolution over images, from small ones to large ones; see <see cref="Tensor.ConvTranspose2d"/>.</summary>
public sealed class ConvTranspose2d : Module
{
    private readonly Size2d stride, padding, outputPadding, dilation;
    private readonly int groups;

    /// <summary>Makes the layer with weights and bias drawn evenly from plus or minus 1/sqrt(outputs / groups times the kernel's taps), as PyTorch does.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    /// <param name="stride">How far apart two neighbouring pixels paint; 1 by default.</param>
    /// <param name="padding">Rows and columns cut off on all sides of the output.</param>
    /// <param name="outputPadding">Rows and columns the output has more at its end.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="dilation">Distance between two taps; 1 by default.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ArgumentException">A number out of range, or groups that do not divide the channels.</exception>
    public ConvTranspose2d(int inputs, int outputs, Size2d kernelSize, Size2d? stride = null, Size2d padding = default, Size2d outputPadding = default, int groups = 1, bool bias = true, Size2d? dilation = null, Generator? generator = null, Device? device = null)
    {
        ConvolutionLayer.Check(nameof(ConvTranspose2d), inputs, outputs, kernelSize, stride ?? 1, (padding.Height, padding.Width), dilation ?? 1, groups);
        ShapeCheck.OutputPadding(nameof(ConvTranspose2d), outputPadding, stride ?? 1, dilation ?? 1);
        (this.stride, this.padding, this.outputPadding, this.dilation, this.groups) = (stride ?? 1, padding, outputPadding, dilation ?? 1, groups);
        var (weight, shift) = ConvolutionLayer.Draw([inputs, outputs / groups, kernelSize.Height, kernelSize.Width], bias ? outputs : 0, generator, device);
        Weight = Register("weight", weight);
        Bias = shift is null ? null : Register("bias", shift);
    }

    /// <summary>The kernels, (inputs, outputs / groups, height, width).</summary>
    public Tensor Weight { get; }

    /// <summary>One number for each output channel, or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>From (N, inputs, H, W) to (N, outputs, H', W'), each length (J - 1) S - 2P + d(M - 1) + outputPadding + 1 of the input's J.</summary>
    /// <exception cref="ShapeException">The input has other axes or channels.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).ConvTranspose2d(Weight, Bias, stride, padding, outputPadding, groups, dilation);

    /// <inheritdoc/>
    public override string ToString() => ConvolutionLayer.Describe(nameof(ConvTranspose2d), Weight.Shape[0], Weight.Shape[1] * groups, $"{Weight.Shape[2]}x{Weight.Shape[3]}",
        stride == 1 ? "" : $"{stride}", padding == 0 ? "" : $"{padding}", dilation == 1 ? "" : $"{dilation}", groups, Bias, outputPadding == 0 ? "" : $"{outputPadding}");
}

/// <summary>What convolution layers share.</summary>
internal static class ConvolutionLayer
{
    public static void Check(string name, int inputs, int outputs, Size2d kernel, Size2d stride, Padding padding, Size2d dilation, int groups)
    {
        ArgumentCheck.AtLeast(1, name, nameof(inputs), inputs);
        ArgumentCheck.AtLeast(1, name, nameof(outputs), outputs);
        ArgumentCheck.AtLeast(1, name, nameof(groups), groups);
        ShapeCheck.WindowArguments(name, kernel, stride, (padding.Height, padding.Width), dilation);
        if (padding.IsSame)
            ShapeCheck.SameNeedsStrideOne(name, stride);
        ShapeCheck.Groups(name, inputs, outputs, groups);
    }

    /// <summary>Evenly in plus or minus 1/sqrt(fan-in), the fan-in being what the weight's axes after the first hold: PyTorch's Kaiming-uniform with a = sqrt(5).</summary>
    public static (Tensor Weight, Tensor? Bias) Draw(Shape weight, int biases, Generator? generator, Device? device)
    {
        var bound = 1 / Math.Sqrt(weight.ElementCount / weight[0]);
        return (Tensor.Uniform(weight, -bound, bound, generator, device), biases == 0 ? null : Tensor.Uniform([biases], -bound, bound, generator, device));
    }

    public static string Describe(string name, int inputs, int outputs, string kernel, string stride, string padding, string dilation, int groups, Tensor? bias, string outputPadding = "")
    {
        (string Name, string Value)[] parts =
        [
            ("kernel", kernel), ("stride", stride), ("padding", padding), ("output padding", outputPadding), ("dilation", dilation),
            ("groups", groups == 1 ? "" : groups.ToString(CultureInfo.InvariantCulture)),
        ];
        return $"{name}({inputs} -> {outputs}, {string.Join(", ", parts.Where(part => part.Value.Length > 0).Select(part => $"{part.Name} {part.Value}"))}{(bias is null ? ", no bias" : "")})";
    }
}
