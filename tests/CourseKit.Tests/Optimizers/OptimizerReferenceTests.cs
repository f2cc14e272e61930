using System.Text.Json;

namespace CourseKit.Tests;

/// <summary>Optimizers, schedules and clipping against PyTorch, with every option that PyTorch has.</summary>
public class OptimizerReferenceTests
{
    private static readonly Dictionary<string, Trajectory> Trajectories = ReferenceValues.Read<Trajectory>("optimizers.json");
    private static readonly Dictionary<string, Schedule> Schedules = ReferenceValues.Read<Schedule>("schedules.json");
    private static readonly Dictionary<string, Clipped> Clippings = ReferenceValues.Read<Clipped>("clipping.json");

    public static TheoryData<string, string> TrajectoryNames => [.. Trajectories.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    public static TheoryData<string> ScheduleNames => [.. Schedules.Keys];

    public static TheoryData<string, string> ClippingNames => [.. Clippings.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(TrajectoryNames))]
    public void An_optimizer_takes_the_steps_of_PyTorch(string name, string deviceName)
    {
        var reference = Trajectories[name];
        var device = Device.All.Single(device => device.Name == deviceName);
        var model = new Sequential(new Linear(3, 4, device: device), new Tanh(), new Linear(4, 1, device: device));
        foreach (var (path, parameter) in model.NamedParameters())
            parameter.CopyFrom(reference.Start[path].On(device));
        var (x, y) = (reference.X.On(device), reference.Y.On(device));
        var parameters = model.Parameters();
        ParameterGroup[] groups = reference.Groups.Length == 0 ? [new(parameters)] : [.. reference.Groups.Select(group
            => new ParameterGroup([.. group.GetProperty("parameters").EnumerateArray().Select(index => parameters[index.GetInt32()])], Number(group, "lr"), Number(group, "weight_decay")))];
        var optimizer = Make(reference.Optimizer, groups, reference.Arguments);
        // Adaptive steps divide by what they saw, so a rounding error of a small gradient becomes one of the step.
        var tolerance = device.Precision == 64 ? 1e-12 : 2e-5;
        for (var step = 0; step < reference.Losses.Length; step++)
        {
            optimizer.ZeroGrad();
            var loss = new MSELoss().Forward(model.Forward(x), y);
            loss.Backward();
            optimizer.Step();
            Near.Assert([reference.Losses[step]], [loss.Item()], tolerance, 1, $"{name}, loss of step {step}");
        }
        foreach (var (path, parameter) in model.NamedParameters())
            Near.Assert(reference.End[path].Values, parameter.ToDoubleArray(), tolerance, 1, $"{name}, {path} at the end");
    }

    [Theory]
    [MemberData(nameof(ScheduleNames))]
    public void A_scheduler_sets_the_rates_of_PyTorch(string name)
    {
        var reference = Schedules[name];
        var arguments = reference.Arguments;
        var optimizer = new SGD([new ParameterGroup([Leaf()]), new ParameterGroup([Leaf()], learningRate: 0.125)], learningRate: 0.5);
        var plateau = reference.Scheduler == nameof(ReduceLROnPlateau) ? Plateau(optimizer, arguments) : null;
        var scheduler = plateau is null ? MakeScheduler(reference.Scheduler, optimizer, arguments) : null;
        for (var epoch = 0; epoch < reference.Rates.Length; epoch++)
        {
            Near.Assert(reference.Rates[epoch], [.. optimizer.Groups.Select(group => group.LearningRate)], 1e-13, 0.1, $"{name}, epoch {epoch}");
            if (scheduler is not null)
                Near.Assert([reference.Rates[epoch][0]], [scheduler.Rate(scheduler.Epoch)], 1e-13, 0.1, $"{name}, as a function of the epoch {epoch}");
            scheduler?.Step();
            if (epoch < reference.Metrics.Length)
                plateau?.Step(reference.Metrics[epoch]);
        }
    }

    [Theory]
    [MemberData(nameof(ClippingNames))]
    public void Gradients_are_clipped_as_in_PyTorch(string name, string deviceName)
    {
        var reference = Clippings[name];
        var device = Device.All.Single(device => device.Name == deviceName);
        var tolerance = device.Precision == 64 ? 1e-14 : 1e-6;
        var parameters = reference.Before.Select(gradient =>
        {
            var parameter = Tensor.Full(Shape.Create(gradient.Shape), 0, device);
            parameter.RequiresGrad = true;
            (parameter * gradient.On(device)).Sum().Backward();
            return parameter;
        }).ToArray();
        var limit = Number(reference.Arguments, "limit")!.Value;
        if (reference.Norm is { } expected)
        {
            var type = reference.Arguments.GetProperty("norm_type");
            var norm = GradientClipping.ByNorm(parameters, limit, type.ValueKind == JsonValueKind.Number ? type.GetDouble() : double.PositiveInfinity);
            Near.Assert([expected], [norm], tolerance, 1, $"{name}, norm");
        }
        else
            GradientClipping.ByValue(parameters, limit);
        for (var i = 0; i < parameters.Length; i++)
            Near.Assert(reference.After[i].Values, parameters[i].Grad!.ToDoubleArray(), tolerance, 1, $"{name}, gradient {i}");
    }

