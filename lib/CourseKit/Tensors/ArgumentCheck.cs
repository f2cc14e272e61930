using System.Globalization;

namespace CourseKit;

/// <summary>Every complaint about a setting of an activation or a loss is written here: what it is for, what was wanted, what came.</summary>
internal static class ArgumentCheck
{
    public static double Positive(string operation, string name, double value)
    {
        if (!(value > 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(null, $"{operation} wants a positive {name} and got {Text(value)}.");
        return value;
    }

    public static double NotNegative(string operation, string name, double value)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(null, $"{operation} wants {name} of 0 or more and got {Text(value)}.");
        return value;
    }

    public static double Between(string operation, string name, double value, double low, double high, string advice)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentOutOfRangeException(null, $"{operation} wants {name} from {Text(low)} to {Text(high)} and got {Text(value)}: {advice}.");
        return value;
    }

    public static int OneOrMinusOne(string operation, int value, int at)
        => value is 1 or -1 ? value : throw new ArgumentOutOfRangeException(null, $"{operation} got the target {value} at number {at}: it is 1 for a pair that belongs together and -1 for one that does not.");

    public static string Text(double value) => value.ToString("G7", CultureInfo.InvariantCulture);
}
