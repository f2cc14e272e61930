using System.Text;
using System.Text.Json;
using CourseKit.Exercises.Comparing;

namespace CourseKit.Exercises;

/// <summary>
/// What a check compared with a plain value (numbers, texts, and arrays of them). Where the answer is plain as well, a
/// grader decides by it once more, in a process where none of the student's code runs.
/// </summary>
public sealed class Comparison
{
    private readonly PlainValues expected;
    private readonly PlainValues? actual; // null for an answer that is not plain
    private readonly double tolerance;

    internal Comparison(PlainValues expected, PlainValues? actual, double tolerance) =>
        (this.expected, this.actual, this.tolerance) = (expected, actual, tolerance);

    /// <summary>
    /// Whether the two are equal, numbers to within <c>tolerance * max(1, |expected|)</c>. True as well where the answer is
    /// not plain, such as a sequence that runs the student's code: that only the check itself can compare.
    /// </summary>
    public bool Holds => actual is null || expected.Match(actual, tolerance);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    /// <param name="json">The JSON form.</param>
    public static Comparison? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new Comparison(PlainValues.Read(root.GetProperty("expected")), root.GetProperty("actual") is { ValueKind: not JsonValueKind.Null } answer ? PlainValues.Read(answer) : null, root.GetProperty("tolerance").GetDouble());
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
            if (actual is null)
                json.WriteNullValue();
            else
                actual.WriteTo(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
