using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Laws that activations and losses keep for numbers that nobody chose.</summary>
public class LossProperties
{
    private static readonly Gen<double> Numbers = Gen.Choose(-80_000, 80_000).Select(thousandths => thousandths / 1000.0);

    private static readonly Arbitrary<double[]> Scores = Arb.From(
        from count in Gen.Choose(1, 40)
        from numbers in Numbers.ArrayOf(count)
        select numbers);

    private static void Holds<T>(Arbitrary<T> cases, Action<T> law) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(7, 11), Prop.ForAll(cases, law));

    [Fact]
    public void A_shift_of_all_scores_does_not_change_the_softmax()
        => Holds(Arb.From(from scores in Scores.Generator from shift in Numbers select (scores, shift)), given =>
        {
            foreach (var device in Device.All)
            {
                // A shift rounds each score; in single precision at 160 that is 8e-6.
                var tolerance = device.Precision == 64 ? 1e-12 : 3e-5;
                var x = Tensor.From(given.scores, null, device);
                Near.Assert(x.Softmax().ToDoubleArray(), (x + given.shift).Softmax().ToDoubleArray(), tolerance, 1e-3, $"softmax on {device}");
                Near.Assert(x.LogSoftmax().ToDoubleArray(), (x + given.shift).LogSoftmax().ToDoubleArray(), tolerance, 1, $"log-softmax on {device}");
            }
        });

    [Fact]
    public void Probabilities_of_a_softmax_sum_to_1_and_keep_the_order_of_the_scores()
        => Holds(Scores, scores =>
        {
            foreach (var device in Device.All)
            {
                var p = Tensor.From(scores, [scores.Length, 1], device).Softmax(0).ToDoubleArray();
                Assert.Equal(1, p.Sum(), tolerance: device.Precision == 64 ? 1e-14 : 1e-6);
                var order = Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]).Select(i => p[i]).ToArray();
                Assert.Equal(order.Order(), order);
            }
        });

    [Fact]
    public void The_hyperbolic_tangent_is_a_sigmoid_stretched_and_shifted()
        => Holds(Scores, numbers =>
        {
            foreach (var device in Device.All)
            {
                var z = Tensor.From(numbers, null, device);
                Near.Assert(z.Tanh().ToDoubleArray(), (2 * (2 * z).Sigmoid() - 1).ToDoubleArray(), device.Precision == 64 ? 1e-15 : 4e-7, 1, $"on {device}");
            }
        });

    [Fact]
    public void A_softplus_is_the_difference_of_its_mirror_images()
        => Holds(Scores, numbers =>
        {
            // ln(1 + e^x) - ln(1 + e^-x) = x
            var x = Tensor.From(numbers, null, Device.Reference);
            Near.Assert(numbers, (x.Softplus(1, double.PositiveInfinity) - (-x).Softplus(1, double.PositiveInfinity)).ToDoubleArray(), 1e-15, 1, "x");
        });

    [Fact]
    public void The_divergence_of_two_distributions_is_never_negative_and_0_for_equal_ones()
        => Holds(Arb.From(from count in Gen.Choose(1, 12) from p in Numbers.ArrayOf(count) from q in Numbers.ArrayOf(count) select (p, q)), given =>
        {
            foreach (var device in Device.All)
            {
                var rounding = device.Precision == 64 ? 1e-13 : 1e-5;
                var p = Tensor.From(given.p, null, device) / 8;
                var q = Tensor.From(given.q, null, device) / 8;
                var loss = new KLDivLoss(Reduction.Sum);
                Assert.True(loss.Forward(q.LogSoftmax(), p.Softmax()).Item() >= -rounding);
                Assert.Equal(0, loss.Forward(p.LogSoftmax(), p.Softmax()).Item(), tolerance: rounding);
                Assert.Equal(0, new KLDivLoss(Reduction.Sum, logTarget: true).Forward(p.LogSoftmax(), p.LogSoftmax()).Item());
            }
        });

    [Fact]
    public void Cross_entropy_is_entropy_plus_divergence()
        => Holds(Arb.From(from count in Gen.Choose(1, 12) from p in Numbers.ArrayOf(count) from q in Numbers.ArrayOf(count) select (p, q)), given =>
        {
            var (scoresOfP, scoresOfQ) = (Tensor.From(given.p, [1, given.p.Length], Device.Reference) / 8, Tensor.From(given.q, [1, given.q.Length], Device.Reference) / 8);
            var p = scoresOfP.Softmax();
            var cross = new CrossEntropyLoss().Forward(scoresOfQ, p).Item();
            var entropy = new CrossEntropyLoss().Forward(scoresOfP, p).Item();
            var divergence = new KLDivLoss(Reduction.BatchMean).Forward(scoresOfQ.LogSoftmax(), p).Item();
            Assert.Equal(entropy + divergence, cross, tolerance: 1e-13 * (1 + cross));
        });

    [Fact]
    public void The_general_robust_loss_is_continuous_in_its_shape_and_falls_with_it()
        => Holds(Arb.From(from shape in Gen.Choose(-4000, 4000) from error in Numbers select (Alpha: shape / 1000.0, Error: error)), given =>
        {
            var (at, slopeAt) = Barron(given.Alpha, given.Error);
            foreach (var step in new[] { -1e-9, 1e-9 })
            {
                var (near, slopeNear) = Barron(given.Alpha + step, given.Error);
                Assert.Equal(at, near, tolerance: 1e-6 * Math.Abs(at) + 1e-12);
                Assert.Equal(slopeAt, slopeNear, tolerance: 1e-6 * Math.Abs(slopeAt) + 1e-12);
            }
            Assert.True(Barron(given.Alpha - 0.01, given.Error).Value <= at * (1 + 1e-12));

            static (double Value, double Slope) Barron(double alpha, double error)
            {
                var x = Tensor.Scalar(error, Device.Reference);
                x.RequiresGrad = true;
                var loss = new BarronLoss(alpha, 1.5).Forward(x, Tensor.Scalar(0, Device.Reference));
                loss.Backward();
                return (loss.Item(), x.Grad!.Item());
            }
        });

    [Fact]
    public void The_gradient_of_binary_cross_entropy_with_logits_is_probability_minus_label()
        => Holds(Scores, logits =>
        {
            foreach (var device in Device.All)
            {
                var z = Tensor.From(logits, null, device);
                var y = Tensor.From([.. logits.Select((_, i) => i % 2.0)], null, device);
                z.RequiresGrad = true;
                new BCEWithLogitsLoss(Reduction.Sum).Forward(z, y).Backward();
                Near.Assert((z.Detach().Sigmoid() - y).ToDoubleArray(), z.Grad!.ToDoubleArray(), 1e-7, 1, $"on {device}");
            }
        });
}
