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
        var (across, down, count, height, width) = Differences("TotalVariation.Isotropic", images, epsilon);
        if (images.Count == 0)
            return across.Sum();
        // Most pixels have both neighbours; those of the last row only the right one, those of the last column only the
        // lower one, and the last corner none. Each part is a block of columns, once the axes are joined the right way.
        var inner = (height - 1) * (width - 1);
        var acrossRows = across.Reshape(count, height * (width - 1));
        var downRows = down.Reshape(count * (height - 1), width);
        var both = Tensor.Zip("TotalVariation", new SmoothLength(epsilon),
            acrossRows.Columns(0, inner).Reshape(-1),
            downRows.Columns(0, width - 1).Reshape(-1)).Sum();
        var lastRow = acrossRows.Columns(inner, width - 1).Map(new SmoothMagnitude(epsilon)).Sum();
        var lastColumn = downRows.Columns(width - 1, 1).Map(new SmoothMagnitude(epsilon)).Sum();
        return both + lastRow + lastColumn + count * Math.Sqrt(epsilon);
    }

    /// <summary>
    /// The anisotropic total variation, the sum over all pixels of sqrt(dx^2 + epsilon) + sqrt(dy^2 + epsilon), where there is such a neighbour: an edge
    /// along the diagonal costs sqrt(2) times its length.
    /// </summary>
    /// <inheritdoc cref="Isotropic" path="/param|/returns|/exception"/>
    public static Tensor Anisotropic(Tensor images, double epsilon = 1e-6)
    {
        var (across, down, _, _, _) = Differences("TotalVariation.Anisotropic", images, epsilon);
        return across.Map(new SmoothMagnitude(epsilon)).Sum() + down.Map(new SmoothMagnitude(epsilon)).Sum();
    }

    /// <summary>Differences to the right (count, H, W - 1) and to the lower neighbour (count, H - 1, W), each with all its axes in one row or column block.</summary>
    private static (Tensor Across, Tensor Down, int Count, int Height, int Width) Differences(string operation, Tensor images, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(images);
        ShapeCheck.Images(operation, images.Shape);
        OptimizerCheck.NotNegative(operation, "epsilon", epsilon);
        var (height, width) = (images.Shape[-2], images.Shape[-1]);
        if (images.Count == 0)
            return (images, images, 0, height, width);
        var count = images.Count / (height * width);
        var rows = images.Reshape(count * height, width);
        var pictures = images.Reshape(count, height * width);
        var size = (height - 1) * width;
        return (rows.Columns(1, width - 1) - rows.Columns(0, width - 1), pictures.Columns(width, size) - pictures.Columns(0, size), count, height, width);
    }

    /// <summary>sqrt(a^2 + b^2 + epsilon). Its derivatives are a and b over it; where it is 0 they are taken as 0.</summary>
    private readonly struct SmoothLength(double epsilon) : IBinaryOperation
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
    private readonly struct SmoothMagnitude(double epsilon) : IUnaryOperation
    {
        public double Forward(double x) => new SmoothLength(epsilon).Forward(x, 0);
        public double Derivative(double x, double y) => SmoothLength.Share(x, y);
        public V Forward(V x) => new SmoothLength(epsilon).Forward(x, V.Zero);
        public V Derivative(V x, V y) => SmoothLength.Share(x, y);
    }
}
