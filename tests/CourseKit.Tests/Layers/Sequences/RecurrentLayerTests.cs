namespace CourseKit.Tests;

/// <summary>RNN, LSTM and GRU as a user holds them: running on from a state, directions, dropout, names, memory.</summary>
[Collection(ProcessWide.Name)]
public class RecurrentLayerTests
{
    private static readonly Dictionary<string, Func<bool, RecurrentLayer>> Layers = new()
    {
        ["RNN"] = both => new RNN(3, 5, layers: 2, bidirectional: both, generator: new Generator(1), device: Device.Reference),
        ["GRU"] = both => new GRU(3, 5, layers: 2, bidirectional: both, generator: new Generator(1), device: Device.Reference),
        ["LSTM"] = both => new LSTM(3, 5, layers: 2, bidirectional: both, generator: new Generator(1), device: Device.Reference),
    };

    public static TheoryData<string> Kinds => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_step_at_a_time_gives_what_the_whole_sequence_gives(string kind)
    {
        var layer = Layers[kind](false);
        var x = Drawn([2, 7, 3]);
        var whole = layer.Forward(x);
        Tensor? state = null, cell = null;
        for (var t = 0; t < 7; t++)
        {
            (var output, state, cell) = Run(layer, x.Slice(1, t, 1), state, cell);
            Near.Assert(whole.Slice(1, t, 1).ToDoubleArray(), output.ToDoubleArray(), 1e-14, 1, $"{kind}, step {t}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_later_input_changes_no_earlier_output_in_one_direction_and_changes_them_in_both(string kind)
    {
        var x = Drawn([2, 6, 3]);
        var changed = x + Later(6, from: 4);
        foreach (var both in new[] { false, true })
        {
            var layer = Layers[kind](both);
            var (before, after) = (layer.Forward(x)[.., ..4].ToDoubleArray(), layer.Forward(changed)[.., ..4].ToDoubleArray());
            Assert.Equal(!both, before.SequenceEqual(after));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_last_state_is_where_each_direction_ended(string kind)
    {
        var layer = Layers[kind](true);
        var (output, state, _) = Run(layer, Drawn([2, 6, 3]), null, null); // output (2, 6, 10), state (4, 2, 5)
        Assert.Equal([4, 2, 5], state.Shape);
        Assert.Equal(output.Select(1, 5)[.., ..5].ToDoubleArray(), state.Select(0, 2).ToDoubleArray());
        Assert.Equal(output.Select(1, 0)[.., 5..].ToDoubleArray(), state.Select(0, 3).ToDoubleArray());
    }

    [Fact]
    public void The_second_direction_reads_the_sequence_backwards()
    {
        var both = new GRU(3, 5, bidirectional: true, generator: new Generator(1));
        var one = new GRU(3, 5, generator: new Generator(2));
        var reversed = both.NamedParameters().Where(named => named.Name.EndsWith("_reverse", StringComparison.Ordinal)).Select(named => named.Parameter);
        foreach (var (own, other) in one.Parameters().Zip(reversed))
            own.CopyFrom(other);
        var x = Tensor.Uniform([2, 6, 3], -1, 1, new Generator(3));
        Assert.Equal(one.Forward(x.Flip(1)).Flip(1).ToArray(), both.Forward(x)[.., .., 5..].ToArray());
    }

    [Fact]
    public void Time_first_is_the_same_with_two_axes_exchanged()
    {
        var batchFirst = new LSTM(3, 5, generator: new Generator(1));
        var timeFirst = new LSTM(3, 5, batchFirst: false, generator: new Generator(1));
        var x = Tensor.Uniform([2, 6, 3], -1, 1, new Generator(3));
        Assert.Equal(batchFirst.Forward(x).ToArray(), timeFirst.Forward(x.Transpose(0, 1)).Transpose(0, 1).ToArray());
    }

    [Fact]
    public void Dropout_stands_between_layers_and_only_in_training()
    {
        var x = Tensor.Uniform([2, 6, 3], -1, 1, new Generator(3));
        var layer = new LSTM(3, 5, layers: 2, dropout: 0.5, generator: new Generator(1));
        Assert.NotEqual(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
        layer.Eval();
        Assert.Equal(new LSTM(3, 5, layers: 2, generator: new Generator(1)).Forward(x).ToArray(), layer.Forward(x).ToArray());
        // With all between the layers dropped, the input does not matter any more.
        var deaf = new LSTM(3, 5, layers: 2, dropout: 1, generator: new Generator(1));
        Assert.Equal(deaf.Forward(x).ToArray(), deaf.Forward(x * 2).ToArray());
        // Above the last layer nothing is dropped.
        var single = new LSTM(3, 5, dropout: 0.5, generator: new Generator(1));
        Assert.Equal(single.Forward(x).ToArray(), single.Forward(x).ToArray());
    }

    [Fact]
    public void Parameters_have_the_names_and_shapes_of_PyTorch_in_its_order()
    {
        var lstm = new LSTM(3, 5, layers: 2, bidirectional: true);
        Assert.Equal(
            [
                "weight_ih_l0 20x3", "weight_hh_l0 20x5", "bias_ih_l0 20", "bias_hh_l0 20",
                "weight_ih_l0_reverse 20x3", "weight_hh_l0_reverse 20x5", "bias_ih_l0_reverse 20", "bias_hh_l0_reverse 20",
                "weight_ih_l1 20x10", "weight_hh_l1 20x5", "bias_ih_l1 20", "bias_hh_l1 20",
                "weight_ih_l1_reverse 20x10", "weight_hh_l1_reverse 20x5", "bias_ih_l1_reverse 20", "bias_hh_l1_reverse 20",
            ],
            lstm.NamedParameters().Select(named => $"{named.Name} {named.Parameter.Shape}"));
        Assert.Equal(["weight_ih", "weight_hh"], new GRUCell(3, 5, bias: false).NamedParameters().Select(named => named.Name));
        Assert.Equal("LSTM(3 -> 5, 2 layers, both directions)", lstm.ToString());
    }

    [Fact]
    public void First_weights_fill_their_bounds()
    {
        var gru = new GRU(8, 100, generator: new Generator(1));
        foreach (var parameter in gru.Parameters())
            Assert.InRange(Near.Largest(parameter.ToDoubleArray()), 0.097, 0.1);
    }

    [Fact]
    public void The_gradient_of_an_LSTM_lasts_where_that_of_a_plain_network_vanishes()
    {
        // The forget gates are opened, as is often done at the start; the norm is that of the last output's gradient by the first input.
        var lstm = new LSTM(1, 16, generator: new Generator(1), device: Device.Reference);
        var bias = lstm.NamedParameters().Single(named => named.Name == "bias_ih_l0").Parameter;
        bias.CopyFrom(Tensor.From([.. bias.ToDoubleArray().Select((value, i) => i is >= 16 and < 32 ? 3 : value)], bias.Shape, Device.Reference));
        var rnn = new RNN(1, 16, generator: new Generator(1), device: Device.Reference);
        Assert.True(GradientOfFirst(lstm) > 1e6 * GradientOfFirst(rnn));

        static double GradientOfFirst(RecurrentLayer layer)
        {
            var x = Drawn([1, 50, 1]);
            x.RequiresGrad = true;
            layer.Forward(x)[.., 49..].Sum().Backward();
            return Math.Abs(x.Grad![0, 0, 0]);
        }
    }

    [Fact]
    public void Frozen_parts_get_no_gradient_and_the_rest_the_same_as_before()
    {
        var x = Drawn([2, 4, 3]);
        var (free, frozen) = (Layers["LSTM"](false), Layers["LSTM"](false));
        free.Forward(x).Square().Sum().Backward();
        foreach (var (name, parameter) in frozen.NamedParameters())
            parameter.RequiresGrad = name.StartsWith("weight_hh", StringComparison.Ordinal);
        frozen.Forward(x).Square().Sum().Backward();
        foreach (var ((name, parameter), expected) in frozen.NamedParameters().Zip(free.Parameters()))
            if (name.StartsWith("weight_hh", StringComparison.Ordinal))
                Assert.Equal(expected.Grad!.ToDoubleArray(), parameter.Grad!.ToDoubleArray());
            else
                Assert.Null(parameter.Grad);
    }

    [Fact]
    public void A_summary_counts_the_operations_of_an_LSTM()
    {
        var summary = new LSTM(8, 16).Summary(2, 10, 8);
        Assert.Equal([2, 10, 16], summary.Total.OutputShape);
        // Two products with 4 x 16 gates for each of 20 places, and some operations for each gate.
        var products = 2L * 20 * 64 * (8 + 16);
        Assert.InRange(summary.Total.Flops, products, products + 10 * 20 * 64);
    }

    [Fact]
    public void Training_an_LSTM_over_100_steps_allocates_no_more_than_a_small_network()
    {
        var lstm = new LSTM(4, 16, generator: new Generator(1));
        var optimizer = new SGD(lstm.Parameters(), 0.01);
        var x = Tensor.Uniform([8, 100, 4], -1, 1, new Generator(2));
        Run(50);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);
        var perStep = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.True(perStep < 16 * 1024, $"{perStep} bytes a step");

        void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = new TensorScope();
                optimizer.ZeroGrad();
                lstm.Forward(x).Square().Mean().Backward();
                optimizer.Step();
            }
        }
    }

    private static (Tensor Output, Tensor State, Tensor? Cell) Run(RecurrentLayer layer, Tensor x, Tensor? state, Tensor? cell)
    {
        switch (layer)
        {
            case LSTM lstm:
                var remembered = lstm.Run(x, state, cell);
                return (remembered.Output, remembered.State, remembered.Cell);
            case GRU gru:
                var gated = gru.Run(x, state);
                return (gated.Output, gated.State, null);
            default:
                var plain = ((RNN)layer).Run(x, state);
                return (plain.Output, plain.State, null);
        }
    }

    private static Tensor Drawn(Shape shape) => Tensor.Uniform(shape, -1, 1, new Generator(3), Device.Reference);

    /// <summary>0 before a step, 1 from it on: (1, steps, 1).</summary>
    private static Tensor Later(int steps, int from) => Tensor.From([.. Enumerable.Range(0, steps).Select(t => t < from ? 0.0 : 1)], [1, steps, 1], Device.Reference);
}
