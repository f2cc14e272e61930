namespace CourseKit;

/// <summary>One fold of a cross-validation: which examples are learned from and which the result is tested on.</summary>
/// <param name="Train">Rows of the data set to learn from, ascending.</param>
/// <param name="Test">Rows held out, ascending.</param>
public sealed record Fold(IReadOnlyList<int> Train, IReadOnlyList<int> Test);

/// <summary>
/// Cuts a data set into folds: each example is in the test part of exactly one of them and in the training part of all
/// others. Only row numbers are dealt out here; <see cref="CrossValidation"/> trains on them.
/// </summary>
public abstract class FoldSplitter
{
    /// <summary>A splitter into this many folds.</summary>
    /// <exception cref="ArgumentException">Fewer than two folds.</exception>
    protected FoldSplitter(int folds)
    {
        SplitCheck.FoldCount(folds);
        Folds = folds;
    }

    /// <summary>The number of folds.</summary>
    public int Folds { get; }

    /// <summary>The folds of a data set.</summary>
    /// <exception cref="ArgumentException">There are too few examples (or members of a class, or groups) for the folds.</exception>
    public IReadOnlyList<Fold> Split(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        SplitCheck.EnoughExamples(data.Count, Folds);
        var foldOf = Assign(data);
        return [.. Enumerable.Range(0, Folds).Select(fold => new Fold(RowsWhere(foldOf, of => of != fold), RowsWhere(foldOf, of => of == fold)))];
    }

    /// <summary>The number of the fold, 0 to <see cref="Folds"/> - 1, in whose test part each example is.</summary>
    protected abstract int[] Assign(TensorDataset data);

    private static int[] RowsWhere(int[] foldOf, Func<int, bool> wanted)
        => [.. Enumerable.Range(0, foldOf.Length).Where(row => wanted(foldOf[row]))];
}

/// <summary>
/// Folds of equal size (within one), whatever the classes. Shuffled by default, other than in scikit-learn: course data
/// often come sorted by class, and neighbouring rows alone would then make folds of one class.
/// </summary>
/// <param name="folds">How many, at least 2.</param>
/// <param name="shuffle">Whether the examples are dealt out in random order instead of in runs of neighbours.</param>
/// <param name="generator">Where the order comes from; the shared one by default.</param>
public sealed class KFold(int folds, bool shuffle = true, Generator? generator = null) : FoldSplitter(folds)
{
    /// <inheritdoc/>
    protected override int[] Assign(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var order = Splits.Order(data.Count, shuffle, generator);
        var foldOf = new int[data.Count];
        for (var place = 0; place < order.Length; place++)
            foldOf[order[place]] = (int)((long)place * Folds / order.Length);
        return foldOf;
    }
}

/// <summary>
/// Folds in which every class has its share: of each class the folds hold the same number of members, within one, and the
/// folds have the same size, within one. The classes are those of the data set, or its targets where each is one whole number.
/// </summary>
/// <param name="folds">How many, at least 2 and at most the members of the smallest class.</param>
/// <param name="shuffle">Whether the members of a class are dealt out in random order instead of in the data set's order.</param>
/// <param name="generator">Where the order comes from; the shared one by default.</param>
public sealed class StratifiedKFold(int folds, bool shuffle = true, Generator? generator = null) : FoldSplitter(folds)
{
    /// <inheritdoc/>
    protected override int[] Assign(TensorDataset data)
    {
        var labels = Splits.Labels("StratifiedKFold", data);
        var order = Splits.Order(labels.Length, shuffle, generator);
        var foldOf = new int[labels.Length];
        // Dealt like cards, one class after the other and each going on where the last one ended: so both the classes and
        // the whole are even.
        var next = 0;
        foreach (var members in order.GroupBy(row => labels[row]).OrderBy(group => group.Key))
        {
            SplitCheck.EnoughMembers(members.Key, members.Count(), Folds);
            foreach (var row in members)
                foldOf[row] = next++ % Folds;
        }
        return foldOf;
    }
}

