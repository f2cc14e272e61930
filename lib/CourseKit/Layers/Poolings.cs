namespace CourseKit;

// Pooling makes images smaller, upsampling larger; neither learns anything.

/// <summary>The largest number in each window of every channel; see <see cref="Tensor.MaxPool2d"/>.</summary>
public sealed class MaxPool2d : Module
{
    private readonly Size2d kernelSize, stride, padding, dilation;

    /// <summary>Makes the layer.</summary>
    /// <param name="kernelSize">The window.</param>
    /// <param name="stride">How far it moves; by its own size by default.</param>
    /// <param name="padding">Rows and columns added on all sides, which never hold the largest number; at most half of the window.</param>
    /// <param name="dilation">Distance between two places of the window; 1 by default.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public MaxPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default, Size2d? dilation = null)
    {
        (this.kernelSize, this.stride, this.padding, this.dilation) = (kernelSize, stride ?? kernelSize, padding, dilation ?? 1);
        ShapeCheck.WindowArguments(nameof(MaxPool2d), kernelSize, this.stride, padding, this.dilation);
        ShapeCheck.PoolingPadding(nameof(MaxPool2d), kernelSize, padding);
    }

    /// <summary>From (N, C, H, W) to (N, C, H', W'), each length floor((J + 2P - d(M - 1) - 1) / S) + 1 of the input's J.</summary>
    /// <exception cref="ShapeException">Not images, or smaller than the window.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).MaxPool2d(kernelSize, stride, padding, dilation);

    /// <inheritdoc/>
    public override string ToString() => $"MaxPool2d({kernelSize}{(stride == kernelSize ? "" : $", stride {stride}")}{(padding == 0 ? "" : $", padding {padding}")}{(dilation == 1 ? "" : $", dilation {dilation}")})";
}

/// <summary>The mean of each window of every channel; see <see cref="Tensor.AvgPool2d"/>.</summary>
public sealed class AvgPool2d : Module
{
    private readonly Size2d kernelSize, stride, padding;
    private readonly bool countIncludePad;

    /// <summary>Makes the layer.</summary>
    /// <param name="kernelSize">The window.</param>
    /// <param name="stride">How far it moves; by its own size by default.</param>
    /// <param name="padding">Zeros added on all sides; at most half of the window.</param>
    /// <param name="countIncludePad">Whether padding counts in the mean (PyTorch's default), or only what lies in the image.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public AvgPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default, bool countIncludePad = true)
    {
        (this.kernelSize, this.stride, this.padding, this.countIncludePad) = (kernelSize, stride ?? kernelSize, padding, countIncludePad);
        ShapeCheck.WindowArguments(nameof(AvgPool2d), kernelSize, this.stride, padding, 1);
        ShapeCheck.PoolingPadding(nameof(AvgPool2d), kernelSize, padding);
    }

    /// <summary>From (N, C, H, W) to (N, C, H', W'), each length floor((J + 2P - M) / S) + 1 of the input's J.</summary>
    /// <exception cref="ShapeException">Not images, or smaller than the window.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).AvgPool2d(kernelSize, stride, padding, countIncludePad);

    /// <inheritdoc/>
    public override string ToString() => $"AvgPool2d({kernelSize}{(stride == kernelSize ? "" : $", stride {stride}")}{(padding == 0 ? "" : $", padding {padding}{(countIncludePad ? "" : " not counted")}")})";
}

/// <summary>
/// The means of windows that divide an image of any size into a given number of parts; see <see cref="Tensor.AdaptiveAvgPool2d"/>.
/// <c>new AdaptiveAvgPool2d(1)</c> is global average pooling: one number for each channel.
/// </summary>
public sealed class AdaptiveAvgPool2d : Module
{
    private readonly Size2d outputSize;

    /// <summary>Makes the layer for results of one size.</summary>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public AdaptiveAvgPool2d(Size2d outputSize)
    {
        ShapeCheck.OutputSize(nameof(AdaptiveAvgPool2d), outputSize);
        this.outputSize = outputSize;
    }

    /// <summary>From (N, C, H, W) to (N, C, the output size).</summary>
    /// <exception cref="ShapeException">Not images.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).AdaptiveAvgPool2d(outputSize);

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveAvgPool2d({outputSize})";
}

/// <summary>Enlarges images by a whole factor; see <see cref="Tensor.Interpolate"/>.</summary>
public sealed class Upsample : Module
{
    private readonly Size2d scaleFactor;
    private readonly UpsampleMode mode;

    /// <summary>Makes the layer.</summary>
    /// <param name="scaleFactor">How many rows and columns one becomes.</param>
    /// <param name="mode">Nearest, or bilinear (PyTorch's align_corners=False).</param>
    /// <exception cref="ArgumentException">A factor below 1.</exception>
    public Upsample(Size2d scaleFactor, UpsampleMode mode = UpsampleMode.Nearest)
    {
        ShapeCheck.ScaleFactor(nameof(Upsample), scaleFactor);
        (this.scaleFactor, this.mode) = (scaleFactor, mode);
    }

    /// <summary>From (N, C, H, W) to (N, C, factor H, factor W).</summary>
    /// <exception cref="ShapeException">Not images.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.BatchOfImages(nameof(Upsample), input.Shape);
        return input.Interpolate((input.Shape[2] * scaleFactor.Height, input.Shape[3] * scaleFactor.Width), mode);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Upsample({scaleFactor}, {(mode == UpsampleMode.Nearest ? "nearest" : "bilinear")})";
}
