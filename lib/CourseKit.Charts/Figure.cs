using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>
/// A picture as Plotly describes it: traces (the data), a layout, and frames where it moves. A figure does not change:
/// every method gives a new one, so that running a cell twice draws the same.
/// </summary>
/// <example><code>
/// Figure.Line(epochs, losses, "training")
///     .AddLine(epochs, validation, "validation")
///     .Title("Loss by epoch").XAxis("epoch").YAxis("loss")
/// </code></example>
[TypeFormatterSource(typeof(FigureFormatterSource), PreferredMimeTypes = ["text/html", MimeType, "text/plain"])]
public sealed partial class Figure
{
    /// <summary>The MIME type of <see cref="ToJson"/>, which Jupyter and VS Code render by themselves.</summary>
    public const string MimeType = "application/vnd.plotly.v1+json";

    private const double DefaultHeight = 420;

    /// <summary>Mid grey: the text of a renderer that knows nothing of the page's theme is legible on white and on black.</summary>
    private const string NeutralText = "#777777";

    private const string NeutralGrid = "rgba(128,128,128,0.25)";
    private const string NeutralZeroLine = "rgba(128,128,128,0.6)";

    private static readonly JsonObject UsualConfig = new()
    {
        ["responsive"] = true,
        ["displaylogo"] = false,
        ["modeBarButtonsToRemove"] = PlotlyJson.Texts(["select2d", "lasso2d", "autoScale2d"]),
    };

    // Nodes are shared between figures and never changed once they are in one.
    private readonly ImmutableArray<JsonObject> traces;
    private readonly JsonObject layout;
    private readonly ImmutableArray<JsonObject> frames;
    private readonly JsonObject config;

    private Figure(IEnumerable<JsonObject> traces, JsonObject layout, IEnumerable<JsonObject>? frames = null, JsonObject? config = null)
    {
        this.traces = [.. traces];
        this.layout = layout;
        this.frames = frames is null ? [] : [.. frames];
        this.config = config ?? UsualConfig;
    }

    /// <summary>A copy of the traces, Plotly's "data".</summary>
    public JsonArray Data => Copy(traces);

    /// <summary>A copy of the layout.</summary>
    public JsonObject Layout => (JsonObject)layout.DeepClone();

    /// <summary>A copy of the frames; empty where nothing moves.</summary>
    public JsonArray Frames => Copy(frames);

    /// <summary>A copy of Plotly's configuration: what the reader may do with the figure, such as which buttons stand above it.</summary>
    public JsonObject Config => (JsonObject)config.DeepClone();

    /// <summary>What a reader who cannot see the figure is told: <see cref="Describe"/>'s words, or the title, what is drawn between which numbers, and the axes.</summary>
    public string Description => (layout["meta"] as JsonObject)?["description"].AsText() ?? FigureDescription.Of(layout, traces, frames.Length);

    /// <summary>The height in pixels.</summary>
    internal double Height => layout["height"].AsNumber() ?? DefaultHeight;

