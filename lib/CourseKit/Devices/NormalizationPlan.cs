namespace CourseKit;

/// <summary>
/// What a normalization brings to mean 0 and variance 1, and how it then scales and shifts. x is seen as Outer x Length x Inner, and each of the
/// middle axis's groups is normalized. The number at place i is scaled and shifted by parameter (i / Repeat) modulo Parameters.
/// </summary>
/// <param name="Outer">The axes before the groups'.</param>
/// <param name="Length">Groups.</param>
/// <param name="Inner">The axes after the groups'.</param>
/// <param name="Parameters">How many scales, and shifts, there are.</param>
/// <param name="Repeat">How many neighbours each of them serves.</param>
/// <param name="Epsilon">Added to the variance.</param>
public readonly record struct NormalizationPlan(int Outer, int Length, int Inner, int Parameters, int Repeat, double Epsilon)
{
    /// <summary>Numbers of x.</summary>
    public int Count => Outer * Length * Inner;

    /// <summary>How parameters stretch over x.</summary>
    internal BroadcastPlan Stretched
    {
        get
        {
            Shape all = [Count / (Parameters * Repeat), Parameters, Repeat];
            return new BroadcastPlan(all, [Parameters, 1], all);
        }
    }
}

/// <summary>Where a derivative goes, if anybody wants it, and whether it is added to what is there.</summary>
/// <param name="View">The operand's gradient; without a storage it is not wanted.</param>
/// <param name="Accumulate">Whether it is added to.</param>
public readonly record struct GradientTarget(StorageView View, bool Accumulate)
{
    /// <summary>Whether there is anything to compute.</summary>
    public bool IsWanted => View.Storage is not null;
}
