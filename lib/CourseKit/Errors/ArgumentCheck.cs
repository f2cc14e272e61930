using System.Globalization;

namespace CourseKit;

/// <summary>Every complaint about a number that sets something up (a size, a rate, a slope) is written here: what it is for, what was wanted, what came.</summary>
internal static class ArgumentCheck
{
    public static double Positive(string operation, string name, double value)
        => value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(null, $"{operation} got the {name} {Text(value)}: it must be a finite number above 0.");

    public static double NotNegative(string operation, string name, double value)
        => value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(null, $"{operation} got the {name} {Text(value)}: it must be a finite number, 0 or more.");

    public static double Finite(string operation, string name, double value)
        => double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(null, $"{operation} got the {name} {Text(value)}: it must be a finite number.");

    public static int AtLeast(int smallest, string operation, string name, int value)
        => value >= smallest ? value
            : throw new ArgumentOutOfRangeException(null, string.Create(CultureInfo.InvariantCulture, $"{operation} got {name} = {value}: it must be {smallest} or more."));

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
