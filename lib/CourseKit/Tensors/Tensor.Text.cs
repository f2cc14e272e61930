using System.Globalization;
using System.Text;

namespace CourseKit;

public sealed partial class Tensor
{
    private const int LongestRun = 8, HeadAndTail = 3;

    /// <summary>Shape, device and the numbers, long axes shortened: [[1, 2, 3], [4, 5, 6]].</summary>
    public override string ToString()
    {
        if (generation != storage.Generation)
            return $"Tensor {Shape} on {Device} (released)";
        var text = new StringBuilder();
        if (Shape.Rank > 0)
            text.Append(CultureInfo.InvariantCulture, $"Tensor {Shape} on {Device}{(RequiresGrad ? ", requires grad" : "")}{(Shape.Rank > 1 ? '\n' : ' ')}");
        Append(text, ToDoubleArray(), 0, 0, Count);
        return text.ToString();
    }

    private void Append(StringBuilder text, double[] values, int axis, int start, int count)
    {
        if (axis == Shape.Rank)
        {
            text.Append(values[start].ToString("G6", CultureInfo.InvariantCulture));
            return;
        }
        text.Append('[');
        var length = Shape[axis];
        var step = length == 0 ? 0 : count / length;
        for (var i = 0; i < length; i++)
        {
            if (i > 0)
                text.Append(axis == Shape.Rank - 1 ? ", " : ",\n" + new string(' ', axis + 1));
            if (length > LongestRun && i == HeadAndTail)
            {
                text.Append("...");
                i = length - HeadAndTail - 1;
                continue;
            }
            Append(text, values, axis + 1, start + i * step, step);
        }
        text.Append(']');
    }
}
