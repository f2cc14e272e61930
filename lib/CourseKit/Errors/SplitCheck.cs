namespace CourseKit;

/// <summary>Every complaint about a split is written here.</summary>
internal static class SplitCheck
{
    public static void FoldCount(int folds)
    {
        if (folds < 2)
            throw new ArgumentException($"Cross-validation needs at least 2 folds and {folds} were asked for: with fewer, nothing is left to learn from or to test on. 5 and 10 are usual.");
    }

    public static void NotEmpty(string operation, int examples)
    {
        if (examples == 0)
            throw new ArgumentException($"{operation} got a data set without examples: see what was filtered away or split off before.");
    }

    public static void EnoughExamples(int examples, int folds)
    {
        if (examples < folds)
            throw new ArgumentException($"{examples} examples cannot be cut into {folds} folds, each fold needs at least one: ask for fewer folds, {examples} at most.");
    }

    public static void EnoughMembers(int label, int members, int folds)
    {
        if (members < folds)
            throw new ArgumentException($"Class {label} counts {members}, too few for {folds} stratified folds, which need one each: ask for fewer folds, collect more examples of it, or use KFold.");
    }

    public static void EnoughMembersForParts(int label, int members, int parts)
    {
        if (members < parts)
            throw new ArgumentException($"Class {label} counts {members}, too few for a stratified split into {parts} parts: collect more examples of it, leave it out, or use Split.");
    }

    public static void OneGroupEach(int groups, int examples)
    {
        if (groups != examples)
            throw new ArgumentException($"GroupKFold was made for {groups} examples and got {examples}: it wants the group of each example, in the data set's order.");
    }

    public static void EnoughGroups(int groups, int folds)
    {
        if (groups < folds)
            throw new ArgumentException($"{groups} groups cannot be cut into {folds} folds, since no group is parted: ask for fewer folds, {groups} at most.");
    }

    public static void Fractions(double[] fractions)
    {
        if (fractions.Any(fraction => !(fraction >= 0)) || !(Math.Abs(fractions.Sum() - 1) <= 1e-9))
            throw new ArgumentException(FormattableString.Invariant($"The parts must be fractions of the whole that sum to 1, and {fractions[0]} + {fractions[1]} + {fractions[2]} = {fractions.Sum()}."));
    }

    public static void PartsNotEmpty(int examples, double[] fractions, IEnumerable<int> counts)
    {
        if (counts.Zip(fractions).Any(part => part is { First: 0, Second: > 0 }))
            throw new ArgumentException(FormattableString.Invariant($"{examples} examples are too few for parts of {fractions[0]}, {fractions[1]} and {fractions[2]}: one of them would be empty."));
    }

    public static void OneLabelEach(string operation, Shape targets)
    {
        if (targets.ElementCount != targets[0])
            throw new ArgumentException($"{operation} spreads classes evenly and wants one class for each example; the targets have the shape {targets}. Use the split without classes, Split or KFold.");
    }

    public static void WholeLabels(string operation, double[] values)
    {
        foreach (var value in values)
            if (value != Math.Floor(value) || Math.Abs(value) > int.MaxValue)
                throw new ArgumentException(FormattableString.Invariant($"{operation} spreads classes evenly and got {value} as a target, which is no class: for targets that are measured use Split or KFold."));
    }
}
