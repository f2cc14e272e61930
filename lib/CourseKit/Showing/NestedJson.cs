using System.Globalization;
using System.Text;

namespace CourseKit;

/// <summary>Numbers in a grid as nested lists: [[1,2],[3,4]]. What is not a finite number is null, as JSON has no other.</summary>
internal static class NestedJson
{
    public static string Write(ReadOnlySpan<double> values, Shape shape)
    {
        var json = new StringBuilder();
        Append(json, values, shape.AsSpan());
        return json.ToString();
    }

    private static void Append(StringBuilder json, ReadOnlySpan<double> values, ReadOnlySpan<int> lengths)
    {
        if (lengths.IsEmpty)
        {
            json.Append(double.IsFinite(values[0]) ? values[0].ToString("R", CultureInfo.InvariantCulture) : "null");
            return;
        }

        json.Append('[');
        var width = lengths[0] == 0 ? 0 : values.Length / lengths[0];
        for (var i = 0; i < lengths[0]; i++)
        {
            if (i > 0)
                json.Append(',');
            Append(json, values.Slice(i * width, width), lengths[1..]);
        }

        json.Append(']');
    }
}
