namespace CourseKit;

/// <summary>The order in which the largest number is looked for: NaN above all, so that it is not lost on the way (as in PyTorch).</summary>
internal static class Largest
{
    public static bool IsLess(double a, double b) => a < b || (double.IsNaN(b) && !double.IsNaN(a));

    public static bool IsLess(float a, float b) => a < b || (float.IsNaN(b) && !float.IsNaN(a));
}
