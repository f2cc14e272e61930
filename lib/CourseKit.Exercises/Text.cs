using System.Collections;
using System.Globalization;
using System.Text;

namespace CourseKit.Exercises;

/// <summary>Values and sentences for messages: invariant culture, one line, never too long.</summary>
internal static class Text
{
    private const int LongestMessage = 600;
    private const int LongestValue = 80;
    private const int MostElements = 8;

    /// <summary>Six digits are enough to see a difference; two numbers that look the same get all of theirs.</summary>
    public static (string Expected, string Actual) OfNumbers(double expected, double actual)
    {
        var (left, right) = (OfNumber(expected), OfNumber(actual));
        return left == right ? (AllDigits(expected), AllDigits(actual)) : (left, right);
    }

    public static string OfNumber(double number) => number switch
    {
        double.PositiveInfinity => "infinity",
        double.NegativeInfinity => "-infinity",
        _ => number.ToString("G6", CultureInfo.InvariantCulture),
    };

    private static string AllDigits(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Any value, including ones whose ToString throws.</summary>
    public static string OfValue(object? value)
    {
        try
        {
            return value switch
            {
                null => "null",
                string text => $"\"{Shorten(OneLine(text), LongestValue)}\"",
                char letter => $"'{letter}'",
                bool truth => truth ? "true" : "false",
                double number => OfNumber(number),
                float number => OfNumber(number),
                IFormattable formattable => Shorten(formattable.ToString(null, CultureInfo.InvariantCulture), LongestValue),
                IEnumerable sequence => OfSequence(sequence),
                _ => Shorten(OneLine(value.ToString() ?? ""), LongestValue),
            };
        }
        catch (Exception exception) when (!HostSignal.Is(exception))
        {
            return $"a {value!.GetType().Name} that cannot be shown";
        }
    }

    private static string OfSequence(IEnumerable sequence)
    {
        var shown = new List<string>();
        foreach (var element in sequence)
        {
            if (shown.Count == MostElements)
            {
                shown.Add("...");
                break;
            }
            shown.Add(OfValue(element));
        }
        return $"[{string.Join(", ", shown)}]";
    }

    /// <summary>Ends with a mark that ends a sentence.</summary>
    public static string EndSentence(string sentence) =>
        sentence.Length == 0 || ".!?".Contains(sentence[^1], StringComparison.Ordinal) ? sentence : sentence + ".";

    public static string OneLine(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, LongestMessage));
        foreach (var character in text)
        {
            if (line.Length > LongestMessage) break;
            if (!char.IsWhiteSpace(character) && !char.IsControl(character)) line.Append(character);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        return Shorten(line.ToString().TrimEnd());
    }

    public static string Shorten(string text, int longest = LongestMessage) =>
        text.Length <= longest ? text : text[..(longest - 3)].TrimEnd() + "...";
}
