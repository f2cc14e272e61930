using System.Collections.Concurrent;
using System.Globalization;

namespace CourseKit;

/// <summary>
/// The parallel-beam Radon transform: from an image to its sinogram, the integrals along parallel rays from many angles
/// (views), as a computed tomograph measures them. A linear operator, differentiable, with its exact adjoint
/// <see cref="BackProjection"/>, and <see cref="FilteredBackProjection"/> as its approximate inverse.
/// </summary>
/// <remarks>
/// <para>
/// Geometry. The unit of length is the pixel. The centre of the image is the origin; x points right along a row of the
/// image, y up (against the order of the rows). In the view at angle a a ray is the line x cos a + y sin a = t, where t is
/// its detector's place: detector d of D has its centre at t = (d - (D - 1)/2) spacing. So at 0 degrees the rays are
/// vertical and a view holds the sums of the columns, from left to right; at 90 degrees it holds the sums of the rows,
/// from the lowest to the highest. A value is attenuation per pixel, so a measured number is attenuation along a whole ray.
/// </para>
/// <para>
/// Each pixel is a square of constant value and a detector measures the mean over its width, so a weight is the area that
/// a pixel and a strip have in common, divided by the strip's width (Kak and Slaney 1988, chapter 7). A square's shadow is
/// a trapezoid, whose integral is known in closed form (Long, Fessler, Balter 2010 for the same idea in 3-D). Unlike
/// interpolation along rays or between detectors, each view holds the whole mass of the image, and a constant sinogram is
/// projected back evenly at every angle, without ripples.
/// </para>
/// <para>
/// The weights are one <see cref="SparseMatrix"/> of about 2.3 weights of 8 bytes for each pixel and view, made once for a
/// geometry while anyone uses it: 47 MB for 256 x 256 pixels and 40 views, 214 MB for 180 views; the transpose, made at the
/// first back-projection or backward pass, as much again.
/// </para>
/// </remarks>
/// <example><code>
/// var radon = new RadonTransform(size: 128, views: 40);
/// var sinogram = radon.Forward(image);                // (128, 128) to (40, 182)
/// var picture = radon.FilteredBackProjection(sinogram);
/// </code></example>
public sealed class RadonTransform : Module
{
    // A notebook that runs its cells again asks for the same geometry again; nobody keeps one that is no longer used.
    private static readonly ConcurrentDictionary<string, WeakReference<SparseMatrix>> Known = [];

    private readonly double[] angles;

    /// <summary>Views spread evenly over 180 degrees: at 0, 180/views, 2 180/views, ...</summary>
    /// <param name="size">Rows and columns of the image.</param>
    /// <param name="views">The number of angles.</param>
    /// <param name="detectors">Detectors in a view; by default as many as cover the image's diagonal, so that no view misses a corner.</param>
    /// <param name="spacing">The width of a detector and its distance to the next, in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public RadonTransform(int size, int views, int? detectors = null, double spacing = 1)
        : this(size, EvenAngles(views), detectors, spacing)
    {
    }

    /// <summary>Views at the given angles.</summary>
    /// <param name="size">Rows and columns of the image.</param>
    /// <param name="anglesInDegrees">The angle of each view.</param>
    /// <param name="detectors">Detectors in a view; by default as many as cover the image's diagonal.</param>
    /// <param name="spacing">The width of a detector and its distance to the next, in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="ArgumentException">No angle, or one that is not finite.</exception>
    public RadonTransform(int size, IReadOnlyList<double> anglesInDegrees, int? detectors = null, double spacing = 1)
    {
        ArgumentNullException.ThrowIfNull(anglesInDegrees);
        ShapeCheck.Tomograph(size, anglesInDegrees, detectors, spacing);
        (Size, Spacing, angles) = (size, spacing, [.. anglesInDegrees]);
        Detectors = detectors ?? DetectorsThatCover(size, spacing);
        ShapeCheck.TomographDetectors(Views, Detectors, spacing);
        Matrix = MatrixFor(Size, angles, Detectors, Spacing);
    }

    /// <summary>Rows and columns of the image.</summary>
    public int Size { get; }

    /// <summary>The number of angles.</summary>
    public int Views => angles.Length;

    /// <summary>Detectors in a view.</summary>
    public int Detectors { get; }

    /// <summary>The width of a detector, in pixels.</summary>
    public double Spacing { get; }

    /// <summary>The angle of each view.</summary>
    public IReadOnlyList<double> AnglesInDegrees => angles;

    /// <summary>The operator as a matrix: a row for each view and detector, a column for each pixel.</summary>
    public SparseMatrix Matrix { get; }