/// <summary>
/// Folds that never part a group: all images of one patient, all sentences of one author are tested together, or the model
/// would be tested on what it has seen. The largest group goes first, each into the fold that holds the fewest examples.
/// </summary>
/// <param name="folds">How many, at least 2 and at most the number of groups.</param>
/// <param name="groups">The group of each example.</param>
public sealed class GroupKFold(int folds, IntTensor groups) : FoldSplitter(folds)
{
    /// <inheritdoc/>
    protected override int[] Assign(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        SplitCheck.OneGroupEach(groups.Count, data.Count);
        var rowsOf = Enumerable.Range(0, groups.Count).GroupBy(row => groups[row]).OrderByDescending(rows => rows.Count()).ThenBy(rows => rows.Key).ToList();
        SplitCheck.EnoughGroups(rowsOf.Count, Folds);
        var foldOf = new int[groups.Count];
        var sizes = new int[Folds];
        foreach (var rows in rowsOf)
        {
            var lightest = Array.IndexOf(sizes, sizes.Min());
            foreach (var row in rows)
            {
                foldOf[row] = lightest;
                sizes[lightest]++;
            }
        }
        return foldOf;
    }
}

/// <summary>Splits of a data set that keep the shares of its classes.</summary>
public static class Splits
{
    /// <summary>
    /// Splits at random into training, validation and test part so that each class is in each part with its share, within
    /// one example; what rounding takes from one class it gives to the next, so the parts keep their sizes too.
    /// The classes are those of the data set, or its targets where each is one whole number.
    /// </summary>
    /// <exception cref="ArgumentException">A fraction is negative or they do not sum to 1, a class has fewer members than there are parts, or a part with a fraction above 0 would be empty.</exception>
    public static DataSplit StratifiedSplit(this TensorDataset data, double train = 0.7, double validation = 0.15, double test = 0.15, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        double[] fractions = [train, validation, test];
        SplitCheck.Fractions(fractions);
        SplitCheck.NotEmpty("StratifiedSplit", data.Count);
        var labels = Labels("StratifiedSplit", data);
        var parts = fractions.Count(fraction => fraction > 0);
        var openings = new SortedDictionary<int, int[]>(); // of each class: the places still open in each part
        var carry = new double[fractions.Length];
        foreach (var members in labels.GroupBy(label => label).OrderBy(group => group.Key))
        {
            SplitCheck.EnoughMembersForParts(members.Key, members.Count(), parts);
            openings[members.Key] = Shares(members.Count(), fractions, carry);
        }
        List<int>[] rows = [[], [], []];
        foreach (var row in Order(labels.Length, shuffle: true, generator))
        {
            var open = openings[labels[row]];
            var part = Array.FindIndex(open, count => count > 0);
            open[part]--;
            rows[part].Add(row);
        }
        SplitCheck.PartsNotEmpty(data.Count, fractions, rows.Select(part => part.Count));
        return new DataSplit(data.Rows([.. rows[0]]), data.Rows([.. rows[1]]), data.Rows([.. rows[2]]));
    }

    /// <summary>A count cut into whole shares by the largest remainders; what a part got too little is carried to the next class.</summary>
    private static int[] Shares(int count, double[] fractions, double[] carry)
    {
        var exact = fractions.Select(fraction => count * fraction).ToArray();
        var shares = exact.Select(share => (int)Math.Floor(share + 1e-9)).ToArray();
        var remainders = exact.Zip(shares, (share, whole) => Math.Max(0, share - whole)).ToArray();
        var parts = Enumerable.Range(0, fractions.Length).Where(part => remainders[part] > 1e-9)
            .OrderByDescending(part => remainders[part] + carry[part]).ToArray();
        var left = count - shares.Sum();
        foreach (var part in parts.Take(left))
            shares[part]++;
        for (var part = 0; part < shares.Length; part++)
            carry[part] += exact[part] - shares[part];
        return shares;
    }

    internal static int[] Order(int count, bool shuffle, Generator? generator)
        => shuffle ? (generator ?? Generator.Default).Permutation(count) : [.. Enumerable.Range(0, count)];

    /// <summary>What is to be spread evenly: the class of each example.</summary>
    internal static int[] Labels(string operation, TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.HasClasses)
        {
            SplitCheck.OneLabelEach(operation, data.Classes.Shape);
            return data.Classes.ToArray();
        }
        SplitCheck.OneLabelEach(operation, data.Targets.Shape);
        var values = data.Targets.ToDoubleArray();
        SplitCheck.WholeLabels(operation, values);
        return [.. values.Select(value => (int)value)];
    }
}