    /// <summary>Reads a figure from Plotly's JSON: an object with "data", "layout", "frames" and "config", the last three optional.</summary>
    /// <exception cref="ArgumentException">The text is not a figure.</exception>
    public static Figure FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json);
        }
        catch (JsonException problem)
        {
            throw new ArgumentException($"A figure is written as JSON, but this is not: {problem.Message}", nameof(json), problem);
        }
        if (node is not JsonObject figure || figure["data"] is not JsonArray)
            throw new ArgumentException("A figure is a JSON object with an array named \"data\", a trace in each element.", nameof(json));
        return new Figure(
            Objects(figure["data"]),
            figure["layout"]?.DeepClone() as JsonObject ?? [],
            Objects(figure["frames"]),
            figure["config"]?.DeepClone() as JsonObject);

        static IEnumerable<JsonObject> Objects(JsonNode? array) =>
            (array as JsonArray ?? []).OfType<JsonObject>().Select(item => (JsonObject)item.DeepClone());
    }

    /// <summary>This figure with the traces of another one on top; titles and axes remain this figure's.</summary>
    /// <exception cref="ArgumentException">The other figure is animated.</exception>
    public Figure Add(Figure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!other.frames.IsEmpty)
            throw new ArgumentException("An animated figure cannot be laid over another: combine the still figures first, then call Figure.Animate.", nameof(other));
        JsonObject merged = Layout;
        foreach ((string key, JsonNode? value) in other.layout)
        {
            if (merged[key] is JsonArray mine && value is JsonArray theirs && key is "annotations" or "shapes")
            {
                foreach (JsonNode? item in (JsonArray)value!)
                    ((JsonArray)merged[key]!).Add(item?.DeepClone());
            }
            else if (!merged.ContainsKey(key))
            {
                merged[key] = value?.DeepClone();
            }
        }
        return With(traces.AddRange(other.traces), merged);
    }

    /// <summary>Sets anything in the layout by Plotly's dotted path, such as <c>Set("xaxis.dtick", 1)</c>.</summary>
    public Figure Set(string path, JsonNode? value) => WithLayout(layout => layout.SetPath(path, value));

    /// <summary>Sets anything in one trace by Plotly's dotted path, such as <c>SetTrace(0, "line.shape", "hv")</c>.</summary>
    public Figure SetTrace(int trace, string path, JsonNode? value)
    {
        if (trace < 0 || trace >= traces.Length)
            throw new ArgumentOutOfRangeException(nameof(trace), trace, $"This figure has {traces.Length} traces, counted from 0.");
        var changed = (JsonObject)traces[trace].DeepClone();
        changed.SetPath(path, value);
        return With(traces.SetItem(trace, changed), layout);
    }

    /// <summary>
    /// The figure as Plotly's JSON. Numbers are rounded to what a picture can show; NaN and infinities are null, a gap.
    /// </summary>
    public string ToJson()
    {
        // What cannot be drawn is said in the picture: axes without anything in them look like a mistake of the page.
        (IReadOnlyList<JsonObject> said, JsonObject saidLayout) = frames.IsEmpty ? FigureNotes.AddTo(traces, layout) : (traces, layout);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, PlotlyJson.Writing))
        {
            writer.WriteStartObject();
            WriteArray(writer, "data", said);
            writer.WritePropertyName("layout");
            saidLayout.WriteTo(writer);
            if (!frames.IsEmpty)
                WriteArray(writer, "frames", frames);
            writer.WritePropertyName("config");
            config.WriteTo(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>
    /// The figure as a piece of HTML that draws itself, in light and dark pages. It finds plotly.js on the page, in the
    /// page's <c>window.CourseKitPlotlySources</c>, in the kernel's folder that Jupyter serves, or on a CDN.
    /// </summary>
    public string ToHtml() => FigureHtml.Write(this, ToJson());

    /// <summary>The figure in words: its title and what it draws.</summary>
    public override string ToString()
    {
        string title = (layout["title"] as JsonObject)?["text"].AsText() ?? "untitled";
        string[] names = [.. traces.Select(trace => trace["name"].AsText()).OfType<string>().Distinct()];
        string drawn = names.Length > 0
            ? string.Join(", ", names)
            : string.Join(", ", traces.Select(trace => trace["type"].AsText() ?? "scatter").Distinct());
        string moves = frames.IsEmpty ? "" : string.Create(CultureInfo.InvariantCulture, $"; {frames.Length} frames");
        return $"Figure: {title} ({drawn}{moves})";
    }

    private static Figure Of(JsonObject trace, JsonObject? layout = null) => new([trace], layout ?? FlatLayout());

    private static JsonArray Copy(ImmutableArray<JsonObject> nodes) => [.. nodes.Select(node => node.DeepClone())];

    private static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<JsonObject> nodes)
    {
        writer.WriteStartArray(name);
        foreach (JsonObject node in nodes)
            node.WriteTo(writer);
        writer.WriteEndArray();
    }

    private Figure WithLayout(Action<JsonObject> change)
    {
        JsonObject changed = Layout;
        change(changed);
        return With(traces, changed);
    }

    private Figure With(IEnumerable<JsonObject> newTraces, JsonObject newLayout) => new(newTraces, newLayout, frames, config);
}