    /// <summary>The sinogram of an image: from (..., size, size) to (..., views, detectors), each number the integral along one ray.</summary>
    /// <exception cref="ShapeException">The last two axes are not those of the image.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.TomographInput("RadonTransform", "images", input.Shape, Size, Size);
        return Apply(input, transpose: false, Views, Detectors);
    }

    /// <summary>
    /// The adjoint of <see cref="Forward"/>: every measured number is added to all pixels of its ray, from (..., views, detectors)
    /// to (..., size, size). The gradient of |forward(x) - y|^2 / 2 is the back-projection of forward(x) - y. It is no inverse:
    /// the picture is blurred, see <see cref="FilteredBackProjection"/>.
    /// </summary>
    /// <exception cref="ShapeException">The last two axes are not views and detectors.</exception>
    public Tensor BackProjection(Tensor sinogram)
    {
        ArgumentNullException.ThrowIfNull(sinogram);
        ShapeCheck.TomographInput("BackProjection", "sinograms", sinogram.Shape, Views, Detectors);
        return Apply(sinogram, transpose: true, Size, Size);
    }

    /// <summary>
    /// The image of a sinogram by filtered back-projection (Ramachandran and Lakshminarayanan 1971; Kak and Slaney 1988,
    /// chapter 3): each view is filtered by <see cref="Filter"/> and projected back, weighted by the angle it stands for
    /// (pi/views where they are spread evenly over 180 degrees). Few views leave streaks. With many, flat regions come back
    /// right and detail is softened as by a Gaussian of standard deviation 0.58 pixels (spacing 1): the width of a pixel and
    /// of a detector, on the way there and back. From (..., views, detectors) to (..., size, size), differentiable.
    /// </summary>
    /// <param name="sinogram">What was measured.</param>
    /// <param name="filter">The filter; a smoother one damps noise and blurs edges.</param>
    /// <exception cref="ShapeException">The last two axes are not views and detectors.</exception>
    public Tensor FilteredBackProjection(Tensor sinogram, RampFilter filter = RampFilter.RamLak)
    {
        ArgumentNullException.ThrowIfNull(sinogram);
        ShapeCheck.TomographInput("FilteredBackProjection", "sinograms", sinogram.Shape, Views, Detectors);
        // A pixel's weights at the detectors of a view add up to 1 / spacing.
        var weights = Tensor.From([.. AngleOfEachView().Select(angle => angle * Spacing)], [Views, 1], sinogram.Device);
        return BackProjection(Filter(sinogram, filter) * weights);
    }

    /// <summary>A sinogram with each view filtered by a ramp: every frequency times its magnitude, in cycles per pixel. The first half of filtered back-projection, to be looked at.</summary>
    /// <exception cref="ShapeException">The last axis does not hold the detectors.</exception>
    public Tensor Filter(Tensor sinogram, RampFilter filter = RampFilter.RamLak)
    {
        ArgumentNullException.ThrowIfNull(sinogram);
        ShapeCheck.TomographInput("Filter", "sinograms", sinogram.Shape, Views, Detectors);
        return sinogram.FilterRows(new RowFilter(Detectors, Spacing, filter));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"RadonTransform({Size}x{Size} -> {Views} views x {Detectors} detectors, {Matrix.ByteCount / 1e6:0.0} MB)");

    /// <summary>The operator or its transpose on the last two axes, which become one vector.</summary>
    private Tensor Apply(Tensor input, bool transpose, int rows, int columns)
    {
        Shape leading = [.. input.Shape.Take(input.Shape.Rank - 2)];
        var vectors = input.Reshape(leading.ElementCount, input.Shape[-2] * input.Shape[-1]);
        return vectors.MatMul(Matrix, transposeRight: !transpose).Reshape([.. leading, rows, columns]);
    }

    /// <summary>The angle in radians that each view stands for: half the gap to the next view on either side, around the half circle of directions.</summary>
    private double[] AngleOfEachView()
    {
        var sorted = angles.Select((angle, view) => (Angle: (angle % 180 + 180) % 180, View: view)).OrderBy(view => view.Angle).ToArray();
        var widths = new double[Views];
        for (var i = 0; i < sorted.Length; i++)
        {
            var next = (i + 1) % sorted.Length;
            var gap = sorted[next].Angle - sorted[i].Angle + (next == 0 ? 180 : 0);
            widths[sorted[i].View] += gap / 2 * Math.PI / 180;
            widths[sorted[next].View] += gap / 2 * Math.PI / 180;
        }
        return widths;
    }

    private static double[] EvenAngles(int views)
    {
        ArgumentCheck.AtLeast(1, nameof(RadonTransform), nameof(views), views);
        return [.. Enumerable.Range(0, views).Select(view => 180.0 * view / views)];
    }

    /// <summary>The fewest detectors that cover the diagonal, even or odd as the image's rows, so that at 0 degrees detectors and columns meet.</summary>
    private static int DetectorsThatCover(int size, double spacing)
    {
        var detectors = (int)Math.Min(int.MaxValue / 2, Math.Ceiling(size * Math.Sqrt(2) / spacing));
        return (detectors - size) % 2 == 0 ? detectors : detectors + 1;
    }

    private static SparseMatrix MatrixFor(int size, double[] angles, int detectors, double spacing)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{size} {detectors} {spacing:R} {string.Join(' ', angles.Select(angle => angle.ToString("R", CultureInfo.InvariantCulture)))}");
        if (Known.TryGetValue(key, out var reference) && reference.TryGetTarget(out var known))
            return known;
        foreach (var (old, unused) in Known)
            if (!unused.TryGetTarget(out _))
                Known.TryRemove(old, out _);
        var matrix = new StripIntegrals(size, angles, detectors, spacing).ToMatrix();
        Known[key] = new WeakReference<SparseMatrix>(matrix);
        return matrix;
    }
}
