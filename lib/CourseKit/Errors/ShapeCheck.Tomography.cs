namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void Tomograph(int size, IReadOnlyList<double> angles, int? detectors, double spacing)
    {
        if (size <= 0 || detectors <= 0 || !(spacing > 0) || double.IsInfinity(spacing))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"RadonTransform got an image of {size} x {size} pixels and {(detectors is null ? "" : FormattableString.Invariant($"{detectors} "))}detectors of width {spacing}: sizes and widths must be above 0."));
        if (angles.Count == 0)
            throw new ArgumentException("RadonTransform got no angle: it wants at least one view, in degrees.");
        foreach (var angle in angles)
            if (!double.IsFinite(angle))
                throw new ArgumentException(FormattableString.Invariant($"RadonTransform got the angle {angle}: every view wants a finite number of degrees."));
    }

    /// <summary>Detectors that are much narrower than a pixel measure nothing new, and their matrix fills any memory.</summary>
    public static void TomographDetectors(int views, long detectors, double spacing)
    {
        const int Most = 1_000_000;
        if (detectors > Most || views * detectors > int.MaxValue - 1)
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"RadonTransform got {views} views and detectors of width {spacing}, which makes {detectors} in a view: a view has at most {Most}, and all together at most {int.MaxValue - 1}; a width near 1 pixel is usual."));
    }

    public static void TomographInput(string operation, string what, Shape got, int rows, int columns)
    {
        if (got.Rank >= 2 && got[-2] == rows && got[-1] == columns)
            return;
        var advice = got.Rank >= 2 && got[-2] == columns && got[-1] == rows ? "it looks transposed: views come first, then detectors"
            : got.ElementCount == rows * (long)columns ? $"reshape it to {rows}x{columns}"
            : "make the RadonTransform with the size, views and detectors of the data";
        throw new ShapeException($"{operation} wants {what} of shape {rows}x{columns}, or a batch of them with further axes in front, and got {got}: {advice}.");
    }
}
