namespace CourseKit;

/// <summary>Batch normalization of channels, with running averages for use after training; see <see cref="Tensor.BatchNorm"/>.</summary>
public abstract class BatchNorm : Module
{
    private readonly string description;
    private readonly int channels, leastRank, mostRank;
    private readonly double epsilon, momentum;

    private protected BatchNorm(string name, int channels, double epsilon, double momentum, bool affine, Device? device, int leastRank, int mostRank)
    {
        ArgumentCheck.AtLeast(1, name, nameof(channels), channels);
        (this.channels, this.leastRank, this.mostRank, this.epsilon, this.momentum) = (channels, leastRank, mostRank, epsilon, momentum);
        description = $"{name}({channels}{(affine ? "" : ", no scale and shift")})";
        if (affine)
        {
            Weight = Register("weight", Tensor.Full([channels], 1, device));
            Bias = Register("bias", Tensor.Full([channels], 0, device));
        }
        RunningMean = RegisterBuffer("running_mean", Tensor.Full([channels], 0, device));
        RunningVariance = RegisterBuffer("running_var", Tensor.Full([channels], 1, device));
    }

    /// <summary>The scale gamma of each channel, at first 1, or null for a layer without one.</summary>
    public Tensor? Weight { get; }

    /// <summary>The shift beta of each channel, at first 0, or null for a layer without one.</summary>
    public Tensor? Bias { get; }

    /// <summary>The running average of the batches' means, at first 0.</summary>
    public Tensor RunningMean { get; }

    /// <summary>The running average of the batches' variances, each dividing by N - 1 as in PyTorch, at first 1.</summary>
    public Tensor RunningVariance { get; }

    /// <summary>In training, normalized by the batch's own mean and variance (dividing by N); in use by the running averages.</summary>
    /// <exception cref="ShapeException">Another number of axes or channels, or one value per channel in training.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.BatchNorm(description, input.Shape, channels, leastRank, mostRank);
        return input.BatchNormNamed(description, RunningMean, RunningVariance, Weight, Bias, IsTraining, momentum, epsilon);
    }

    /// <inheritdoc/>
    public override string ToString() => description;
}

/// <summary>
/// Batch normalization of rows (N, C) or sequences (N, C, L) (Ioffe and Szegedy 2015). PyTorch's counter num_batches_tracked,
/// which only a momentum of None needs, is left out of its state.
/// </summary>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">C, the features or channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The share of a new batch in the running averages.</param>
    /// <param name="affine">Whether there is a scale and a shift to learn.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public BatchNorm1d(int channels, double epsilon = 1e-5, double momentum = 0.1, bool affine = true, Device? device = null)
        : base(nameof(BatchNorm1d), channels, epsilon, momentum, affine, device, leastRank: 2, mostRank: 3)
    {
    }
}

/// <summary>
/// Batch normalization of images (N, C, H, W): mean and variance over examples and pixels (Ioffe and Szegedy 2015). PyTorch's counter
/// num_batches_tracked, which only a momentum of None needs, is left out of its state.
/// </summary>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">C, the channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The share of a new batch in the running averages.</param>
    /// <param name="affine">Whether there is a scale and a shift to learn.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public BatchNorm2d(int channels, double epsilon = 1e-5, double momentum = 0.1, bool affine = true, Device? device = null)
        : base(nameof(BatchNorm2d), channels, epsilon, momentum, affine, device, leastRank: 4, mostRank: 4)
    {
    }
}

/// <summary>Normalization of each example's last axes by themselves; see <see cref="Tensor.LayerNorm"/>.</summary>
public sealed class LayerNorm : Module
{
    private readonly Shape normalizedShape;
    private readonly string description;
    private readonly double epsilon;

    /// <summary>Makes the layer.</summary>
    /// <param name="normalizedShape">The shape of what is normalized together, for example [features].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="affine">Whether there is a scale and a shift to learn, one for each number of that shape.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ShapeException">A shape without a number.</exception>
    public LayerNorm(Shape normalizedShape, double epsilon = 1e-5, bool affine = true, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(normalizedShape);
        ShapeCheck.LayerNorm(nameof(LayerNorm), normalizedShape, normalizedShape);
        (this.normalizedShape, this.epsilon) = (normalizedShape, epsilon);
        description = $"LayerNorm({normalizedShape}{(affine ? "" : ", no scale and shift")})";
        if (affine)
        {
            Weight = Register("weight", Tensor.Full(normalizedShape, 1, device));
            Bias = Register("bias", Tensor.Full(normalizedShape, 0, device));
        }
    }

    /// <inheritdoc cref="LayerNorm(Shape, double, bool, Device?)"/>
    public LayerNorm(int features, double epsilon = 1e-5, bool affine = true, Device? device = null)
        : this([features], epsilon, affine, device)
    {
    }

    /// <summary>The scale gamma, at first 1, or null for a layer without one.</summary>
    public Tensor? Weight { get; }

    /// <summary>The shift beta, at first 0, or null for a layer without one.</summary>
    public Tensor? Bias { get; }

    /// <summary>Any shape that ends in the normalized one, to the same shape.</summary>
    /// <exception cref="ShapeException">The last axes are others.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.LayerNorm(description, input.Shape, normalizedShape);
        return input.LayerNorm(normalizedShape, Weight, Bias, epsilon);
    }

    /// <inheritdoc/>
    public override string ToString() => description;
}

/// <summary>Normalization of groups of channels, each example by itself; see <see cref="Tensor.GroupNorm"/>.</summary>
public sealed class GroupNorm : Module
{
    private readonly int groups, channels;
    private readonly string description;
    private readonly double epsilon;

    /// <summary>Makes the layer.</summary>
    /// <param name="groups">Groups; they divide the channels evenly.</param>
    /// <param name="channels">C, the channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="affine">Whether there is a scale and a shift to learn, one for each channel.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ArgumentException">Groups that do not divide the channels.</exception>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(GroupNorm), nameof(groups), groups);
        ArgumentCheck.AtLeast(1, nameof(GroupNorm), nameof(channels), channels);
        ShapeCheck.Groups(nameof(GroupNorm), channels, channels, groups);
        (this.groups, this.channels, this.epsilon) = (groups, channels, epsilon);
        description = $"GroupNorm({groups} groups, {channels} channels{(affine ? "" : ", no scale and shift")})";
        if (affine)
        {
            Weight = Register("weight", Tensor.Full([channels], 1, device));
            Bias = Register("bias", Tensor.Full([channels], 0, device));
        }
    }

    /// <summary>The scale gamma of each channel, at first 1, or null for a layer without one.</summary>
    public Tensor? Weight { get; }

    /// <summary>The shift beta of each channel, at first 0, or null for a layer without one.</summary>
    public Tensor? Bias { get; }

    /// <summary>(N, C, ...) to the same shape.</summary>
    /// <exception cref="ShapeException">Another number of channels, or one value per group.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.BatchNorm(description, input.Shape, channels, 2, Shape.MaximumRank);
        return input.GroupNorm(groups, Weight, Bias, epsilon);
    }

    /// <inheritdoc/>
    public override string ToString() => description;
}
