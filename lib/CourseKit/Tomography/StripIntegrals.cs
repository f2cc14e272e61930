namespace CourseKit;

/// <summary>
/// The weights of the Radon transform: for each detector (a strip across the image) and each pixel the area they have in
/// common, divided by the strip's width. See <see cref="RadonTransform"/> for the geometry.
/// </summary>
internal sealed class StripIntegrals(int size, double[] anglesInDegrees, int detectors, double spacing)
{
    // Less than float32 shows beside a whole pixel: what rounding leaves of a strip that only touches one.
    private const double Negligible = 1e-9;

    private delegate void Weigh(int detector, int pixel, double weight);

    /// <summary>A row for each view and detector, a column for each pixel.</summary>
    public SparseMatrix ToMatrix()
    {
        var views = anglesInDegrees.Length;
        var starts = new int[views * detectors + 1];
        Parallel.For(0, views, view => ForEachWeight(view, (detector, _, _) => starts[view * detectors + detector + 1]++));
        for (var i = 1; i < starts.Length; i++)
            starts[i] = checked(starts[i] + starts[i - 1]);

        var next = starts[..^1];
        var (columns, weights) = (new int[starts[^1]], new float[starts[^1]]);
        // Pixels come in their order, so the columns of a row do too.
        Parallel.For(0, views, view => ForEachWeight(view, (detector, pixel, weight) =>
        {
            var at = next[view * detectors + detector]++;
            (columns[at], weights[at]) = (pixel, (float)weight);
        }));
        return SparseMatrix.From(views * detectors, size * size, starts, columns, weights);
    }

    private void ForEachWeight(int view, Weigh weigh)
    {
        var (sine, cosine) = Math.SinCos(anglesInDegrees[view] * (Math.PI / 180));
        var shadow = new PixelShadow(sine, cosine);
        for (var row = 0; row < size; row++)
            for (var column = 0; column < size; column++)
            {
                var (x, y) = (column - (size - 1) / 2.0, (size - 1) / 2.0 - row);
                var centre = x * cosine + y * sine;
                // Detector d spans t from (d - detectors/2) spacing to one spacing more.
                var first = Math.Max(0, (int)Math.Floor((centre - shadow.HalfWidth) / spacing + detectors / 2.0));
                var last = Math.Min(detectors - 1, (int)Math.Floor((centre + shadow.HalfWidth) / spacing + detectors / 2.0));
                var before = shadow.AreaUpTo((first - detectors / 2.0) * spacing - centre);
                for (var detector = first; detector <= last; detector++)
                {
                    var upTo = shadow.AreaUpTo((detector + 1 - detectors / 2.0) * spacing - centre);
                    if (upTo - before > Negligible)
                        weigh(detector, row * size + column, (upTo - before) / spacing);
                    before = upTo;
                }
            }
    }

    /// <summary>The shadow of a square of side 1: a trapezoid of area 1, high where rays cross the whole square.</summary>
    private readonly struct PixelShadow(double sine, double cosine)
    {
        private readonly double height = 1 / Math.Max(Math.Abs(sine), Math.Abs(cosine));
        private readonly double halfPlateau = Math.Abs(Math.Abs(cosine) - Math.Abs(sine)) / 2;

        /// <summary>Half the width of the whole shadow.</summary>
        public double HalfWidth { get; } = (Math.Abs(cosine) + Math.Abs(sine)) / 2;

        /// <summary>The area of the shadow left of a place, which is counted from the shadow's middle.</summary>
        public double AreaUpTo(double place)
        {
            var distance = Math.Min(Math.Abs(place), HalfWidth);
            var fromMiddle = distance <= halfPlateau
                ? height * distance
                : 0.5 - height * (HalfWidth - distance) * (HalfWidth - distance) / (2 * (HalfWidth - halfPlateau)); // less the rest of the flank
            return place < 0 ? 0.5 - fromMiddle : 0.5 + fromMiddle;
        }
    }
}
