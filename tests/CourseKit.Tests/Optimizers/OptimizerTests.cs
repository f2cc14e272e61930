namespace CourseKit.Tests;

/// <summary>What holds for every optimizer: rules against a plain computation, devices alike, groups, NaN, state saved and restored.</summary>
public class OptimizerTests
{
    public static TheoryData<string> Names => AllOptimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_CPU_takes_the_steps_of_the_reference_device(string name)
    {
        // Around one vector of 16 numbers, and enough for three of the chunks that threads share out.
        foreach (var count in new[] { 1, 15, 16, 17, 70_001 })
        {
            var (exact, single) = (Run(Device.Reference), Run(Device.Cpu));
            Near.Assert(exact, single, 1e-5, 1, $"{name}, {count} numbers");

            double[] Run(Device device)
            {
                var w = Tensor.Uniform([count], -1, 1, new Generator(1), device);
                w.RequiresGrad = true;
                var optimizer = AllOptimizers.Of(name, [w], 0.05);
                for (var step = 0; step < 5; step++)
                {
                    optimizer.ZeroGrad();
                    // Gradients of 0.1 and more: where one is near 0, an adaptive step magnifies its rounding error.
                    w.Backward(Tensor.From([.. Enumerable.Range(0, count).Select(i => (double)(float)((0.1 + 0.01 * (i * 7 % 31)) * ((i + step) % 3 - 0.5)))], [count], device));
                    optimizer.Step();
                }
                return w.ToDoubleArray();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_that_goes_on_from_a_saved_state_gives_the_bits_of_training_that_never_stopped(string name)
    {
        foreach (var device in Device.All)
        {
            var (straight, x, y) = AllOptimizers.Network(device);
            var optimizer = AllOptimizers.Of(name, straight.Parameters(), 0.01);
            AllOptimizers.Train(straight, x, y, optimizer, 7);
            var state = optimizer.StateDict();
            var parameters = straight.NamedParameters().ToDictionary(named => named.Name, named => named.Parameter.Clone());
            AllOptimizers.Train(straight, x, y, optimizer, 6); // must not change what was saved

            var (resumed, _, _) = AllOptimizers.Network(device);
            foreach (var (path, parameter) in resumed.NamedParameters())
                parameter.CopyFrom(parameters[path]);
            var other = AllOptimizers.Of(name, resumed.Parameters(), 0.5); // the saved rate replaces this one
            other.LoadStateDict(state);
            Assert.Equal(0.01, other.LearningRate);
            AllOptimizers.Train(resumed, x, y, other, 6);

            foreach (var (expected, found) in straight.Parameters().Zip(resumed.Parameters()))
                Assert.Equal(expected.ToDoubleArray(), found.ToDoubleArray());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_that_is_not_a_number_makes_its_own_number_NaN_and_no_other(string name)
    {
        foreach (var device in Device.All)
        {
            var w = AllOptimizers.Leaf(device, 1, 2, 3);
            var optimizer = AllOptimizers.Of(name, [w], 0.1);
            w.Backward(Tensor.From([1.0, double.NaN, 1], null, device));
            optimizer.Step();
            Assert.Equal([false, true, false], w.ToDoubleArray().Select(double.IsNaN));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parameter_without_a_gradient_and_one_without_numbers_are_left_alone(string name)
    {
        foreach (var device in Device.All)
        {
            var (used, unused, empty) = (AllOptimizers.Leaf(device, 1), AllOptimizers.Leaf(device, 5), AllOptimizers.Leaf(device));
            var optimizer = AllOptimizers.Of(name, [used, unused, empty], 0.1);
            (used.Sum() + empty.Sum()).Backward();
            optimizer.Step();
            Assert.NotEqual(1, used[0]);
            Assert.Equal(5, unused[0]);
            Assert.DoesNotContain("state.1.step", optimizer.StateDict().Keys);
        }
    }

    [Fact]
    public void A_state_names_what_is_remembered_as_PyTorch_does()
    {
        var w = AllOptimizers.Leaf(Device.Cpu, 1, 2);
        Assert.Equal(["groups.0.lr", "groups.0.weight_decay", "state.0.exp_avg", "state.0.exp_avg_sq", "state.0.step"], KeysOf(new Adam([w])));
        Assert.Equal(["groups.0.lr", "groups.0.weight_decay", "state.0.momentum_buffer", "state.0.step"], KeysOf(new SGD([w], 0.1, momentum: 0.5)));
        Assert.Equal(["groups.0.lr", "groups.0.weight_decay", "state.0.step"], KeysOf(new SGD([w], 0.1)));
        Assert.Equal(["groups.0.lr", "groups.0.weight_decay", "state.0.grad_avg", "state.0.square_avg", "state.0.step"], KeysOf(new RMSprop([w], centered: true)));

        IEnumerable<string> KeysOf(Optimizer optimizer)
        {
            w.Backward(Tensor.From([1.0, 1]));
            optimizer.Step();
            return optimizer.StateDict().Keys.Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    public void Groups_have_rates_and_decays_of_their_own_and_take_the_rest_from_the_optimizer()
    {
        var (a, b) = (AllOptimizers.Leaf(Device.Reference, 1), AllOptimizers.Leaf(Device.Reference, 1));
        var optimizer = new SGD([new ParameterGroup([a], learningRate: 0.5), new ParameterGroup([b], weightDecay: 2)], learningRate: 0.1, weightDecay: 1);
        Assert.Equal([(0.5, 1), (0.1, 2)], optimizer.Groups.Select(group => (group.LearningRate, group.WeightDecay)));
        Assert.Equal([a, b], optimizer.Parameters);
        Assert.Equal(0.5, optimizer.LearningRate);
        (a.Sum() + b.Sum()).Backward();
        optimizer.Step();
        Assert.Equal(1 - 0.5 * (1 + 1), a[0], 1e-15);
        Assert.Equal(1 - 0.1 * (1 + 2), b[0], 1e-15);
        optimizer.LearningRate = 0.25;
        Assert.All(optimizer.Groups, group => Assert.Equal(0.25, group.LearningRate));
    }

    [Fact]
    public void Weights_decay_and_biases_do_not_where_they_are_parted()
    {
        var model = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
        var groups = ParameterGroup.WeightsAndBiases(model, 0.5);
        Assert.Equal([model.Parameters()[0], model.Parameters()[2]], groups[0].Parameters);
        Assert.Equal([model.Parameters()[1], model.Parameters()[3]], groups[1].Parameters);
        Assert.Equal([0.5, 0], new SGD(groups, 0.1, weightDecay: 7).Groups.Select(group => group.WeightDecay));
    }

    [Fact]
    public void Momentum_as_an_average_takes_the_steps_of_PyTorch_with_the_rate_divided_by_1_minus_beta()
    {
        foreach (var beta in new[] { 0.5, 0.9, 0.99 })
            foreach (var nesterov in new[] { false, true })
            {
                const double Alpha = 0.01;
                var sum = Path(w => new SGD([w], Alpha, beta, nesterov: nesterov));
                var average = Path(w => new SGD([w], Alpha / (1 - beta), beta, nesterov: nesterov, form: MomentumForm.Average));
                Near.Assert(sum, average, 1e-12, 1, $"beta {beta}, nesterov {nesterov}");
                // With the same rate they differ: the equality above says something.
                Assert.NotEqual(sum[0], Path(w => new SGD([w], Alpha, beta, nesterov: nesterov, form: MomentumForm.Average))[0], 1e-3);
            }

        static double[] Path(Func<Tensor, Optimizer> make)
        {
            var w = AllOptimizers.Leaf(Device.Reference, 1, -2, 3);
            var optimizer = make(w);
            for (var step = 0; step < 20; step++)
            {
                optimizer.ZeroGrad();
                (w.Square().Sum() + w.Tanh().Sum()).Backward();
                optimizer.Step();
            }
            return w.ToDoubleArray();
        }
    }

    [Fact]
    public void Nesterov_holds_the_look_ahead_points_of_the_lectures_form()
    {
        const double Rate = 0.05, Mu = 0.9;
        var w = AllOptimizers.Leaf(Device.Reference, 1.5);
        var optimizer = new SGD([w], Rate, Mu, nesterov: true);
        var (position, velocity) = (1.5, 0.0);
        for (var step = 0; step < 30; step++)
        {
            // The gradient at the look-ahead point, then the step from where one was.
            var ahead = position - Rate * Mu * velocity;
            Assert.Equal(ahead, w[0], 1e-13);
            velocity = Mu * velocity + GradientAt(ahead);
            position -= Rate * velocity;

            optimizer.ZeroGrad();
            (w.Square().Sum() + w.Tanh().Sum()).Backward();
            optimizer.Step();
        }

        static double GradientAt(double x) => 2 * x + 1 - Math.Tanh(x) * Math.Tanh(x);
    }

    [Fact]
    public void Epsilon_stands_outside_the_root_or_inside_as_asked()
    {
        const double G = 0.5, Rate = 0.1, Epsilon = 0.3;
        Assert.Equal(G / (G + Epsilon), Moved(w => new Adagrad([w], Rate, epsilon: Epsilon)), 1e-14);
        Assert.Equal(G / Math.Sqrt(G * G + Epsilon), Moved(w => new Adagrad([w], Rate, epsilon: Epsilon, placement: EpsilonPlacement.InsideRoot)), 1e-14);
        const double S = 0.25 * G * G; // (1 - alpha) g^2
        Assert.Equal(G / (Math.Sqrt(S) + Epsilon), Moved(w => new RMSprop([w], Rate, 0.75, Epsilon)), 1e-14);
        Assert.Equal(G / Math.Sqrt(S + Epsilon), Moved(w => new RMSprop([w], Rate, 0.75, Epsilon, placement: EpsilonPlacement.InsideRoot)), 1e-14);
        Assert.Equal(G / (G + Epsilon), Moved(w => new Adam([w], Rate, epsilon: Epsilon)), 1e-14);
        Assert.Equal(G / Math.Sqrt(G * G + Epsilon), Moved(w => new Adam([w], Rate, epsilon: Epsilon, placement: EpsilonPlacement.InsideRoot)), 1e-14);

        static double Moved(Func<Tensor, Optimizer> make)
        {
            var w = AllOptimizers.Leaf(Device.Reference, 2);
            var optimizer = make(w);
            (w * G).Sum().Backward();
            optimizer.Step();
            return (2 - w[0]) / Rate;
        }
    }

    [Fact]
    public void Adam_without_bias_correction_begins_with_steps_that_are_too_large()
    {
        // m = (1 - beta1) g and v = (1 - beta2) g^2 after one step: 0.1 / sqrt(0.001) = 3.16 times the corrected step.
        var w = AllOptimizers.Leaf(Device.Reference, 0);
        var optimizer = new Adam([w], 0.001, epsilon: 0, biasCorrection: false);
        (w * 7).Sum().Backward();
        optimizer.Step();
        Assert.Equal(-0.001 * 0.1 / Math.Sqrt(0.001), w[0], 1e-12);
    }

    [Fact]
    public void AdamW_decays_a_weight_whose_gradient_is_0_and_Adam_divides_its_decay_away()
    {
        var (w, v) = (AllOptimizers.Leaf(Device.Reference, 4), AllOptimizers.Leaf(Device.Reference, 4));
        var (decoupled, coupled) = (new AdamW([w], 0.1, weightDecay: 0.5), new Adam([v], 0.1, weightDecay: 0.5));
        (w * 0 + v * 0).Sum().Backward();
        decoupled.Step();
        coupled.Step();
        Assert.Equal(4 * (1 - 0.1 * 0.5), w[0], 1e-14);
        Assert.Equal(4 - 0.1, v[0], 1e-8); // a whole step, however small the decay
    }

    [Fact]
    public void Weight_decay_of_SGD_is_the_gradient_of_the_L2_penalty_of_half_of_it()
    {
        Assert.Equal(Path(weightDecay: 0.3, penalty: 0), Path(weightDecay: 0, penalty: 0.15), (a, b) => Math.Abs(a - b) < 1e-14);

        static double[] Path(double weightDecay, double penalty)
        {
            var w = AllOptimizers.Leaf(Device.Reference, 1, -2, 3);
            var optimizer = new SGD([w], 0.1, 0.5, weightDecay);
            for (var step = 0; step < 5; step++)
            {
                optimizer.ZeroGrad();
                (w.Tanh().Sum() + Penalties.L2([w], penalty)).Backward();
                optimizer.Step();
            }
            return w.ToDoubleArray();
        }
    }
}
