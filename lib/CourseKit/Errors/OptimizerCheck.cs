namespace CourseKit;

/// <summary>Every complaint of an optimizer, a schedule or a clipping is written here: who got what, what it wants, and what to do.</summary>
internal static class OptimizerCheck
{
    public static double LearningRate(string who, double value)
        => value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who} got the learning rate {value}: it must be a finite number, 0 or more. A minus sign is not needed, the step already goes downhill."));

    public static double BelowOne(string who, string what, double value)
        => value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who} got {what} = {value}: it must be at least 0 and below 1 (0.9 remembers about 10 steps, 0.99 about 100)."));

    public static double FactorUpToOne(string who, string what, double value)
        => value is > 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who} got the {what} {value}: it must be above 0 and at most 1, so that the rate does not grow."));

    public static void Nesterov(double momentum, double dampening)
    {
        if (momentum == 0 || dampening != 0)
            throw new ArgumentException(FormattableString.Invariant($"SGD got nesterov with momentum {momentum} and dampening {dampening}: Nesterov's look-ahead needs a momentum above 0 (0.9 is usual) and no dampening."));
    }

    public static void DampeningOfAverage(double dampening)
    {
        if (dampening != 0)
            throw new ArgumentException(FormattableString.Invariant($"SGD got the dampening {dampening} with an exponential average: the average already weighs the gradient by 1 - momentum; leave the dampening at 0."));
    }

    public static void GroupIsFree(string optimizer, string? owner)
    {
        if (owner is not null)
            throw new ArgumentException($"{optimizer} got a parameter group that belongs to an optimizer already ({owner}): make a new ParameterGroup for each optimizer, or changing one's rate would change the other's.");
    }

    public static void Parameters(string optimizer, IReadOnlyList<ParameterGroup> groups)
    {
        var seen = new HashSet<Tensor>();
        foreach (var parameter in groups.SelectMany(group => group.Parameters))
        {
            ArgumentNullException.ThrowIfNull(parameter);
            if (!parameter.RequiresGrad)
                throw new ArgumentException($"A parameter of shape {parameter.Shape} does not require a gradient: set RequiresGrad = true on it first.");
            if (parameter.Node is not null)
                throw new ArgumentException($"{optimizer} got the result of an operation, of shape {parameter.Shape}: only leaves keep their gradient, so pass the parameters it was computed from (model.Parameters()).");
            if (!seen.Add(parameter))
                throw new ArgumentException($"{optimizer} got a parameter of shape {parameter.Shape} twice: each step would change it twice. Put it into one group, once.");
        }
        if (seen.Count == 0)
            throw new ArgumentException("There is nothing to optimize: the list of parameters is empty. Pass model.Parameters(); a module of your own lists what its constructor gives to Register.");
    }

    public static void SameDevice(string optimizer, Tensor parameter, Tensor? state)
    {
        if (state is not null && state.Device != parameter.Device)
            throw new InvalidOperationException($"{optimizer} got a parameter of shape {parameter.Shape} on {parameter.Device} and remembers its steps on {state.Device}: move the model before the optimizer is made.");
    }

    public static void StateNames(string optimizer, IEnumerable<string> unknown)
    {
        if (unknown.FirstOrDefault() is { } name)
            throw new ArgumentException($"{optimizer} cannot restore a state that holds {name}: it was saved by another optimizer, with other options, or for other parameters. Make the optimizer with the arguments it was saved with.");
    }

    public static Tensor StateEntry(string who, IReadOnlyDictionary<string, Tensor> state, string name)
        => state.TryGetValue(name, out var entry) ? entry
            : throw new ArgumentException($"{who} cannot restore a state that lacks {name}: it was saved by another one, with other options, or for other parameters, or the file is damaged.");

    public static void StateCount(string who, string name, double count)
    {
        if (!(count >= 0 && count <= long.MaxValue && count == Math.Floor(count)))
            throw new ArgumentException(FormattableString.Invariant($"{who} cannot restore {name} = {count}: it must be a whole number, 0 or more. The file is damaged."));
    }

    public static void FiniteNorm(double norm)
    {
        if (!double.IsFinite(norm))
            throw new ArithmeticException(FormattableString.Invariant($"The norm of the gradients is {norm}, so they cannot be clipped: the loss or an input is not finite, or the network's gradients exploded beyond float32. Lower the learning rate or clip from the first step on."));
    }
}