    private static Optimizer Make(string kind, ParameterGroup[] groups, JsonElement arguments)
    {
        double Or(string name, double otherwise) => Number(arguments, name) ?? otherwise;
        bool Is(string name) => arguments.TryGetProperty(name, out var value) && value.GetBoolean();
        var betas = arguments.TryGetProperty("betas", out var pair) ? (pair[0].GetDouble(), pair[1].GetDouble()) : (0.9, 0.999);
        // What the fixture does not name is left to the constructors' own defaults where the fixture names nothing at all.
        if (!arguments.EnumerateObject().Any())
            return kind switch
            {
                "Adagrad" => new Adagrad(groups),
                "RMSprop" => new RMSprop(groups),
                "Adam" => new Adam(groups),
                "AdamW" => new AdamW(groups),
                _ => throw new InvalidOperationException($"The fixture has an optimizer {kind} that this test does not know."),
            };
        return kind switch
        {
            "SGD" => new SGD(groups, Or("lr", double.NaN), Or("momentum", 0), Or("weight_decay", 0), Or("dampening", 0), Is("nesterov")),
            "Adagrad" => new Adagrad(groups, Or("lr", 0.01), Or("lr_decay", 0), Or("weight_decay", 0), Or("initial_accumulator_value", 0), Or("eps", 1e-10)),
            "RMSprop" => new RMSprop(groups, Or("lr", 0.01), Or("alpha", 0.99), Or("eps", 1e-8), Or("weight_decay", 0), Or("momentum", 0), Is("centered")),
            "Adam" => new Adam(groups, Or("lr", 0.001), betas.Item1, betas.Item2, Or("eps", 1e-8), Or("weight_decay", 0), Is("amsgrad")),
            "AdamW" => new AdamW(groups, Or("lr", 0.001), betas.Item1, betas.Item2, Or("eps", 1e-8), Or("weight_decay", 0.01), Is("amsgrad")),
            _ => throw new InvalidOperationException($"The fixture has an optimizer {kind} that this test does not know."),
        };
    }

    private static LearningRateScheduler MakeScheduler(string kind, Optimizer optimizer, JsonElement arguments)
    {
        double Of(string name) => Number(arguments, name)!.Value;
        return kind switch
        {
            "StepLR" => new StepLR(optimizer, (int)Of("step_size"), Of("gamma")),
            "ExponentialLR" => new ExponentialLR(optimizer, Of("gamma")),
            "CosineAnnealingLR" => new CosineAnnealingLR(optimizer, (int)Of("T_max"), Of("eta_min")),
            "LinearLR" => new LinearLR(optimizer, Of("start_factor"), (int)Of("total_iters")),
            "WarmupCosineLR" => new WarmupCosineLR(optimizer, (int)Of("total_iters"), (int)Of("T_max"), Of("start_factor"), Of("eta_min")),
            "TimeDecayLR" => new TimeDecayLR(optimizer, Of("decay")),
            "InverseSquareRootLR" => new InverseSquareRootLR(optimizer, Of("factor")),
            _ => throw new InvalidOperationException($"The fixture has a scheduler {kind} that this test does not know."),
        };
    }

    private static ReduceLROnPlateau Plateau(Optimizer optimizer, JsonElement arguments)
    {
        double Or(string name, double otherwise) => Number(arguments, name) ?? otherwise;
        bool Says(string name, string value) => arguments.TryGetProperty(name, out var said) && said.GetString() == value;
        return new(optimizer, Says("mode", "max") ? PlateauMode.Max : PlateauMode.Min, Or("factor", 0.1), (int)Or("patience", 10), Or("threshold", 1e-4),
            Says("threshold_mode", "abs") ? ThresholdMode.Absolute : ThresholdMode.Relative, (int)Or("cooldown", 0), Or("min_lr", 0));
    }

    private static Tensor Leaf()
    {
        var leaf = Tensor.Zeros(1);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static double? Number(JsonElement arguments, string name) => arguments.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    internal sealed record Trajectory(string Optimizer, JsonElement Arguments, JsonElement[] Groups, ReferenceNumbers X, ReferenceNumbers Y, Dictionary<string, ReferenceNumbers> Start, double[] Losses, Dictionary<string, ReferenceNumbers> End);

    internal sealed record Schedule(string Scheduler, JsonElement Arguments, double[] Metrics, double[][] Rates);

    internal sealed record Clipped(JsonElement Arguments, double? Norm, ReferenceNumbers[] Before, ReferenceNumbers[] After);
}
