using System.Globalization;

namespace CourseKit.Grading;

/// <summary>Numbers as Python prints them. Both languages give the shortest digits, but arrange them differently.</summary>
internal static class PythonFloat
{
    /// <summary><c>str(float(number))</c>: <c>2.0</c>, <c>0.5</c>, <c>1e+22</c>.</summary>
    public static string Text(double number)
    {
        if (!double.IsFinite(number)) return number > 0 ? "inf" : number < 0 ? "-inf" : "nan";
        var (digits, exponent) = ShortestDigits(number);
        var sign = double.IsNegative(number) ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture,
                $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var padded = digits.PadRight(exponent + 2, '0');
        return $"{sign}{padded[..(exponent + 1)]}.{padded[(exponent + 1)..]}";
    }

    /// <summary>The digits without a point, and the power of ten of the first one.</summary>
    private static (string Digits, int Exponent) ShortestDigits(double number)
    {
        var text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var shift = 0;
        if (text.IndexOf('E', StringComparison.Ordinal) is var mark and >= 0)
        {
            shift = int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture);
            text = text[..mark];
        }
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) point = text.Length;
        var all = text.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        if (digits.Length == 0) return ("0", 0);
        return (digits.TrimEnd('0'), point - 1 - (all.Length - digits.Length) + shift);
    }
}
