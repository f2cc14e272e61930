namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// Batch normalization (Ioffe and Szegedy 2015) of (N, C) or (N, C, ...): each channel is brought to mean 0 and variance 1 over
    /// the batch, then scaled and shifted. In training the batch's own mean and variance (dividing by N) are used and the running
    /// ones move towards them; in use the running ones stand in.
    /// </summary>
    /// <param name="runningMean">Running averages of the means, C numbers, changed in place in training; may be left out there.</param>
    /// <param name="runningVariance">Running averages of the variances, C numbers; as in PyTorch the batch's variance dividing by N - 1 goes in.</param>
    /// <param name="weight">The scale gamma, C numbers, or none.</param>
    /// <param name="bias">The shift beta, C numbers, or none.</param>
    /// <param name="training">Whether this is training. Without running averages the batch's own are always used.</param>
    /// <param name="momentum">The share of the new value in the running averages.</param>
    /// <param name="epsilon">Added to the variance, so that a constant channel does not divide by 0.</param>
    /// <exception cref="ShapeException">Shapes do not fit, or one value per channel in training.</exception>
    public Tensor BatchNorm(Tensor? runningMean, Tensor? runningVariance, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double epsilon = 1e-5)
    {
        ShapeCheck.BatchNorm("BatchNorm", Shape, Shape.Rank > 1 ? Shape[1] : 0, 2, Shape.MaximumRank);
        return BatchNormNamed("BatchNorm", runningMean, runningVariance, weight, bias, training, momentum, epsilon);
    }

    /// <summary>The same for a layer that has checked its input and wants its name in complaints.</summary>
    internal Tensor BatchNormNamed(string name, Tensor? runningMean, Tensor? runningVariance, Tensor? weight, Tensor? bias, bool training, double momentum, double epsilon)
    {
        Shape perChannel = [Shape[1]];
        ShapeCheck.NormParameter(name, "running mean", runningMean?.Shape, perChannel);
        ShapeCheck.NormParameter(name, "running variance", runningVariance?.Shape, perChannel);
        ShapeCheck.NormParameter(name, "weight", weight?.Shape, perChannel);
        ShapeCheck.NormParameter(name, "bias", bias?.Shape, perChannel);
        // One number for each channel, so that it stretches over examples and pixels: (C) or (C, 1, 1).
        Shape stretched = [Shape[1], .. Enumerable.Repeat(1, Shape.Rank - 2)];
        if (!training && runningMean is not null && runningVariance is not null)
        {
            var scale = 1 / (runningVariance.Detach() + epsilon).Sqrt();
            if (weight is not null)
                scale *= weight;
            var shift = -runningMean.Detach() * scale;
            if (bias is not null)
                shift += bias;
            return this * scale.Reshape(stretched.AsSpan()) + shift.Reshape(stretched.AsSpan());
        }

        ShapeCheck.ValuesPerChannel(name, Shape);
        var area = Count / (Shape[0] * Shape[1]);
        var y = Normalize(new(Shape[0], Shape[1], area, Shape[1], area, epsilon), weight, bias, stretched, out var mean, out var variance);
        if (training)
        {
            var values = (double)(Count / Shape[1]);
            MoveTowards(runningMean, mean, momentum);
            MoveTowards(runningVariance, variance * (values / (values - 1)), momentum);
        }
        return y;

        static void MoveTowards(Tensor? running, Tensor batch, double momentum)
            => running?.CopyFrom(running.Detach() * (1 - momentum) + batch * momentum);
    }

    /// <summary>
    /// Layer normalization (Ba, Kiros, Hinton 2016): the numbers of the last axes, which must have the shape
    /// <paramref name="normalizedShape"/>, are brought to mean 0 and variance 1 (dividing by N), each example by itself, then scaled and shifted one by one.
    /// </summary>
    /// <param name="normalizedShape">The shape of what is normalized together, for example [features].</param>
    /// <param name="weight">The scale gamma in that shape, or none.</param>
    /// <param name="bias">The shift beta in that shape, or none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ShapeException">The last axes, or the parameters, have another shape.</exception>
    public Tensor LayerNorm(Shape normalizedShape, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(normalizedShape);
        ShapeCheck.LayerNorm("LayerNorm", Shape, normalizedShape);
        ShapeCheck.NormParameter("LayerNorm", "weight", weight?.Shape, normalizedShape);
        ShapeCheck.NormParameter("LayerNorm", "bias", bias?.Shape, normalizedShape);
        var features = normalizedShape.ElementCount;
        return Normalize(new(1, Count / features, features, features, 1, epsilon), weight, bias, normalizedShape, out _, out _);
    }

    /// <summary>
    /// Group normalization (Wu and He 2018) of (N, C, ...): the channels of an example are divided into groups of neighbours, and each group
    /// is brought to mean 0 and variance 1 (dividing by N), then each channel is scaled and shifted. One group is layer normalization of the
    /// whole image, as many groups as channels is instance normalization.
    /// </summary>
    /// <param name="groups">Groups; they divide the channels evenly.</param>
    /// <param name="weight">The scale gamma, C numbers, or none.</param>
    /// <param name="bias">The shift beta, C numbers, or none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ShapeException">The channels cannot be divided, there is one value per group, or the parameters do not fit.</exception>
    public Tensor GroupNorm(int groups, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        ShapeCheck.GroupNorm("GroupNorm", Shape, groups);
        ShapeCheck.NormParameter("GroupNorm", "weight", weight?.Shape, [Shape[1]]);
        ShapeCheck.NormParameter("GroupNorm", "bias", bias?.Shape, [Shape[1]]);
        var rows = Shape[0] * groups;
        Shape stretched = [Shape[1], .. Enumerable.Repeat(1, Shape.Rank - 2)];
        return Normalize(new(1, rows, rows == 0 ? 0 : Count / rows, Shape[1], rows == 0 ? 1 : Count / (Shape[0] * Shape[1]), epsilon), weight, bias, stretched, out _, out _);
    }

    /// <summary>Standardized, scaled and shifted: in one step of the tape where there are both parameters, else parameter by parameter, stretched as they ask.</summary>
    private Tensor Normalize(NormalizationPlan plan, Tensor? weight, Tensor? bias, Shape stretched, out Tensor mean, out Tensor variance)
    {
        if (weight is null || bias is null)
        {
            var standardized = Standardize((plan.Outer, plan.Length, plan.Inner), plan.Epsilon, out mean, out variance);
            return weight is not null ? standardized * weight.Reshape(stretched.AsSpan()) : bias is not null ? standardized + bias.Reshape(stretched.AsSpan()) : standardized;
        }
        SameDevice("Normalization", this, weight);
        SameDevice("Normalization", this, bias);
        var y = Empty(Shape, Device);
        mean = Empty([plan.Length], Device);
        variance = Empty([plan.Length], Device);
        if (Count > 0)
            Device.Normalize(View, weight.View, bias.View, y.View, mean.View, variance.View, plan);
        return Records(this, weight, bias) ? RecordNormalize(y, weight, bias, mean, variance, plan) : y;
    }

    private Tensor RecordNormalize(Tensor y, Tensor weight, Tensor bias, Tensor mean, Tensor variance, NormalizationPlan plan)
        => y.Record(result =>
        {
            var (dx, dWeight, dBias) = (WantedGradOf(this), WantedGradOf(weight), WantedGradOf(bias));
            if (Count > 0)
                Device.NormalizeBackward(View, weight.View, mean.View, variance.View, result.grad!.View, dx, dWeight, dBias, plan);
            else
                foreach (var target in (ReadOnlySpan<GradientTarget>)[dWeight, dBias])
                    if (target is { IsWanted: true, Accumulate: false })
                        Device.Fill(target.View, 0);
        }, this, weight, bias);

    private static GradientTarget WantedGradOf(Tensor operand) => operand.requiresGrad ? new(operand.GradTarget(out var accumulate), accumulate) : default;

    /// <summary>(x - mean) / sqrt(variance + epsilon) of each of the middle axis's groups; mean and variance carry no gradient of their own.</summary>
    private Tensor Standardize((int Outer, int Length, int Inner) around, double epsilon, out Tensor mean, out Tensor variance)
    {
        var y = Empty(Shape, Device);
        mean = Empty([around.Length], Device);
        variance = Empty([around.Length], Device);
        if (Count > 0)
            Device.Standardize(View, y.View, mean.View, variance.View, around.Outer, around.Length, around.Inner, epsilon);
        return Records(this) ? RecordStandardize(y, variance, around, epsilon) : y;
    }

    private Tensor RecordStandardize(Tensor y, Tensor variance, (int Outer, int Length, int Inner) around, double epsilon)
        => y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (result.Count > 0)
                Device.StandardizeBackward(result.View, variance.View, result.grad!.View, target, around.Outer, around.Length, around.Inner, epsilon, accumulate);
        }, this);
}
