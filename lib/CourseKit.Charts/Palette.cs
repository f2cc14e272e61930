using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>
/// Colours that people with a colour vision deficiency can tell apart, and the symbols and dashes that go with them:
/// a figure never says with colour alone what it has to say.
/// </summary>
public static class Palette
{
    /// <summary>
    /// Colours for classes and series: Okabe and Ito's (2008), those with the best contrast on white and on black first.
    /// Their yellow is left out, being invisible on white, and their black is a grey, being invisible on black.
    /// </summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C"];

    /// <summary>Marker symbols, in the order of <see cref="Classes"/>.</summary>
    public static IReadOnlyList<string> Symbols { get; } =
        ["circle", "triangle-up", "square", "diamond", "cross", "star", "x"];

    /// <summary>Line dashes, in the order of <see cref="Classes"/>.</summary>
    public static IReadOnlyList<string> Dashes { get; } = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

    /// <summary>Plotly's name of the scale for amounts from little to much.</summary>
    public const string Sequential = "Cividis";

    /// <summary>Blue over near-white to orange, for values that have a sign.</summary>
    internal static JsonArray Diverging() => Scale("#0B4F8A", "#5B9BD0", "#F6F4F0", "#E58A45", "#9C3D00");

    /// <summary>The diverging scale in pale, as a ground on which the points of two classes remain visible.</summary>
    internal static JsonArray Probability() => Scale("#8FC1E3", "#C6DFF0", "#F6F4F0", "#FAD3B4", "#F3A871");

    /// <summary>Pale to deep, for shares in cells that carry numbers.</summary>
    internal static JsonArray Shares() => Scale("#F0F4F8", "#9CC3E3", "#4A90C8", "#0B4F8A");

    /// <summary>Quiet, from a deep valley to pale heights: a ground on which coloured ways stand out.</summary>
    internal static JsonArray Ground() => Scale("#8698AB", "#B4C1CD", "#D8DFE5", "#F2F3F2");

    /// <summary>Nothing to orange to dark red, to lay over an image.</summary>
    internal static JsonArray Heat() =>
        [new JsonArray(0, "rgba(230,159,0,0)"), new JsonArray(0.35, "rgba(230,140,0,0.45)"), new JsonArray(1, "rgba(213,60,0,0.9)")];

    /// <summary>Black to white, for grey-scale images.</summary>
    internal static JsonArray Grey() => Scale("#000000", "#FFFFFF");

    internal static string Class(int index) => Classes[index % Classes.Count];

    /// <summary>A colour of the palette made see-through, as a ground that is pale on white and deep on black.</summary>
    internal static string Faint(string colour, double opacity) => string.Create(
        CultureInfo.InvariantCulture,
        $"rgba({Part(colour, 1)},{Part(colour, 3)},{Part(colour, 5)},{opacity:0.##})");

    internal static int Part(string colour, int from) => int.Parse(colour.AsSpan(from, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    internal static string Symbol(int index) => Symbols[index % Symbols.Count];

    internal static string Dash(int index) => Dashes[index % Dashes.Count];

    private static JsonArray Scale(params string[] colours)
    {
        var scale = new JsonArray();
        for (int i = 0; i < colours.Length; i++)
            scale.Add(new JsonArray(PlotlyJson.Number((double)i / (colours.Length - 1)), colours[i]));
        return scale;
    }
}
