namespace CourseKit;

/// <summary>
/// Parameters that an optimizer treats alike: with a learning rate and a weight decay of their own. What a group does not
/// say it takes from its optimizer.
/// </summary>
/// <example><code>
/// var optimizer = new AdamW([
///     new ParameterGroup(body.Parameters(), learningRate: 1e-4),
///     new ParameterGroup(head.Parameters(), weightDecay: 0)], learningRate: 1e-3);
/// </code></example>
public sealed class ParameterGroup
{
    private double? learningRate, weightDecay;
    private string? owner;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="learningRate">The step size for these; the optimizer's by default.</param>
    /// <param name="weightDecay">The weight decay for these; the optimizer's by default.</param>
    /// <exception cref="ArgumentException">A rate or decay is negative or not a finite number.</exception>
    public ParameterGroup(IReadOnlyList<Tensor> parameters, double? learningRate = null, double? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        if (learningRate is { } rate)
            LearningRate = rate;
        if (weightDecay is { } decay)
            WeightDecay = decay;
    }

    /// <summary>What is optimized.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The step size, 0 or more. Before the group belongs to an optimizer, and where none was given, NaN.</summary>
    public double LearningRate
    {
        get => learningRate ?? double.NaN;
        set => learningRate = OptimizerCheck.LearningRate("A parameter group", value);
    }

    /// <summary>How strongly weights are drawn to 0, 0 or more. Before the group belongs to an optimizer, and where none was given, NaN.</summary>
    public double WeightDecay
    {
        get => weightDecay ?? double.NaN;
        set => weightDecay = ArgumentCheck.NotNegative("A parameter group", "weight decay", value);
    }

    /// <summary>
    /// Two groups of a module's parameters: weights with a decay, biases without, since a bias does not make a function
    /// less smooth. A bias is a parameter whose own name holds "bias", as the layers name theirs.
    /// </summary>
    /// <exception cref="ArgumentException">The decay is negative or not a finite number.</exception>
    public static IReadOnlyList<ParameterGroup> WeightsAndBiases(Module module, double weightDecay)
    {
        ArgumentNullException.ThrowIfNull(module);
        var parameters = module.NamedParameters().DistinctBy(named => named.Parameter).ToLookup(named => IsBias(named.Name), named => named.Parameter);
        return [new([.. parameters[false]], weightDecay: weightDecay), new([.. parameters[true]], weightDecay: 0)];
    }

    /// <summary>Whether the last part of a parameter's path names a bias: 0.bias, encoder.in_proj_bias.</summary>
    internal static bool IsBias(string path) => path[(path.LastIndexOf('.') + 1)..].Contains("bias", StringComparison.Ordinal);

    /// <summary>Makes the group an optimizer's own and fills in what it left open.</summary>
    internal void Join(string optimizer, double defaultLearningRate, double defaultWeightDecay)
    {
        OptimizerCheck.GroupIsFree(optimizer, owner);
        owner = optimizer;
        learningRate ??= defaultLearningRate;
        weightDecay ??= defaultWeightDecay;
    }
}
