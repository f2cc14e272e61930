using System.Text.Json.Nodes;
using Plotly.NET;
using DynamicObject = DynamicObj.DynamicObj;

namespace CourseKit.Charts;

/// <summary>
/// The frames of a figure, which Plotly.NET's charts have no place for. They are put into the chart's DisplayOptions, which
/// never become JSON and which Plotly.NET's methods hand on. They know the traces they move, not only their numbers: a chart
/// that is combined with others holds the same traces at other places.
/// </summary>
internal sealed class ChartFrames
{
    private const string Name = "CourseKit.Frames";

    // Plotly.NET calls two traces equal that look alike.
    private static readonly ReferenceEqualityComparer ByIdentity = ReferenceEqualityComparer.Instance;

    private readonly JsonArray frames;
    private readonly Trace[] traces;

    private ChartFrames(JsonArray frames, Trace[] traces)
    {
        this.frames = frames;
        this.traces = traces;
    }

    /// <summary>Lets the frames travel with a chart of these traces.</summary>
    public static void Attach(JsonArray frames, Trace[] traces, DisplayOptions display)
    {
        // Where charts are combined, objects are merged and other values replaced: as an object with a name of its own, none is lost.
        var all = new DynamicObject();
        all.SetValue(Guid.NewGuid().ToString(), new ChartFrames(frames, traces));
        display.SetValue(Name, all);
    }

    /// <summary>The frames that came along with a chart, for the places its traces have now; null where none did.</summary>
    /// <exception cref="InvalidOperationException">The chart was combined from two animated figures.</exception>
    public static JsonArray? Of(GenericChart chart, Trace[] traces)
    {
        if (GenericChart.getDisplayOptions(chart).TryGetValue(Name)?.Value is not DynamicObject all)
            return null;
        ChartFrames[] here = [.. all.GetProperties(false).Select(entry => entry.Value).OfType<ChartFrames>().Where(carried => carried.traces.Intersect(traces, ByIdentity).Any())];
        return here.Length switch
        {
            0 => null,
            1 => here[0].For(traces),
            _ => throw new InvalidOperationException($"This chart was combined from {here.Length} animated figures, and Plotly plays one row of frames: combine the still figures first, then call Figure.Animate."),
        };
    }

    private JsonArray For(Trace[] now) =>
        now.Take(traces.Length).SequenceEqual(traces, ByIdentity)
            ? (JsonArray)frames.DeepClone()
            : [.. frames.Select(frame => Moved((JsonObject)frame!, now))];

    /// <summary>A frame with its traces' new numbers, without what belongs to a trace that was taken away.</summary>
    private JsonObject Moved(JsonObject frame, Trace[] now)
    {
        var moved = (JsonObject)frame.DeepClone();
        if (moved["data"] is not JsonArray data)
            return moved;
        // Without numbers, the first of the frame is for the first of the figure.
        int[] before = frame["traces"] is JsonArray numbers ? [.. numbers.Select(number => (int)number!)] : [.. Enumerable.Range(0, data.Count)];
        (int Place, int Trace)[] after = [.. before.Select((number, place) => (Place: place, Trace: Array.FindIndex(now, trace => trace == traces[number]))).Where(pair => pair.Trace >= 0)];
        moved["data"] = new JsonArray([.. after.Select(pair => data[pair.Place]!.DeepClone())]);
        moved["traces"] = new JsonArray([.. after.Select(pair => (JsonNode)pair.Trace)]);
        return moved;
    }
}
