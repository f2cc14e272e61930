using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

/// <summary>Total variation: how much neighbouring pixels differ. Small for pictures of flat regions with sharp edges, large for noise.</summary>
public static class TotalVariation
{
    /// <summary>
    /// The isotropic total variation, the sum over all pixels of sqrt(dx^2 + dy^2 + epsilon) (Rudin, Osher, Fatemi 1992): an edge costs its
    /// length, whichever way it runs. dx and dy are the differences to the right and to the lower neighbour, 0 in the last column and the last row.
    /// </summary>
    /// <param name="images">Images with rows and columns in the last two axes, for example (N, C, H, W); images and channels are summed.</param>
    /// <param name="epsilon">Rounds the kink at 0 off, 0 or more: a flat image has sqrt(epsilon) for each pixel. With 0 the derivative of a flat place is taken as 0.</param>
    /// <returns>A scalar; divide it by the number of images for a mean.</returns>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    /// <exception cref="ArgumentException">A negative epsilon.</exception>
    public static Tensor Isotropic(Tensor images, double epsilon = 1e-6)
    {
        var (across, down) = Differences("TotalVariation.Isotropic", images, epsilon);
        // The missing neighbour of the last column and of the last row counts as an equal one.
        return images.Count == 0 ? across.Sum()
            : Tensor.Zip("TotalVariation", new SmoothLength(epsilon), across.Pad(2, 0, 1), down.Pad(1, 0, 1)).Sum();
    }

    /// <summary>
    /// The anisotropic total variation, the sum over all pixels of sqrt(dx^2 + epsilon) + sqrt(dy^2 + epsilon), where there is such a neighbour: an edge
    /// along the diagonal costs sqrt(2) times its length.
    /// </summary>
    /// <inheritdoc cref="Isotropic" path="/param|/returns|/exception"/>
    public static Tensor Anisotropic(Tensor images, double epsilon = 1e-6)
    {
        var (across, down) = Differences("TotalVariation.Anisotropic", images, epsilon);
        return across.Map(new SmoothMagnitude(epsilon)).Sum() + down.Map(new SmoothMagnitude(epsilon)).Sum();
    }

    /// <summary>Differences to the right neighbour (count, H, W - 1) and to the lower one (count, H - 1, W); of no images nothing.</summary>
    private static (Tensor Across, Tensor Down) Differences(string operation, Tensor images, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(images);
        ShapeCheck.Images(operation, images.Shape);
        ArgumentCheck.NotNegative(operation, "epsilon", epsilon);
        if (images.Count == 0)
            return (images, images);
        var (height, width) = (images.Shape[-2], images.Shape[-1]);
        var x = images.Reshape(-1, height, width);
        return (x.Slice(2, 1, width - 1) - x.Slice(2, 0, width - 1), x.Slice(1, 1, height - 1) - x.Slice(1, 0, height - 1));
    }

    /// <summary>sqrt(a^2 + b^2 + epsilon). Its derivatives are a and b over it; where it is 0 they are taken as 0.</summary>
    internal readonly struct SmoothLength(double epsilon) : IBinaryOperation
    {
        public double Forward(double a, double b) => Math.Sqrt(a * a + b * b + epsilon);
        public double DerivativeLeft(double a, double b) => Share(a, Forward(a, b));
        public double DerivativeRight(double a, double b) => Share(b, Forward(a, b));
        public V Forward(V a, V b) => Vector512.Sqrt(a * a + b * b + Vector512.Create((float)epsilon));
        public V DerivativeLeft(V a, V b) => Share(a, Forward(a, b));
        public V DerivativeRight(V a, V b) => Share(b, Forward(a, b));

        public static double Share(double part, double length) => length == 0 ? 0 : part / length;
        public static V Share(V part, V length) => Vector512.ConditionalSelect(Vector512.Equals(length, V.Zero), V.Zero, part / length);
    }

    /// <summary>sqrt(x^2 + epsilon), a magnitude whose kink at 0 is rounded off.</summary>
    internal readonly struct SmoothMagnitude(double epsilon) : IUnaryOperation
    {
        public double Forward(double x) => new SmoothLength(epsilon).Forward(x, 0);
        public double Derivative(double x, double y) => SmoothLength.Share(x, y);
        public V Forward(V x) => new SmoothLength(epsilon).Forward(x, V.Zero);
        public V Derivative(V x, V y) => SmoothLength.Share(x, y);
    }
}
