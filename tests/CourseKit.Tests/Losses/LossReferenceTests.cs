using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Tests;

/// <summary>Every loss, with its options and reductions, against PyTorch: values and gradients, in double on the reference device, in single on the CPU.</summary>
public class LossReferenceTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly Dictionary<string, LossCase> CasesByName = ReferenceValues.Read<JsonElement>("losses.json")
        .ToDictionary(entry => entry.Key, entry => entry.Value.Deserialize<LossCase>(Options)!);

    /// <summary>The kit's loss for each loss of the fixture.</summary>
    private static readonly Dictionary<string, Func<Given, Reduction, Tensor>> Losses = new()
    {
        ["MSELoss"] = (x, r) => new MSELoss(r).Forward(x["prediction"], x["target"]),
        ["L1Loss"] = (x, r) => new L1Loss(r).Forward(x["prediction"], x["target"]),
        ["RMSELoss"] = (x, r) => new RMSELoss(r).Forward(x["prediction"], x["target"]),
        ["HuberLoss"] = (x, r) => new HuberLoss(reduction: r).Forward(x["prediction"], x["target"]),
        ["HuberLoss 0.25"] = (x, r) => new HuberLoss(0.25, r).Forward(x["prediction"], x["target"]),
        ["SmoothL1Loss"] = (x, r) => new SmoothL1Loss(reduction: r).Forward(x["prediction"], x["target"]),
        ["SmoothL1Loss 0"] = (x, r) => new SmoothL1Loss(0, r).Forward(x["prediction"], x["target"]),
        ["SmoothL1Loss 0.25"] = (x, r) => new SmoothL1Loss(0.25, r).Forward(x["prediction"], x["target"]),
        ["TukeyBiweightLoss"] = (x, r) => new TukeyBiweightLoss(reduction: r).Forward(x["prediction"], x["target"]),
        ["QuantileLoss 0.9"] = (x, r) => new QuantileLoss(0.9, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss 3"] = (x, r) => new BarronLoss(3, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss 2"] = (x, r) => new BarronLoss(2, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss 1.5"] = (x, r) => new BarronLoss(1.5, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss 1"] = (x, r) => new BarronLoss(1, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss 0.5"] = (x, r) => new BarronLoss(0.5, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss 0"] = (x, r) => new BarronLoss(0, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss -2"] = (x, r) => new BarronLoss(-2, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss -8"] = (x, r) => new BarronLoss(-8, 1.5, r).Forward(x["prediction"], x["target"]),
        ["BarronLoss -Infinity"] = (x, r) => new BarronLoss(double.NegativeInfinity, 1.5, r).Forward(x["prediction"], x["target"]),

        ["BCELoss"] = (x, r) => new BCELoss(r).Forward(x["probability"], x["target"]),
        ["BCEWithLogitsLoss"] = (x, r) => new BCEWithLogitsLoss(r).Forward(x["logit"], x["target"]),
        ["BCEWithLogitsLoss with one positive weight"] = (x, r) => new BCEWithLogitsLoss(r, Tensor.Scalar(3)).Forward(x["logit"], x["target"]),
        ["BCEWithLogitsLoss with positive weights"] = (x, r) => new BCEWithLogitsLoss(r, x["weights"]).Forward(x["logit"], x["target"]),
        ["BinaryFocalLoss"] = (x, r) => new BinaryFocalLoss(reduction: r).Forward(x["logit"], x["target"]),
        ["BinaryFocalLoss 1.5, 0.25"] = (x, r) => new BinaryFocalLoss(1.5, 0.25, r).Forward(x["logit"], x["target"]),
        ["DiceLoss"] = (x, r) => new DiceLoss(reduction: r).Forward(x["probability"], x["target"]),
        ["DiceLoss 0, not squared"] = (x, r) => new DiceLoss(0, squaredDenominator: false, r).Forward(x["probability"], x["target"]),
        ["DiceLoss of each example"] = (x, r) => new DiceLoss(reduction: r).Forward(x["probability"], x["target"]),

        ["CrossEntropyLoss"] = (x, r) => new CrossEntropyLoss(r).Forward(x["scores"], x.Classes),
        ["CrossEntropyLoss with weights"] = (x, r) => new CrossEntropyLoss(r, x["weights"]).Forward(x["scores"], x.Classes),
        ["CrossEntropyLoss, smoothed"] = (x, r) => new CrossEntropyLoss(r, labelSmoothing: 0.1).Forward(x["scores"], x.Classes),
        ["CrossEntropyLoss, some ignored"] = (x, r) => new CrossEntropyLoss(r).Forward(x["scores"], x.Classes),
        ["CrossEntropyLoss with everything"] = (x, r) => new CrossEntropyLoss(r, x["weights"], 0.25).Forward(x["scores"], x.Classes),
        ["CrossEntropyLoss of images with everything"] = (x, r) => new CrossEntropyLoss(r, x["weights"], 0.25).Forward(x["scores"], x.Classes),
        ["CrossEntropyLoss of probabilities"] = (x, r) => new CrossEntropyLoss(r).Forward(x["scores"], x["probabilities"]),
        ["CrossEntropyLoss of probabilities with everything"] = (x, r) => new CrossEntropyLoss(r, x["weights"], 0.25).Forward(x["scores"], x["probabilities"]),
        ["NLLLoss"] = (x, r) => new NLLLoss(r).Forward(x["scores"], x.Classes),
        ["NLLLoss of images with everything"] = (x, r) => new NLLLoss(r, x["weights"]).Forward(x["scores"], x.Classes),
        ["FocalLoss"] = (x, r) => new FocalLoss(reduction: r).Forward(x["scores"] / 16, x.Classes),
        ["FocalLoss 1.5 with weights"] = (x, r) => new FocalLoss(1.5, x["weights"], r).Forward(x["scores"] / 16, x.Classes),
        ["MultiMarginLoss"] = (x, r) => new MultiMarginLoss(reduction: r).Forward(x["scores"], x.Classes),
        ["MultiMarginLoss, squared, with weights"] = (x, r) => new MultiMarginLoss(0.5, 2, classWeights: x["weights"], reduction: r).Forward(x["scores"], x.Classes),
        ["KLDivLoss"] = (x, r) => new KLDivLoss(r).Forward(x["logProbabilities"], x["target"]),
        ["KLDivLoss of log-probabilities"] = (x, r) => new KLDivLoss(r, logTarget: true).Forward(x["logProbabilities"], x["target"]),

        ["GaussianNLLLoss"] = (x, r) => new GaussianNLLLoss(reduction: r).Forward(x["prediction"], x["target"], x["variance"]),
        ["GaussianNLLLoss, full"] = (x, r) => new GaussianNLLLoss(full: true, floor: 0.5, r).Forward(x["prediction"], x["target"], x["variance"]),
        ["GaussianNLLLoss of a variance for each example"] = (x, r) => new GaussianNLLLoss(reduction: r).Forward(x["prediction"], x["target"], x["variance"]),
        ["LaplaceNLLLoss, full"] = (x, r) => new LaplaceNLLLoss(full: true, reduction: r).Forward(x["prediction"], x["target"], x["variance"]),
        ["PoissonNLLLoss"] = (x, r) => new PoissonNLLLoss(reduction: r).Forward(x["prediction"], x["count"]),
        ["PoissonNLLLoss, full"] = (x, r) => new PoissonNLLLoss(full: true, reduction: r).Forward(x["prediction"], x["count"]),
        ["PoissonNLLLoss of rates, full"] = (x, r) => new PoissonNLLLoss(logInput: false, full: true, reduction: r).Forward(x["prediction"], x["count"]),
        ["VonMisesNLLLoss"] = (x, r) => new VonMisesNLLLoss(r).Forward(x["prediction"], x["target"], x["variance"]),

        ["CosineEmbeddingLoss"] = (x, r) => new CosineEmbeddingLoss(-0.5, r).Forward(x["left"], x["right"], x.Classes),
        ["TripletMarginLoss"] = (x, r) => new TripletMarginLoss(2, r).Forward(x["left"], x["right"], x["other"]),
    };

    public static TheoryData<string, string> Cases => [.. CasesByName.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_and_its_gradients_are_those_of_PyTorch(string name, string deviceName)
    {
        var reference = CasesByName[name];
        var device = Device.All.Single(candidate => candidate.Name == deviceName);
        var leaves = reference.Inputs.ToDictionary(input => input.Key, input => input.Value.On(device, requiresGrad: true));
        var constants = reference.Arguments.Constants.ToDictionary(constant => constant.Key, constant => constant.Value.On(device));
        var output = Losses[reference.Arguments.Loss](new Given(leaves, constants, reference.Arguments.Classes), reference.Arguments.Reduction);

        // PyTorch holds the floor 1e-12 of BCELoss's denominator in single precision even where it computes in double.
        var tolerance = device.Precision == 32 ? 4e-6 : reference.Arguments.Loss == "BCELoss" ? 5e-9 : 2e-13;
        Assert.Equal(reference.Output.Shape, output.Shape.AsSpan().ToArray());
        Near.Assert(reference.Output.Values, output.ToDoubleArray(), tolerance, 1, "value");
        output.Backward(reference.Upstream.On(device));
        foreach (var (input, leaf) in leaves)
            Near.Assert(reference.Gradients[input].Values, leaf.Grad!.ToDoubleArray(), tolerance, 1, $"gradient of {input}");
    }

    [Fact]
    public void Every_loss_of_the_kit_has_values_from_PyTorch()
    {
        var losses = typeof(MSELoss).Assembly.GetExportedTypes().Select(type => type.Name).Where(name => name.EndsWith("Loss", StringComparison.Ordinal));
        var tested = CasesByName.Values.Select(value => value.Arguments.Loss.Split(' ', ',')[0]).Distinct();
        Assert.Empty(losses.Except(tested));
        Assert.Empty(Losses.Keys.Except(CasesByName.Values.Select(value => value.Arguments.Loss)));
    }

    /// <summary>What a loss is given: leaves and constants by name, and classes.</summary>
    private sealed record Given(Dictionary<string, Tensor> Leaves, Dictionary<string, Tensor> Constants, ReferenceNumbers? Numbers)
    {
        public Tensor this[string name] => Leaves.TryGetValue(name, out var leaf) ? leaf : Constants[name];

        public IntTensor Classes => IntTensor.From([.. Numbers!.Values.Select(value => (int)value)], Shape.Create(Numbers.Shape));
    }

    private sealed record LossCase(
        LossArguments Arguments,
        Dictionary<string, ReferenceNumbers> Inputs,
        ReferenceNumbers Output,
        ReferenceNumbers Upstream,
        Dictionary<string, ReferenceNumbers> Gradients);

    private sealed record LossArguments(string Loss, Reduction Reduction, Dictionary<string, ReferenceNumbers> Constants, ReferenceNumbers? Classes);
}
