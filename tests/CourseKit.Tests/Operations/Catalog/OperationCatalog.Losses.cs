namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    private static IEnumerable<Operation> Losses() => [.. RegressionLosses(), .. BinaryLosses(), .. ClassificationLosses(), .. LikelihoodLosses(), .. EmbeddingLosses()];

    private static IEnumerable<Operation> RegressionLosses()
    {
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            yield return Pair("MSELoss", nameof(MSELoss), reduction, (x, y) => new MSELoss(reduction).Forward(x, y));
            yield return Pair("MSELoss of two axes", nameof(MSELoss), reduction, (x, y) => new MSELoss(reduction).Forward(x, y), shape: n => [3, n]);
            yield return Pair("RMSELoss", nameof(RMSELoss), reduction, (x, y) => new RMSELoss(reduction).Forward(x, y), shape: n => [3, n]);
        }
        // How values are reduced is the same code for all; that these do reduce, the reference values show.
        foreach (var reduction in new[] { Reduction.None, Reduction.Mean })
        {
            yield return Pair("L1Loss", nameof(L1Loss), reduction, (x, y) => new L1Loss(reduction).Forward(x, y));
            yield return Pair("HuberLoss 0.7", nameof(HuberLoss), reduction, (x, y) => new HuberLoss(0.7, reduction).Forward(x, y));
            yield return Pair("SmoothL1Loss 0.7", nameof(SmoothL1Loss), reduction, (x, y) => new SmoothL1Loss(0.7, reduction).Forward(x, y));
            yield return Pair("TukeyBiweightLoss 2", nameof(TukeyBiweightLoss), reduction, (x, y) => new TukeyBiweightLoss(2, reduction).Forward(x, y));
            yield return Pair("QuantileLoss 0.9", nameof(QuantileLoss), reduction, (x, y) => new QuantileLoss(0.9, reduction).Forward(x, y));
        }
        foreach (var alpha in new[] { 3, 2, 2 - 1e-9, 1.5, 1, 0.5, 0, 1e-9, -2, -1e6, double.NegativeInfinity })
            yield return Pair(FormattableString.Invariant($"BarronLoss {alpha}"), nameof(BarronLoss), Reduction.None, (x, y) => new BarronLoss(alpha, 0.8, Reduction.None).Forward(x, y));
        yield return Pair("BarronLoss 1", nameof(BarronLoss), Reduction.Mean, (x, y) => new BarronLoss(1).Forward(x, y));
    }

    private static IEnumerable<Operation> BinaryLosses()
    {
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            yield return Pair("BCELoss", nameof(BCELoss), reduction, (p, y) => new BCELoss(reduction).Forward(p, y), Values.Probability, Values.Probability);
            yield return Pair("BCEWithLogitsLoss", nameof(BCEWithLogitsLoss), reduction, (z, y) => new BCEWithLogitsLoss(reduction).Forward(z, y), Values.AwayFromZero, Values.Probability);
            yield return Pair("DiceLoss", nameof(DiceLoss), reduction, (p, y) => new DiceLoss(reduction: reduction).Forward(p, y), Values.Probability, Values.Probability, n => [3, n]);
        }
        yield return Pair("BCEWithLogitsLoss of positives that count 2.5", nameof(BCEWithLogitsLoss), Reduction.Mean,
            (z, y) => new BCEWithLogitsLoss(positiveWeight: Tensor.Scalar(2.5)).Forward(z, y), Values.AwayFromZero, Values.Probability);
        yield return Pair("BCEWithLogitsLoss of three classes with weights", nameof(BCEWithLogitsLoss), Reduction.None,
            (z, y) => new BCEWithLogitsLoss(Reduction.None, Tensor.From([0.5, 1, 3])).Forward(z, y), Values.AwayFromZero, Values.Probability, n => [n, 3]);
        yield return Pair("DiceLoss, not squared, of many examples", nameof(DiceLoss), Reduction.None,
            (p, y) => new DiceLoss(0.5, squaredDenominator: false, Reduction.None).Forward(p, y), Values.Probability, Values.Probability, n => [n, 2, 3]);
        yield return Pair("BinaryFocalLoss", nameof(BinaryFocalLoss), Reduction.None, (z, y) => new BinaryFocalLoss(reduction: Reduction.None).Forward(z, y), Values.AwayFromZero, Values.Probability);
        yield return Pair("BinaryFocalLoss 1.5, 0.25", nameof(BinaryFocalLoss), Reduction.Mean, (z, y) => new BinaryFocalLoss(1.5, 0.25).Forward(z, y), Values.AwayFromZero, Values.Probability);
    }

    private static IEnumerable<Operation> ClassificationLosses()
    {
        var weights = Tensor.From([0.5, 1, 3], device: Device.Reference);
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            foreach (var (name, shape) in new (string, Func<int, Shape>)[] { ("many examples", n => [n, 3]), ("many classes", n => [3, n]) })
            {
                yield return OfScores($"CrossEntropyLoss of classes, {name}, {reduction}", nameof(CrossEntropyLoss), shape, x => new CrossEntropyLoss(reduction).Forward(x, SomeClasses(x.Shape)));
                yield return new($"CrossEntropyLoss of probabilities, {name}, {reduction}", nameof(CrossEntropyLoss), x => new CrossEntropyLoss(reduction).Forward(x[0], x[1]), [new(shape, Values.Any), new(shape, Values.Probability)]);
            }
            yield return OfScores($"CrossEntropyLoss with everything, {reduction}", nameof(CrossEntropyLoss), n => [n, 3], x => new CrossEntropyLoss(reduction, weights, 0.1, ignoreIndex: 2).Forward(x, SomeClasses(x.Shape)));
            yield return Pair("KLDivLoss", nameof(KLDivLoss), reduction, (q, p) => new KLDivLoss(reduction).Forward(q, p), Values.LogProbability, Values.Probability, n => [3, n]);
        }
        yield return OfScores("CrossEntropyLoss of images", nameof(CrossEntropyLoss), n => [2, 3, 2, n], x => new CrossEntropyLoss(labelSmoothing: 0.2).Forward(x, SomeClasses(x.Shape)));
        yield return new("CrossEntropyLoss of probabilities with everything", nameof(CrossEntropyLoss), x => new CrossEntropyLoss(Reduction.None, weights, 0.1).Forward(x[0], x[1]), [new(n => [2, 3, n], Values.Any), new(n => [2, 3, n], Values.Probability)]);
        yield return OfScores("NLLLoss", nameof(NLLLoss), n => [n, 3], x => new NLLLoss().Forward(x, SomeClasses(x.Shape)), values: Values.LogProbability);
        yield return OfScores("NLLLoss of images with weights", nameof(NLLLoss), n => [2, 3, n], x => new NLLLoss(Reduction.None, weights, ignoreIndex: 1).Forward(x, SomeClasses(x.Shape)), values: Values.LogProbability);
        yield return OfScores("FocalLoss", nameof(FocalLoss), n => [n, 3], x => new FocalLoss(reduction: Reduction.None).Forward(x, SomeClasses(x.Shape)));
        yield return OfScores("FocalLoss 0.5 of images with weights", nameof(FocalLoss), n => [2, 3, n], x => new FocalLoss(0.5, weights).Forward(x, SomeClasses(x.Shape)));
        yield return OfScores("MultiMarginLoss", nameof(MultiMarginLoss), n => [n, 3], x => new MultiMarginLoss(reduction: Reduction.None).Forward(x, SomeClasses(x.Shape)));
        yield return OfScores("MultiMarginLoss of many classes, squared, summed", nameof(MultiMarginLoss), n => [3, n], x => new MultiMarginLoss(0.5, 2, divideByClasses: false).Forward(x, SomeClasses(x.Shape)), n => n);
        yield return OfScores("MultiMarginLoss with weights", nameof(MultiMarginLoss), n => [n, 3], x => new MultiMarginLoss(classWeights: weights).Forward(x, SomeClasses(x.Shape)));
        yield return Pair("KLDivLoss of log-probabilities", nameof(KLDivLoss), Reduction.None, (q, p) => new KLDivLoss(Reduction.None, logTarget: true).Forward(q, p), Values.LogProbability, Values.LogProbability);
    }

    private static IEnumerable<Operation> LikelihoodLosses()
    {
        foreach (var reduction in new[] { Reduction.None, Reduction.Mean })
        {
            yield return WithSpread($"GaussianNLLLoss, {reduction}", nameof(GaussianNLLLoss), n => [n], (x, y, v) => new GaussianNLLLoss(reduction: reduction).Forward(x, y, v));
            yield return WithSpread($"LaplaceNLLLoss, {reduction}", nameof(LaplaceNLLLoss), n => [n], (x, y, s) => new LaplaceNLLLoss(reduction: reduction).Forward(x, y, s));
            yield return WithSpread($"VonMisesNLLLoss, {reduction}", nameof(VonMisesNLLLoss), n => [n], (x, y, k) => new VonMisesNLLLoss(reduction).Forward(x, y, k));
            yield return Pair("PoissonNLLLoss", nameof(PoissonNLLLoss), reduction, (x, y) => new PoissonNLLLoss(reduction: reduction).Forward(x, y), right: Values.Positive);
            yield return Pair("PoissonNLLLoss of rates, full", nameof(PoissonNLLLoss), reduction, (x, y) => new PoissonNLLLoss(logInput: false, full: true, reduction: reduction).Forward(x, y), Values.Positive, Values.Positive);
        }
        yield return WithSpread("GaussianNLLLoss, full, a variance for each example", nameof(GaussianNLLLoss), n => [n, 1], (x, y, v) => new GaussianNLLLoss(full: true).Forward(x, y, v), n => [n, 3]);
        yield return WithSpread("LaplaceNLLLoss, full, a scale for each example", nameof(LaplaceNLLLoss), n => [n, 1], (x, y, s) => new LaplaceNLLLoss(full: true).Forward(x, y, s), n => [n, 3]);
    }

    private static IEnumerable<Operation> EmbeddingLosses() =>
    [
        new("CosineEmbeddingLoss", nameof(CosineEmbeddingLoss), x => new CosineEmbeddingLoss(0.1, Reduction.None).Forward(x[0], x[1], Signs(x[0].Shape[0])), [new(n => [n, 3], Values.Any), new(n => [n, 3], Values.Any)]),
        new("CosineEmbeddingLoss of long vectors", nameof(CosineEmbeddingLoss), x => new CosineEmbeddingLoss().Forward(x[0], x[1], Signs(3)), [new(n => [3, n + 2], Values.Any), new(n => [3, n + 2], Values.Positive)], n => n),
        new("TripletMarginLoss", nameof(TripletMarginLoss), x => new TripletMarginLoss(reduction: Reduction.None).Forward(x[0], x[1], x[2]), [new(n => [n, 3], Values.Any), new(n => [n, 3], Values.Any), new(n => [n, 3], Values.Any)]),
    ];

    private static Operation Pair(string name, string member, Reduction reduction, Func<Tensor, Tensor, Tensor> loss, Values left = Values.Any, Values right = Values.Any, Func<int, Shape>? shape = null)
        => new($"{name}, {reduction}", member, x => loss(x[0], x[1]), [new(shape ?? (n => [n]), left), new(shape ?? (n => [n]), right)]);

    private static Operation OfScores(string name, string member, Func<int, Shape> shape, Func<Tensor, Tensor> loss, Func<int, int>? terms = null, Values values = Values.Any)
        => new(name, member, x => loss(x[0]), [new(shape, values)], terms);

    private static Operation WithSpread(string name, string member, Func<int, Shape> spread, Func<Tensor, Tensor, Tensor, Tensor> loss, Func<int, Shape>? shape = null)
        => new(name, member, x => loss(x[0], x[1], x[2]), [new(shape ?? spread, Values.Any), new(shape ?? spread, Values.Any), new(spread, Values.Positive)]);

    /// <summary>A class for each place of scores (N, C, ...).</summary>
    private static IntTensor SomeClasses(Shape scores)
    {
        int[] places = [scores[0], .. scores.Skip(2)];
        return IntTensor.From([.. Enumerable.Range(0, places.Aggregate(1, (product, length) => product * length)).Select(i => i * 5 % Math.Max(1, scores[1]))], Shape.Create(places));
    }

    private static IntTensor Signs(int count) => IntTensor.From([.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? -1 : 1)]);
}
