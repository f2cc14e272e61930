using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Broadcasting, for shapes that nobody chose: against the rule written out number by number.</summary>
public class BroadcastingProperties
{
    private sealed record Case(int[] Left, int[] Right, int Seed)
    {
        public override string ToString() => $"{string.Join('x', Left)} with {string.Join('x', Right)}, seed {Seed}";
    }

    /// <summary>Two shapes that fit one another: a common shape of up to four axes, with some lengths set to 1 and some leading axes left out on either side.</summary>
    private static readonly Arbitrary<Case> Cases = Arb.From(
        from rank in Gen.Choose(0, 4)
        from common in Gen.Choose(0, 6).ArrayOf(rank)
        from leftOnes in Gen.Elements(true, false).ArrayOf(rank)
        from rightOnes in Gen.Elements(true, false).ArrayOf(rank)
        from leftSkip in Gen.Choose(0, rank)
        from rightSkip in Gen.Choose(0, rank)
        from seed in Gen.Choose(0, 1000)
        select new Case(
            [.. common.Select((length, axis) => leftOnes[axis] ? 1 : length).Skip(leftSkip)],
            [.. common.Select((length, axis) => rightOnes[axis] ? 1 : length).Skip(rightSkip)],
            seed));

    [Fact]
    public void Every_number_of_the_result_is_made_of_the_numbers_the_rule_names()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(1, 3), Prop.ForAll(Cases, shapes =>
        {
            foreach (var device in Device.All)
            {
                var generator = new Generator((ulong)shapes.Seed);
                var a = Tensor.Uniform(Shape.Create(shapes.Left), -2, 2, generator, device);
                var b = Tensor.Uniform(Shape.Create(shapes.Right), -2, 2, generator, device);
                a.RequiresGrad = b.RequiresGrad = true;
                var y = a * b;
                var upstream = Tensor.Uniform(y.Shape, -2, 2, generator, device);
                y.Backward(upstream);

                var (values, left, right) = Naive(a, b, y.Shape, upstream);
                Near.Assert(values, y.ToDoubleArray(), 1e-6, 1, $"value of {shapes} on {device}");
                Near.Assert(left, a.Grad!.ToDoubleArray(), 1e-5, 1, $"left gradient of {shapes} on {device}");
                Near.Assert(right, b.Grad!.ToDoubleArray(), 1e-5, 1, $"right gradient of {shapes} on {device}");
            }
        }));

    /// <summary>a times b and both gradients, one number after another: an index is counted in the result and, where an operand's axis has length 1, is 0 there.</summary>
    private static (double[] Values, double[] Left, double[] Right) Naive(Tensor a, Tensor b, Shape shape, Tensor upstream)
    {
        var (x, z, g) = (a.ToDoubleArray(), b.ToDoubleArray(), upstream.ToDoubleArray());
        var (values, left, right) = (new double[shape.ElementCount], new double[x.Length], new double[z.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            var (inA, inB) = (Place(a.Shape, i), Place(b.Shape, i));
            values[i] = x[inA] * z[inB];
            left[inA] += g[i] * z[inB];
            right[inB] += g[i] * x[inA];
        }
        return (values, left, right);

        int Place(Shape operand, int index)
        {
            int place = 0, step = 1;
            for (var fromEnd = 1; fromEnd <= shape.Rank; fromEnd++)
            {
                (index, var at) = Math.DivRem(index, shape[-fromEnd]);
                if (fromEnd > operand.Rank)
                    continue;
                place += (operand[-fromEnd] == 1 ? 0 : at) * step;
                step *= operand[-fromEnd];
            }
            return place;
        }
    }
}
