using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public sealed partial class Figure
{
    // What may change from frame to frame beside the traces.
    private static readonly string[] MovingLayout = ["title", "annotations", "shapes"];

    // Room below the plot for slider and button.
    private const double SliderHeight = 96;

    // Room at the left of the slider for both buttons.
    private const double ButtonsWidth = 92;

    /// <summary>
    /// Figures shown one after the other, with a slider and a button that plays them. It works in a saved page, without
    /// a kernel. Axes and colours are fixed to what all frames need, unless the first figure sets them.
    /// </summary>
    /// <param name="frames">The figures, each with its place on the slider. They draw the same traces in the same order.</param>
    /// <param name="sliderPrefix">What stands before the label of the frame shown, such as "epoch ".</param>
    /// <param name="frameMilliseconds">How long each is shown; without it, so that all take about eight seconds.</param>
    /// <exception cref="ArgumentException">There are no frames, or they do not draw the same traces.</exception>
    public static Figure Animate(IEnumerable<(string Label, Figure Frame)> frames, string sliderPrefix = "", int? frameMilliseconds = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        (string Label, Figure Frame)[] steps = [.. frames];
        CheckFrames(steps);
        Figure first = steps[0].Frame;

        JsonObject layout = first.Layout;
        FixedRanges.FixAxes(layout, steps.SelectMany(step => step.Frame.traces));
        JsonObject[] data = [.. first.traces.Select((trace, i) => FixedRanges.FixColours(trace, steps.Select(step => step.Frame.traces[i])))];

        // Plotly merges a frame into the figure: it carries only what differs somewhere, which keeps pages small.
        Dictionary<int, string[]> moving = MovingProperties(steps);
        string[] movingLayout = [.. MovingLayout.Where(key => steps.Any(step => !JsonNode.DeepEquals(step.Frame.layout[key], first.layout[key])))];
        string[] names = UniqueNames(steps);
        JsonObject[] made = [.. steps.Select((step, i) => Frame(names[i], step.Frame, moving, movingLayout))];

        int duration = frameMilliseconds ?? Math.Clamp(8000 / steps.Length, 50, 600);
        AddControls(layout, names, [.. steps.Select(step => step.Label)], sliderPrefix, duration);
        return new Figure(data, layout, made, first.config);
    }

    private static void CheckFrames((string Label, Figure Frame)[] frames)
    {
        if (frames.Length == 0)
            throw new ArgumentException("An animation needs at least one frame.", nameof(frames));
        Figure first = frames[0].Frame;
        foreach ((string label, Figure frame) in frames)
        {
            if (!frame.frames.IsEmpty)
                throw new ArgumentException($"Frame '{label}' is an animation itself: a frame is a still figure.", nameof(frames));
            string[] expected = [.. first.traces.Select(trace => trace["type"].AsText() ?? "scatter")];
            string[] got = [.. frame.traces.Select(trace => trace["type"].AsText() ?? "scatter")];
            if (!expected.SequenceEqual(got))
            {
                throw new ArgumentException(
                    $"Frame '{frames[0].Label}' draws [{string.Join(", ", expected)}], frame '{label}' draws [{string.Join(", ", got)}]. "
                    + "Every frame draws the same traces in the same order; one without points is fine.", nameof(frames));
            }
        }
    }

    private static Dictionary<int, string[]> MovingProperties((string Label, Figure Frame)[] steps)
    {
        Figure first = steps[0].Frame;
        var moving = new Dictionary<int, string[]>();
        for (int i = 0; i < first.traces.Length; i++)
        {
            string[] keys = [.. steps.SelectMany(step => step.Frame.traces[i].Select(property => property.Key)).Distinct()
                .Where(key => steps.Any(step => !JsonNode.DeepEquals(step.Frame.traces[i][key], first.traces[i][key])))];
            if (keys.Length > 0)
                moving[i] = keys;
        }
        return moving;
    }

    /// <summary>Plotly finds frames by name; two frames with one label need two names.</summary>
    private static string[] UniqueNames((string Label, Figure Frame)[] steps)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. steps.Select((step, i) => taken.Add(step.Label) ? step.Label : $"{step.Label} (frame {i + 1})")];
    }

    private static JsonObject Frame(string name, Figure figure, Dictionary<int, string[]> moving, string[] movingLayout)
    {
        var data = new JsonArray();
        var indices = new JsonArray();
        foreach ((int i, string[] keys) in moving)
        {
            var trace = new JsonObject { ["type"] = figure.traces[i]["type"].AsText() ?? "scatter" };
            foreach (string key in keys)
                trace[key] = figure.traces[i][key]?.DeepClone();
            data.Add(trace);
            indices.Add(i);
        }
        var frame = new JsonObject { ["name"] = name, ["data"] = data, ["traces"] = indices };
        if (movingLayout.Length > 0)
        {
            var layout = new JsonObject();
            foreach (string key in movingLayout)
                layout[key] = figure.layout[key]?.DeepClone();
            frame["layout"] = layout;
        }
        return frame;
    }

    private static void AddControls(JsonObject layout, string[] names, string[] labels, string prefix, int duration)
    {
        bool flat = !layout.ContainsKey("scene");
        // Below the axis title, which a surface does not have.
        double below = flat ? 52 : 8;
        Grow(layout, SliderHeight);

        var steps = new JsonArray();
        for (int i = 0; i < names.Length; i++)
        {
            steps.Add(new JsonObject
            {
                ["label"] = labels[i],
                ["method"] = "animate",
                ["args"] = new JsonArray(new JsonArray(names[i]), Playing(0)),
            });
        }
        layout["sliders"] = new JsonArray(Slider(prefix, below, steps));

        JsonObject play = Playing(duration);
        play["fromcurrent"] = true;
        layout["updatemenus"] = new JsonArray(new JsonObject
        {
            ["type"] = "buttons",
            ["direction"] = "left",
            ["showactive"] = false,
            ["x"] = 0,
            ["y"] = 0,
            ["xanchor"] = "left",
            ["yanchor"] = "top",
            ["pad"] = new JsonObject { ["t"] = below + 20, ["r"] = 0 },
            // Plotly paints a button under the pointer near-white whatever the theme, so it is light with dark text in both.
            ["bgcolor"] = "#F2F2F2",
            ["bordercolor"] = "#8C8C8C",
            ["font"] = new JsonObject { ["color"] = "#222222" },
            ["buttons"] = new JsonArray(
                Button("▶", new JsonArray(null, play)),
                Button("❚❚", new JsonArray(new JsonArray((JsonNode?)null), Playing(0)))),
        });
    }

    /// <summary>A slider along the figure's lower edge, so many pixels below the plot.</summary>
    private static JsonObject Slider(string prefix, double below, JsonArray steps) => new()
    {
        ["active"] = 0,
        ["x"] = 0,
        ["len"] = 1,
        ["y"] = 0,
        ["xanchor"] = "left",
        ["yanchor"] = "top",
        ["pad"] = new JsonObject { ["t"] = below, ["b"] = 8, ["l"] = ButtonsWidth, ["r"] = 12 },
        ["currentvalue"] = new JsonObject { ["prefix"] = prefix, ["xanchor"] = "left", ["offset"] = 10 },
        ["steps"] = steps,
    };

    /// <summary>Makes a figure higher, on wide pages and on narrow ones.</summary>
    private static void Grow(JsonObject layout, double pixels)
    {
        layout["height"] = PlotlyJson.Number((layout["height"].AsNumber() ?? DefaultHeight) + pixels);
        if ((layout["meta"] as JsonObject)?["narrow"] is JsonObject narrow && narrow["height"].AsNumber() is double height)
            narrow["height"] = PlotlyJson.Number(height + pixels);
    }

    private static JsonObject Button(string label, JsonArray args) =>
        new() { ["label"] = label, ["method"] = "animate", ["args"] = args };

    private static JsonObject Playing(int duration) => new()
    {
        ["mode"] = "immediate",
        ["frame"] = new JsonObject { ["duration"] = duration, ["redraw"] = true },
        ["transition"] = new JsonObject { ["duration"] = 0 },
    };
}
