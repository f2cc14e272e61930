using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Tests;

/// <summary>Values and gradients that PyTorch computed, written by build/reference-values/generate.py.</summary>
internal static class ReferenceValues
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static Dictionary<string, ReferenceCase> Functions { get; } = Read<ReferenceCase>("functions.json");

    public static Dictionary<string, ReferenceCase> Operations { get; } = Read<ReferenceCase>("operations.json");

    public static Dictionary<string, ReferenceCase> Activations { get; } = Read<ReferenceCase>("activations.json");

    public static Dictionary<string, ReferenceCase> Linear { get; } = Read<ReferenceCase>("linear.json");

    public static Dictionary<string, ReferenceTrajectory> Sgd { get; } = Read<ReferenceTrajectory>("sgd.json");

    public static Dictionary<string, TCase> Read<TCase>(string file)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", file));
        return JsonSerializer.Deserialize<ReferenceFile<TCase>>(stream, Options)!.Cases;
    }

    private sealed record ReferenceFile<TCase>(Dictionary<string, TCase> Cases);
}

/// <summary>Numbers and their shape.</summary>
internal sealed record ReferenceNumbers(int[] Shape, double[] Values)
{
    public Tensor On(Device device, bool requiresGrad = false)
    {
        var tensor = Tensor.From(Values, CourseKit.Shape.Create(Shape), device);
        tensor.RequiresGrad = requiresGrad;
        return tensor;
    }
}

/// <summary>One function at one point: its output, and the gradient at each input for the gradient handed in at the output.</summary>
internal sealed record ReferenceCase(
    ReferenceArguments Arguments,
    Dictionary<string, ReferenceNumbers> Inputs,
    ReferenceNumbers Output,
    ReferenceNumbers Upstream,
    Dictionary<string, ReferenceNumbers> Gradients);

/// <summary>What the function was told beside its inputs.</summary>
internal sealed record ReferenceArguments(
    double? Exponent,
    double Lr = 0,
    double Momentum = 0,
    [property: JsonPropertyName("weight_decay")] double WeightDecay = 0);

/// <summary>Some steps of an optimizer.</summary>
internal sealed record ReferenceTrajectory(ReferenceArguments Arguments, Dictionary<string, ReferenceNumbers> Inputs, ReferenceStep[] Steps);

/// <summary>The loss before a step and the parameters after it.</summary>
internal sealed record ReferenceStep(double Loss, ReferenceNumbers Weight, ReferenceNumbers Bias);
