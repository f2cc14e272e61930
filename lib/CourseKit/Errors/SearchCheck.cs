namespace CourseKit;

/// <summary>Every complaint of a search is written here.</summary>
internal static class SearchCheck
{
    public static void Range(string name, double low, double high, bool holds, string what)
    {
        if (!(low < high && double.IsFinite(low) && double.IsFinite(high)))
            throw new ArgumentException(FormattableString.Invariant($"The search space's {name} goes from {low} to {high}: the first must be smaller, and both finite."));
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"The search space's {name} goes from {low} to {high}: both must be {what}."));
    }

    public static void Integers(string name, int low, int high)
    {
        if (low > high)
            throw new ArgumentException($"The search space's {name} goes from {low} to {high}: the first must not be larger.");
        if ((long)high - low >= int.MaxValue)
            throw new ArgumentException($"The search space's {name} goes from {low} to {high}: these are more whole numbers than can be counted.");
    }

    public static void SomeChoice(string name, int values)
    {
        if (values == 0)
            throw new ArgumentException($"The search space's {name} is a choice of nothing: give it at least one value.");
    }

    public static void NewName(string name, IReadOnlyList<string> names)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (names.Contains(name))
            throw new ArgumentException($"The search space has {name} twice: each hyperparameter has a name of its own.");
    }

    public static void SomeDimension(int dimensions)
    {
        if (dimensions == 0)
            throw new ArgumentException("The search space is empty: add hyperparameters with LogUniform, Uniform, Integer or Choice.");
    }

    public static void Points(int points)
    {
        if (points < 1)
            throw new ArgumentException($"A grid needs at least one point of each range and {points} were asked for.");
    }

    public static void Trials(int trials)
    {
        if (trials < 1)
            throw new ArgumentException($"A random search needs at least one trial and {trials} were asked for.");
    }

    public static void KnownName(string name, IEnumerable<string> names)
    {
        if (!names.Contains(name))
            throw new KeyNotFoundException($"The search space has no \"{name}\"; it has {string.Join(", ", names)}.");
    }

    public static T OfType<T>(string name, object value)
        => value is T typed ? typed : throw new InvalidCastException($"The value of {name} is a {value.GetType().Name} and was asked for as a {typeof(T).Name}: use Number, Integer or Value<{value.GetType().Name}>.");

    public static void SomeScore(IReadOnlyList<TrialResult> trials)
    {
        if (trials.Count == 0)
            throw new InvalidOperationException("There is no best trial: none was finished.");
        if (trials[0].Failed)
            throw new InvalidOperationException($"There is no best trial: all {trials.Count} failed, the first with: {trials[0].Failure?.Message ?? "its score was NaN"}");
    }
}
