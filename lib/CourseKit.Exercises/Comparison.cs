using System.Text;
using System.Text.Json;
using CourseKit.Exercises.Comparing;

namespace CourseKit.Exercises;

/// <summary>
/// What a check compared, where both were plain values (numbers, texts, and arrays of them). A grader decides by it once
/// more, in a process where none of the student's code runs.
/// </summary>
public sealed class Comparison
{
    private readonly PlainValues expected, actual;
    private readonly double tolerance;

    internal Comparison(PlainValues expected, PlainValues actual, double tolerance) =>
        (this.expected, this.actual, this.tolerance) = (expected, actual, tolerance);

    /// <summary>Whether the two are equal, numbers to within <c>tolerance * max(1, |expected|)</c>.</summary>
    public bool Holds => expected.Match(actual, tolerance);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    /// <param name="json">The JSON form.</param>
    public static Comparison? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new Comparison(PlainValues.Read(root.GetProperty("expected")), PlainValues.Read(root.GetProperty("actual")), root.GetProperty("tolerance").GetDouble());
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The JSON form: <c>{"tolerance": 0, "expected": {"shape": [2], "numbers": [1, 2]}, "actual": {...}}</c>.</summary>
    public override string ToString()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("tolerance", tolerance);
            json.WritePropertyName("expected");
            expected.WriteTo(json);
            json.WritePropertyName("actual");
            actual.WriteTo(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
