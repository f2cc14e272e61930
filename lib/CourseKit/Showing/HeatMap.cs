using System.Globalization;

namespace CourseKit;

/// <summary>
/// A grid of numbers as a picture, with its scale below. Numbers with a sign go from blue over near-white to orange,
/// amounts from dark blue to yellow, pixels from black to white: scales that colour-blind people read as well.
/// </summary>
internal static class HeatMap
{
    // More pixels than a page shows are averaged, so that the output stays small.
    private const int MostPixels = 256;
    private const int WidthOnPage = 320;
    private const int LargestPixel = 16;

    private static readonly (byte, byte, byte)[] s_signed = [(11, 79, 138), (91, 155, 208), (246, 244, 240), (229, 138, 69), (156, 61, 0)];
    private static readonly (byte, byte, byte)[] s_amounts = [(0, 34, 78), (66, 78, 108), (124, 123, 120), (186, 173, 110), (254, 232, 56)];
    private static readonly (byte, byte, byte)[] s_grey = [(0, 0, 0), (255, 255, 255)];

    // What is not a number stands out from every scale.
    private static readonly (byte, byte, byte) s_none = (214, 39, 140);

    public static string Write(double[] values, int rows, int columns, bool isImage)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (least, most) = (finite.Min(), finite.Max());
        var colours = isImage ? s_grey : least < 0 && most > 0 ? s_signed : s_amounts;

        // Where numbers have a sign, zero is the middle.
        var (low, high) = colours == s_signed ? (-Math.Max(-least, most), Math.Max(-least, most)) : (least, most);
        var step = (Math.Max(rows, columns) + MostPixels - 1) / MostPixels;
        var (height, width) = ((rows + step - 1) / step, (columns + step - 1) / step);
        var pixels = new byte[height * width * 3];
        for (var i = 0; i < height * width; i++)
        {
            var value = Average(values, columns, i / width * step, Math.Min(rows, ((i / width) + 1) * step), i % width * step, Math.Min(columns, ((i % width) + 1) * step));
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = Colour(colours, high > low ? (value - low) / (high - low) : value - low);
        }

        var size = Math.Clamp(WidthOnPage / Math.Max(height, width), 1, LargestPixel);
        var picture = Convert.ToBase64String(PngWriter.Write(pixels, width, height));
        var gradient = string.Join(',', colours.Select(colour => $"rgb{colour}"));
        var missing = values.Length - values.Count(double.IsFinite);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <img alt="{rows} x {columns} numbers from {least:G4} to {most:G4}" src="data:image/png;base64,{picture}" style="width:{width * size}px;max-width:100%;image-rendering:pixelated;border:1px solid rgba(127,127,127,.4)"><div style="display:flex;align-items:center;gap:.5em;font-family:monospace"><span>{low:G4}</span><span style="width:8em;height:.7em;background:linear-gradient(to right,{gradient})"></span><span>{high:G4}</span>{(step > 1 ? $"<span style=\"opacity:.7\">{step} x {step} numbers a pixel</span>" : "")}{(missing > 0 ? $"<span>{missing} not finite</span>" : "")}</div>
            """);
    }

    private static double Average(double[] values, int columns, int top, int bottom, int left, int right)
    {
        var sum = 0.0;
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
                sum += values[(row * columns) + column];
        }

        return sum / ((bottom - top) * (right - left));
    }

    private static (byte, byte, byte) Colour((byte Red, byte Green, byte Blue)[] colours, double place)
    {
        if (!double.IsFinite(place))
            return s_none;
        var position = Math.Clamp(place, 0, 1) * (colours.Length - 1);
        var index = Math.Min((int)position, colours.Length - 2);
        var (from, to, share) = (colours[index], colours[index + 1], position - index);
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(byte first, byte second) => (byte)Math.Round(first + (share * (second - first)));
    }
}
