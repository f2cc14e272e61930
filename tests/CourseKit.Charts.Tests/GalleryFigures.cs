namespace CourseKit.Charts.Tests;

/// <summary>Every kind of figure the library makes, each small and from real computations: one line here, and all gallery tests hold for it.</summary>
internal static partial class GalleryFigures
{
    public static IReadOnlyDictionary<string, Func<Figure>> All { get; } = new Dictionary<string, Func<Figure>>
    {
        ["computation graph"] = () => TeachingFigures.ComputationGraph(ToyLoss(out var names), gradients: true, names),
    };

    /// <summary>The toy function b3 + w3 cos(b2 + w2 exp(b1 + w1 sin(b0 + w0 x))) and its squared error.</summary>
    private static Tensor ToyLoss(out (string, Tensor)[] names)
    {
        Tensor Leaf(double value)
        {
            Tensor leaf = Tensor.Scalar(value, Device.Reference);
            leaf.RequiresGrad = true;
            return leaf;
        }
        Tensor x = Tensor.Scalar(2.3, Device.Reference);
        Tensor[] b = [Leaf(1), Leaf(2), Leaf(3), Leaf(0.4)], w = [Leaf(0.1), Leaf(-0.2), Leaf(0.3), Leaf(-2)];
        Tensor f = b[3] + (w[3] * (b[2] + (w[2] * (b[1] + (w[1] * (b[0] + (w[0] * x)).Sin())).Exp())).Cos());
        Tensor loss = (f - 2).Square();
        names = [("x", x), .. b.Select((leaf, i) => ($"b{i}", leaf)), .. w.Select((leaf, i) => ($"w{i}", leaf)), ("f", f), ("loss", loss)];
        return loss;
    }
}
