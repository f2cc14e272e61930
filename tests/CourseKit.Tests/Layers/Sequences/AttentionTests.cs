using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>What attention promises: order does not matter without positions, the future is hidden, masks hide, weights sum to 1.</summary>
public class AttentionTests
{
    private static readonly Config Replayed = Config.QuickThrowOnFailure.WithReplay(20_170_612, 1).WithMaxTest(50);

    [Fact]
    public void Attention_without_positions_does_not_care_about_the_order()
        => Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<int>(), (length, seed) =>
        {
            var generator = new Generator((ulong)seed);
            var places = length.Get % 20 + 1;
            var layer = new TransformerEncoderLayer(8, 2, 16, dropout: 0, generator: generator, device: Device.Reference);
            var x = Tensor.Normal([2, places, 8], generator: generator, device: Device.Reference);
            var order = IntTensor.From(generator.Permutation(places));
            Near.Assert(layer.Forward(x).IndexSelect(1, order).ToDoubleArray(), layer.Forward(x.IndexSelect(1, order)).ToDoubleArray(), 1e-12, 1, $"{places} places");
        }).Check(Replayed);

    [Fact]
    public void With_positions_the_order_matters()
    {
        var layer = new TransformerEncoderLayer(8, 2, 16, dropout: 0, generator: new Generator(1));
        var positions = new PositionalEncoding(8, 10);
        var x = Tensor.Normal([1, 5, 8], generator: new Generator(2));
        var same = layer.Forward(positions.Forward(x)).Flip(1).ToArray();
        var turned = layer.Forward(positions.Forward(x.Flip(1))).ToArray();
        Assert.Contains(same.Zip(turned), pair => Math.Abs(pair.First - pair.Second) > 0.01);
    }

    [Fact]
    public void In_a_causal_encoder_a_later_place_changes_no_earlier_output()
        => Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<PositiveInt>(), (length, at) =>
        {
            var generator = new Generator((ulong)(length.Get * 31 + at.Get));
            var places = length.Get % 12 + 2;
            var changed = at.Get % (places - 1) + 1;
            var encoder = new TransformerEncoder([new(8, 2, 16, dropout: 0, normFirst: true, generator: generator), new(8, 4, 16, dropout: 0, generator: generator)]);
            var x = Tensor.Normal([2, places, 8], generator: generator);
            var other = Tensor.Concatenate(1, x[.., ..changed], Tensor.Normal([2, places - changed, 8], generator: generator));
            var (before, after) = (encoder.Forward(x, isCausal: true), encoder.Forward(other, isCausal: true));
            Assert.Equal(before[.., ..changed].ToArray(), after[.., ..changed].ToArray());
            Assert.NotEqual(before[.., changed..].ToArray(), after[.., changed..].ToArray());
        }).Check(Replayed);

    [Fact]
    public void Attention_is_softmax_of_scaled_products_times_the_values()
    {
        // Written out with loops, from the definition.
        var (q, k, v) = (Drawn([3, 4], 1), Drawn([5, 4], 2), Drawn([5, 2], 3));
        var expected = new double[3 * 2];
        for (var t = 0; t < 3; t++)
        {
            var scores = Enumerable.Range(0, 5).Select(s => Math.Exp(Enumerable.Range(0, 4).Sum(i => q[t, i] * k[s, i]) / 2)).ToArray();
            for (var j = 0; j < 2; j++)
                expected[t * 2 + j] = Enumerable.Range(0, 5).Sum(s => scores[s] * v[s, j]) / scores.Sum();
        }
        Near.Assert(expected, q.ScaledDotProductAttention(k, v).ToDoubleArray(), 1e-14, 1, "attention");
    }

    [Fact]
    public void Weights_sum_to_1_over_what_may_be_seen_and_are_0_elsewhere()
    {
        var attention = new MultiHeadAttention(8, 2, generator: new Generator(1));
        var x = Tensor.Normal([2, 4, 8], generator: new Generator(2));
        var mask = Tensor.From([0.0, 0, 1, 0, 1, 0, 0, 0], [2, 1, 4]); // the third place of example 0, the first of example 1
        var weights = attention.Attend(x, x, x, mask).Weights; // (2, 2, 4, 4)
        Assert.Equal([2, 2, 4, 4], weights.Shape);
        Assert.All(weights.Sum(-1).ToArray(), sum => Assert.Equal(1, sum, 1e-6));
        for (var head = 0; head < 2; head++)
            for (var t = 0; t < 4; t++)
                Assert.Equal((0.0, 0.0), (weights[0, head, t, 2], weights[1, head, t, 0]));
        // A number that no place sees has no influence.
        var changed = Tensor.Concatenate(1, x[.., ..2], x[.., 2..3] + Tensor.From([5.0, 0], [2, 1, 1]), x[.., 3..]);
        Assert.Equal(attention.Forward(x, mask)[..1, ..2].ToArray(), attention.Forward(changed, mask)[..1, ..2].ToArray());
    }

    [Fact]
    public void A_query_that_may_look_at_nothing_gets_0_and_no_NaN()
    {
        foreach (var device in Device.All)
        {
            var (q, k, v) = (Drawn([2, 3], 1, device), Drawn([4, 3], 2, device), Drawn([4, 3], 3, device));
            foreach (var tensor in new[] { q, k, v })
                tensor.RequiresGrad = true;
            var mask = Tensor.From([1.0, 1, 1, 1, 0, 1, 0, 0], [2, 4], device);
            var seen = q.ScaledDotProductAttention(k, v, mask);
            Assert.Equal([0, 0, 0], seen.Select(0, 0).ToDoubleArray());
            seen.Square().Sum().Backward();
            Assert.Equal([0, 0, 0], q.Grad!.Select(0, 0).ToDoubleArray());
            Assert.All(new[] { q, k, v }, tensor => Assert.All(tensor.Grad!.ToDoubleArray(), number => Assert.True(double.IsFinite(number))));
        }
    }

    [Fact]
    public void A_mask_of_0_and_minus_infinity_hides_as_it_does_in_PyTorch()
    {
        var (q, k) = (Drawn([2, 3], 1), Drawn([4, 3], 2));
        var ones = Tensor.From([0.0, 1, 0, 0, 1, 0, 0, 1], [2, 4], Device.Reference);
        var infinities = Tensor.From([0, double.NegativeInfinity, 0, 0, double.NegativeInfinity, 0, 0, double.NegativeInfinity], [2, 4], Device.Reference);
        foreach (var isCausal in new[] { false, true })
            Assert.Equal(q.AttentionWeights(k, ones, isCausal).ToDoubleArray(), q.AttentionWeights(k, infinities, isCausal).ToDoubleArray());
    }

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        var x = Tensor.Normal([2, 4, 8], generator: new Generator(2));
        var layer = new TransformerEncoderLayer(8, 2, 16, generator: new Generator(1));
        Assert.NotEqual(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
        layer.Eval();
        Assert.Equal(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
        Assert.Equal(new TransformerEncoderLayer(8, 2, 16, dropout: 0, generator: new Generator(1)).Forward(x).ToArray(), layer.Forward(x).ToArray());
    }

    [Fact]
    public void Parameters_have_the_names_of_PyTorch_in_its_order()
    {
        Assert.Equal(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], new MultiHeadAttention(4, 2).NamedParameters().Select(named => named.Name));
        var decoder = new TransformerDecoderLayer(4, 2, 8);
        Assert.Equal(
            [
                "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias",
                "multihead_attn.in_proj_weight", "multihead_attn.in_proj_bias", "multihead_attn.out_proj.weight", "multihead_attn.out_proj.bias",
                "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias",
                "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "norm3.weight", "norm3.bias",
            ],
            decoder.NamedParameters().Select(named => named.Name));
        var encoder = new TransformerEncoder([new(4, 2, 8), new(4, 2, 8)], new LayerNorm(4));
        Assert.Contains("layers.1.self_attn.in_proj_weight", encoder.NamedParameters().Select(named => named.Name));
        Assert.Contains("norm.bias", encoder.NamedParameters().Select(named => named.Name));
        // BERT base has 12 such layers of width 768.
        Assert.Equal(7_087_872, new TransformerEncoderLayer(768, 12, 3072).ParameterCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_encoder_tells_who_looks_where_in_each_of_its_layers(bool normFirst)
    {
        var generator = new Generator(1);
        TransformerEncoderLayer[] layers = [new(8, 2, 16, normFirst: normFirst, generator: generator), new(8, 4, 16, normFirst: normFirst, generator: generator)];
        var encoder = new TransformerEncoder(layers).Eval();
        var x = Tensor.Normal([2, 5, 8], generator: generator);
        var weights = ((TransformerEncoder)encoder).AttentionWeights(x, isCausal: true);
        Assert.Equal(["2x2x5x5", "2x4x5x5"], weights.Select(of => of.Shape.ToString()));
        // The second layer's, from its parts: what the first layer gives, normalized first or not, into its attention.
        var seen = layers[0].Forward(x, isCausal: true);
        if (normFirst)
            seen = Part("norm1").Forward(seen);
        Assert.Equal(((MultiHeadAttention)Part("self_attn")).Attend(seen, seen, seen, isCausal: true).Weights.ToArray(), weights[1].ToArray());
        Assert.NotEqual(0, weights[1][0, 0, 4, 3]);
        Assert.Equal(0, weights[1][0, 0, 3, 4]);

        Module Part(string name) => layers[1].Parts.Single(part => part.Name == name).Part;
    }

    [Fact]
    public void Positions_are_sines_and_cosines_of_growing_wavelength()
    {
        var table = PositionalEncoding.Table(50, 8, Device.Reference);
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1], table.Select(0, 0).ToDoubleArray());
        Near.Assert([Math.Sin(7), Math.Cos(7), Math.Sin(0.7), Math.Cos(0.7), Math.Sin(0.07), Math.Cos(0.07), Math.Sin(0.007), Math.Cos(0.007)], table.Select(0, 7).ToDoubleArray(), 1e-13, 1, "position 7");
        // How alike two positions are depends on their distance only.
        Near.Assert([table.Select(0, 3).Dot(table.Select(0, 10)).Item()], [table.Select(0, 33).Dot(table.Select(0, 40)).Item()], 1e-12, 1, "distance 7");
    }

    [Fact]
    public void A_summary_counts_the_products_of_attention()
    {
        var summary = new MultiHeadAttention(8, 2).Summary(3, 5, 8);
        // Four projections of 8 to 8 for 15 places; 5 x 5 scores of width 4 and their mixtures, for 3 examples and 2 heads.
        var products = 2L * (4 * 15 * 8 * 8 + 2 * 3 * 2 * 5 * 5 * 4);
        Assert.InRange(summary.Total.Flops, products, 1.2 * products);
    }

    private static Tensor Drawn(Shape shape, ulong seed, Device? device = null) => Tensor.Normal(shape, generator: new Generator(seed), device: device ?? Device.Reference);
}
