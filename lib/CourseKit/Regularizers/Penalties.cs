namespace CourseKit;

/// <summary>
/// What is added to a loss so that weights stay small or go to 0. Each is a tensor: add it to the loss before <c>Backward</c>.
/// For a module the biases are left out unless asked for (see <see cref="ParameterGroup.WeightsAndBiases"/> on what a bias is).
/// </summary>
/// <example><code>var loss = lossOf.Forward(model.Forward(x), y) + Penalties.L2(model, 1e-4);</code></example>
public static class Penalties
{
    /// <summary>
    /// strength times the sum of |w| (the lasso, Tibshirani 1996): weights that do not help become 0. The derivative at 0 is taken as 0.
    /// The lecture's (lambda / m) scaling is strength = lambda / m, with m examples.
    /// </summary>
    /// <exception cref="ArgumentException">No weight, or a negative strength.</exception>
    public static Tensor L1(IEnumerable<Tensor> weights, double strength) => Total("L1", weights, strength, static weight => weight.Abs().Sum());

    /// <inheritdoc cref="L1(IEnumerable{Tensor}, double)"/>
    public static Tensor L1(Module module, double strength, bool includeBiases = false) => L1(Weights(module, includeBiases), strength);

    /// <summary>
    /// strength times the sum of w^2 (ridge regression, Hoerl and Kennard 1970): large weights cost most. Its gradient is 2 strength w, so it
    /// is the weightDecay of 2 strength in <see cref="SGD"/>. The lecture's (lambda / 2m) sum of w^2 is strength = lambda / (2.0 * m), with m examples.
    /// </summary>
    /// <exception cref="ArgumentException">No weight, or a negative strength.</exception>
    public static Tensor L2(IEnumerable<Tensor> weights, double strength) => Total("L2", weights, strength, static weight => weight.Square().Sum());

    /// <inheritdoc cref="L2(IEnumerable{Tensor}, double)"/>
    public static Tensor L2(Module module, double strength, bool includeBiases = false) => L2(Weights(module, includeBiases), strength);

    /// <summary>l1 times the sum of |w| plus l2 times the sum of w^2 (Zou and Hastie 2005): sparse like L1, and weights of like features stay alike.</summary>
    /// <exception cref="ArgumentException">No weight, or a negative strength.</exception>
    public static Tensor ElasticNet(IEnumerable<Tensor> weights, double l1, double l2)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Tensor[] all = [.. weights];
        return L1(all, l1) + L2(all, l2);
    }

    /// <inheritdoc cref="ElasticNet(IEnumerable{Tensor}, double, double)"/>
    public static Tensor ElasticNet(Module module, double l1, double l2, bool includeBiases = false) => ElasticNet(Weights(module, includeBiases), l1, l2);

    private static Tensor Total(string name, IEnumerable<Tensor> weights, double strength, Func<Tensor, Tensor> penalty)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentCheck.NotNegative($"Penalties.{name}", "strength", strength);
        Tensor? total = null;
        foreach (var weight in weights)
            total = total is null ? penalty(weight) : total + penalty(weight);
        return total is not null ? strength * total
            : throw new ArgumentException($"Penalties.{name} got no weight: pass a module with weights, or ask for its biases with includeBiases.");
    }

    private static IEnumerable<Tensor> Weights(Module module, bool includeBiases)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.NamedParameters().Where(named => includeBiases || !ParameterGroup.IsBias(named.Name)).Select(named => named.Parameter).Distinct();
    }
}
