using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace CourseKit.Charts;

/// <summary>Figures as charts of Plotly.NET and back, for readers who go on with that library's own methods.</summary>
/// <remarks>
/// What one library does to its chart or figure never reaches the other: each conversion makes a copy.
/// </remarks>
/// <example><code>
/// Figure.Line([3.0, 2, 1], "training").ToGenericChart().WithTitle("Loss").ToFigure()
/// </code></example>
public static class PlotlyNetSupport
{
    /// <summary>Why this build has no Plotly.NET; null where it has.</summary>
    public static string? Missing => null;

    /// <summary>The package that does the work, and its version; null where <see cref="Missing"/> says why.</summary>
    public static string? Package { get; } = $"Plotly.NET {typeof(GenericChart).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The figure as a chart of Plotly.NET, made of that library's own traces, axes, sliders and so on.</summary>
    /// <returns>A chart whose <see cref="ToFigure"/> is this figure again.</returns>
    /// <remarks>
    /// Plotly.NET's charts have no frames. They travel with the chart, in its DisplayOptions under the name "CourseKit.Frames":
    /// its methods keep them there, unless DisplayOptions are set anew. A trace without a type becomes a scatter, which is what Plotly takes it for.
    /// The chart's page loads the version of plotly.js that CourseKit draws with.
    /// </remarks>
    public static GenericChart ToGenericChart(this Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        Trace[] traces = [.. figure.Data.Select(trace => ChartObjects.Trace(Element(trace!)))];
        var layout = (Layout)ChartObjects.Object(Element(figure.Layout), typeof(Layout));
        var config = (Config)ChartObjects.Object(Element(figure.Config), typeof(Config));
        DisplayOptions display = DisplayOptions.init(PlotlyJSReference: PlotlyJSReference.NewCDN(PlotlyScript.CdnUrl));
        if (figure.Frames is { Count: > 0 } frames)
            ChartFrames.Attach(frames, traces, display);
        return traces is [Trace only]
            ? GenericChart.NewChart(only, layout, config, display)
            : GenericChart.NewMultiChart(ListModule.OfSeq(traces), layout, config, display);

        static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);
    }

    /// <summary>A chart of Plotly.NET as a figure, which CourseKit shows and saves without a network.</summary>
    /// <exception cref="InvalidOperationException">The chart was combined from two animated figures.</exception>
    /// <remarks>
    /// Numbers that are not finite become gaps, as in every figure. "heatmapgl", which plotly.js draws no longer, becomes "heatmap".
    /// How Plotly.NET's own page would look (DisplayOptions) is left behind. Maps load their outlines or tiles from the network, whoever draws them.
    /// </remarks>
    public static Figure ToFigure(this GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        Trace[] traces = [.. GenericChart.getTraces(chart)];
        var figure = new JsonObject
        {
            ["data"] = new JsonArray([.. traces.Select(trace => Drawable(ChartJson.Of(trace)!.AsObject()))]),
            ["layout"] = ChartJson.Of(GenericChart.getLayout(chart)),
            ["config"] = ChartJson.Of(GenericChart.getConfig(chart)),
        };
        if (ChartFrames.Of(chart, traces) is { } frames)
            figure["frames"] = frames;
        return Figure.FromJson(figure.ToJsonString());
    }

    private static JsonObject Drawable(JsonObject trace)
    {
        if ((string?)trace["type"] == "heatmapgl")
            trace["type"] = "heatmap";
        return trace;
    }
}
