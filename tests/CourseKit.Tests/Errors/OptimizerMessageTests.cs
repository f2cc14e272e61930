namespace CourseKit.Tests;

/// <summary>Every complaint of an optimizer and its helpers names who got what, and says what to do.</summary>
public class OptimizerMessageTests
{
    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> Mistakes = new()
    {
        ["a negative rate"] = (() => _ = new SGD([Leaf()], -0.1), ["SGD", "learning rate -0.1", "0 or more", "minus sign"]),
        ["a rate that is not a number"] = (() => _ = new Adam([Leaf()], double.NaN), ["Adam", "learning rate NaN", "finite"]),
        ["a negative rate set later"] = (() => new Adagrad([Leaf()]).LearningRate = -1, ["Adagrad", "learning rate -1"]),
        ["a negative rate of a group"] = (() => _ = new ParameterGroup([Leaf()], learningRate: -1), ["parameter group", "learning rate -1"]),
        ["an infinite decay of a group"] = (() => new ParameterGroup([Leaf()]).WeightDecay = double.PositiveInfinity, ["parameter group", "weight decay"]),
        ["a negative decay"] = (() => _ = new AdamW([Leaf()], weightDecay: -0.5), ["AdamW", "weight decay -0.5"]),
        ["a beta of 1"] = (() => _ = new Adam([Leaf()], beta1: 1), ["Adam", "beta1 = 1", "below 1"]),
        ["a second beta above 1"] = (() => _ = new AdamW([Leaf()], beta2: 1.5), ["AdamW", "beta2 = 1.5", "below 1"]),
        ["a beta that is not a number"] = (() => _ = new Adam([Leaf()], beta2: double.NaN), ["Adam", "beta2 = NaN"]),
        ["a momentum of 1"] = (() => _ = new SGD([Leaf()], 0.1, momentum: 1), ["SGD", "momentum = 1", "below 1", "0.9"]),
        ["a negative alpha"] = (() => _ = new RMSprop([Leaf()], alpha: -0.1), ["RMSprop", "alpha = -0.1"]),
        ["a negative epsilon"] = (() => _ = new RMSprop([Leaf()], epsilon: -1e-8), ["RMSprop", "epsilon -1E-08"]),
        ["a negative rate decay"] = (() => _ = new Adagrad([Leaf()], learningRateDecay: -1), ["Adagrad", "learning-rate decay -1"]),
        ["Nesterov without momentum"] = (() => _ = new SGD([Leaf()], 0.1, nesterov: true), ["nesterov", "momentum 0", "0.9 is usual"]),
        ["Nesterov with dampening"] = (() => _ = new SGD([Leaf()], 0.1, 0.9, dampening: 0.5, nesterov: true), ["nesterov", "dampening 0.5", "no dampening"]),
        ["an average with dampening"] = (() => _ = new SGD([Leaf()], 0.1, 0.9, dampening: 0.5, form: MomentumForm.Average), ["dampening 0.5", "exponential average", "leave the dampening at 0"]),
        ["no parameters"] = (() => _ = new Adam([]), ["nothing to optimize", "model.Parameters()"]),
        ["groups without parameters"] = (() => _ = new Adam([new ParameterGroup([])]), ["nothing to optimize"]),
        ["a parameter that needs no gradient"] = (() => _ = new Adam([Tensor.Zeros(2, 3)]), ["2x3", "RequiresGrad = true"]),
        ["a result as a parameter"] = (() => _ = new Adam([Leaf() * 2]), ["Adam", "result of an operation", "only leaves"]),
        ["a parameter in two groups"] = (() =>
        {
            var w = Leaf();
            _ = new SGD([new ParameterGroup([w]), new ParameterGroup([Leaf(), w])], 0.1);
        }, ["SGD", "shape 2 twice", "one group, once"]),
        ["a group in two optimizers"] = (() =>
        {
            var group = new ParameterGroup([Leaf()]);
            _ = new Adam([group]);
            _ = new SGD([group], 0.1);
        }, ["SGD", "belongs to an optimizer already (Adam)", "new ParameterGroup"]),
        ["a state of another optimizer"] = (() => new SGD([Leaf()], 0.1).LoadStateDict(Saved()), ["SGD", "exp_avg", "another optimizer"]),
        ["a state of fewer parameters"] = (() => new Adam([Leaf(), Leaf()]).LoadStateDict(Saved(2)), ["Adam", "state.2.", "other parameters"]),
        ["a state without a part"] = (() => new Adam([Leaf()]).LoadStateDict(Without("state.0.exp_avg")), ["Adam", "lacks state.0.exp_avg"]),
        ["a state without a rate"] = (() => new Adam([Leaf()]).LoadStateDict(Without("groups.0.lr")), ["Adam", "lacks groups.0.lr"]),
        ["a state of another shape"] = (() => new Adam([Wide()]).LoadStateDict(Saved()), ["Adam", "state.0.exp_avg", "shape is 2", "parameter's is 3"]),
        ["a state with half a step"] = (() => new Adam([Leaf()]).LoadStateDict(Without("state.0.step", Tensor.Scalar(1.5))), ["state.0.step = 1.5", "whole number"]),
        ["a state with a negative rate"] = (() => new Adam([Leaf()]).LoadStateDict(Without("groups.0.lr", Tensor.Scalar(-1))), ["learning rate -1"]),
        ["a scheduler's state without an epoch"] = (() => new StepLR(new Adam([Leaf()]), 3).LoadStateDict(Saved()), ["StepLR", "lacks last_epoch"]),
        ["a scheduler's state of more groups"] = (() => new StepLR(new Adam([Leaf()]), 3).LoadStateDict(new Dictionary<string, Tensor> { ["last_epoch"] = Tensor.Scalar(1), ["base_lrs"] = Tensor.Ones(2) }), ["StepLR", "base_lrs", "shape is 2"]),
        ["a plateau's state without its best"] = (() => new ReduceLROnPlateau(new Adam([Leaf()])).LoadStateDict(Saved()), ["ReduceLROnPlateau", "lacks best"]),
        ["a clipping to a negative norm"] = (() => GradientClipping.ByNorm([Leaf()], -1), ["GradientClipping.ByNorm", "largest norm -1"]),
        ["a clipping by the norm 0"] = (() => GradientClipping.ByNorm([Leaf()], 1, 0), ["GradientClipping.ByNorm", "type of norm 0", "above 0"]),
        ["a clipping to a negative value"] = (() => GradientClipping.ByValue([Leaf()], -1), ["GradientClipping.ByValue", "limit -1"]),
        ["a schedule that grows"] = (() => _ = new ExponentialLR(new Adam([Leaf()]), 1.5), ["ExponentialDecay", "factor 1.5", "at most 1"]),
        ["a staircase without steps"] = (() => _ = new StepLR(new Adam([Leaf()]), 0), ["StepDecay", "stepSize = 0", "1 or more"]),
        ["a negative time decay"] = (() => _ = new TimeDecayLR(new Adam([Leaf()]), -1), ["TimeDecay", "decay -1"]),
        ["the square root of epoch 0"] = (() => LearningRates.InverseSquareRootDecay(1, 1, 0), ["InverseSquareRootDecay", "epoch = 0", "1 or more"]),
        ["an epoch before the first"] = (() => new InverseSquareRootLR(new Adam([Leaf()])).Rate(0), ["InverseSquareRootLR", "epoch = 0"]),
        ["a negative epoch"] = (() => LearningRates.TimeDecay(1, 1, -1), ["TimeDecay", "epoch = -1"]),
        ["a cosine without a period"] = (() => _ = new CosineAnnealingLR(new Adam([Leaf()]), 0), ["CosineAnnealing", "halfPeriod = 0"]),
        ["a warm-up from nothing"] = (() => _ = new LinearLR(new Adam([Leaf()]), 0), ["LinearWarmup", "startFactor 0", "above 0"]),
        ["a warm-up longer than training"] = (() => _ = new WarmupCosineLR(new Adam([Leaf()]), 5, 5), ["WarmupCosine", "epochs = 5", "6 or more"]),
        ["a plateau whose factor is 1"] = (() => _ = new ReduceLROnPlateau(new Adam([Leaf()]), factor: 1), ["ReduceLROnPlateau", "factor = 1", "below 1"]),
        ["a plateau without end"] = (() => _ = new ReduceLROnPlateau(new Adam([Leaf()]), patience: -1), ["ReduceLROnPlateau", "patience = -1"]),
        ["a penalty of no weights"] = (() => Penalties.L1(new ReLU(), 0.1), ["Penalties.L1 got no weight", "includeBiases"]),
        ["a negative penalty"] = (() => Penalties.L2([Leaf()], -0.1), ["Penalties.L2", "strength -0.1"]),
        ["the total variation of a row"] = (() => TotalVariation.Isotropic(Tensor.Zeros(5)), ["TotalVariation.Isotropic wants images", "got 5"]),
        ["a total variation with a negative epsilon"] = (() => TotalVariation.Anisotropic(Tensor.Zeros(5, 5), -1), ["TotalVariation.Anisotropic", "epsilon -1"]),
        ["orthogonal biases"] = (() => Initialize.Orthogonal(Tensor.Zeros(3)), ["initialization wants a matrix", "got 3", "Initialize.Zeros"]),
        ["biases that are not positive"] = (() => Initialize.SmallPositive(Tensor.Zeros(3), 0), ["SmallPositive", "above 0"]),
        ["a negative deviation"] = (() => Initialize.Normal(Tensor.Zeros(3), -1), ["standard deviation -1"]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_named_in_one_sentence_that_says_what_to_do(string name)
    {
        var (mistake, parts) = Mistakes[name];
        var error = InCulture.Run(Cultures.German, () => Assert.ThrowsAny<ArgumentException>(mistake));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_moved_to_another_device_after_a_step_is_named()
    {
        var layer = new Linear(2, 1, device: Device.Cpu);
        var optimizer = new Adam(layer.Parameters());
        Step();
        layer.To(Device.Reference);
        Assert.Contains("Adam got a parameter of shape 1x2 on reference and remembers its steps on cpu: move the model before", Assert.Throws<InvalidOperationException>(Step).Message, StringComparison.Ordinal);

        void Step()
        {
            layer.Weight.Sum().Backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void A_state_that_does_not_fit_changes_nothing()
    {
        var optimizer = new Adam([Wide()], 0.25);
        Assert.ThrowsAny<ArgumentException>(() => optimizer.LoadStateDict(Saved()));
        Assert.Equal(0.25, optimizer.LearningRate);
        Assert.DoesNotContain("state.0.step", optimizer.StateDict().Keys);
    }

    private static Tensor Leaf() => AllOptimizers.Leaf(Device.Cpu, 1, 2);

    private static Tensor Wide() => AllOptimizers.Leaf(Device.Cpu, 1, 2, 3);

    /// <summary>The state of an Adam of one parameter of two numbers, or of one more than a number of them, after a step.</summary>
    private static Dictionary<string, Tensor> Saved(int others = 0)
    {
        Tensor[] parameters = [.. Enumerable.Range(0, others + 1).Select(_ => Leaf())];
        var optimizer = new Adam(parameters);
        foreach (var parameter in parameters)
            parameter.Sum().Backward();
        optimizer.Step();
        return optimizer.StateDict();
    }

    private static Dictionary<string, Tensor> Without(string name, Tensor? instead = null)
    {
        var state = Saved();
        state.Remove(name);
        if (instead is not null)
            state[name] = instead;
        return state;
    }
}
