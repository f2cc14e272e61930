using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace CourseKit.Exercises.Comparing;

/// <summary>A value without any code of its own: numbers or texts in row-major order, and their shape.</summary>
internal sealed record PlainValues(int[] Shape, double[]? Numbers, string[]? Texts)
{
    // More than the answer to any small question, and little enough to be sent with every result.
    private const int MostValues = 4_000;

    /// <summary>Characters of the JSON form, roughly.</summary>
    public long Length => 60 + (Numbers is null ? Texts!.Sum(text => text.Length + 3L) : 20L * Numbers.Length);

    /// <summary>Reads a number, a text, a truth value, a tensor, or arrays and lists of them; null for anything else and for very many.</summary>
    public static PlainValues? TryRead(object? value)
    {
        if (value is null || !IsPlain(value.GetType()))
            return null;
        if (IsText(value.GetType()))
            return new PlainValues([], null, [TextOf(value)]);
        if (value is ICollection { Count: > 0 } list && IsText(ElementOf(value.GetType())))
            return list.Count <= MostValues && value is not Array { Rank: > 1 } ? new PlainValues([list.Count], null, [.. list.Cast<object?>().Select(TextOf)]) : null;
        return NumberArray.TryRead(value, MostValues + 1) is { } numbers ? Of(numbers) : null;
    }

    /// <summary>The same of numbers that have been read; null for very many.</summary>
    public static PlainValues? Of(NumberArray numbers) => numbers.Numbers.Length <= MostValues ? new PlainValues(numbers.Shape, numbers.Numbers, null) : null;

    /// <summary>Whether another value is the same, numbers to within <c>tolerance * max(1, |this|)</c>.</summary>
    public bool Match(PlainValues other, double tolerance) => Shape.AsSpan().SequenceEqual(other.Shape)
        && (Numbers is null) == (other.Numbers is null)
        && (Numbers is null
            ? Texts!.AsSpan().SequenceEqual(other.Texts!)
            : Numbers.Zip(other.Numbers!).All(pair => Difference.IsClose(pair.First, pair.Second, tolerance)));

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("shape");
        foreach (var size in Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray(Numbers is null ? "texts" : "numbers");
        foreach (var number in Numbers ?? [])
        {
            if (double.IsFinite(number))
                json.WriteNumberValue(number);
            else
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
        foreach (var text in Texts ?? [])
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">It is something else.</exception>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    /// <exception cref="KeyNotFoundException">It is something else.</exception>
    public static PlainValues Read(JsonElement json)
    {
        int[] shape = [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        var values = json.TryGetProperty("texts", out var texts)
            ? new PlainValues(shape, null, [.. texts.EnumerateArray().Select(text => text.GetString() ?? throw new FormatException("A text is missing."))])
            : new PlainValues(shape, [.. json.GetProperty("numbers").EnumerateArray().Select(NumberOf)], null);
        return (values.Numbers?.Length ?? values.Texts!.Length) == shape.Aggregate(1L, (product, size) => product * size)
            ? values
            : throw new FormatException("The values do not fill their shape.");
    }

    private static double NumberOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? double.Parse(json.GetString()!, CultureInfo.InvariantCulture) : json.GetDouble();

    private static string TextOf(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    // By the type, before anything is read: to go through a sequence of the student's own would run their code once more.
    private static bool IsPlain(Type type) => type.IsPrimitive || IsText(type) || type == typeof(decimal) || type == typeof(Half)
        || typeof(Tensor).IsAssignableFrom(type) || typeof(IntTensor).IsAssignableFrom(type)
        || (ElementOf(type) is { } element && IsPlain(element));

    private static Type? ElementOf(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(List<>) || IsWrittenInBrackets(type)) ? type.GetGenericArguments()[0] : null;

    // What the compiler makes of [1, 2] for an IEnumerable<int>; no program can call a class of its own so.
    private static bool IsWrittenInBrackets(Type type) => type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal);

    private static bool IsText(Type? type) => type == typeof(string) || type == typeof(bool) || type == typeof(char) || type is { IsEnum: true };
}
