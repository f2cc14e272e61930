using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public sealed partial class Figure
{
    /// <summary>Sets the title, and a smaller line below it.</summary>
    public Figure Title(string title, string? subtitle = null) => WithLayout(layout =>
    {
        var text = new JsonObject
        {
            ["text"] = title,
            ["x"] = 0,
            ["xref"] = "paper",
            ["xanchor"] = "left",
            ["y"] = 1,
            ["yref"] = "container",
            ["yanchor"] = "top",
            ["pad"] = new JsonObject { ["t"] = 10 },
            ["font"] = new JsonObject { ["size"] = 17 },
        };
        if (subtitle is not null)
            text["subtitle"] = new JsonObject { ["text"] = subtitle };
        layout["title"] = text;
        FitTop(layout);
    });

    /// <summary>Labels the x axis; name the unit where there is one.</summary>
    /// <param name="label">The axis title, such as "time in s".</param>
    /// <param name="range">What the axis shows, in the data's own numbers; without it, all data.</param>
    /// <param name="logarithmic">True for a logarithmic axis, false for a linear one.</param>
    public Figure XAxis(string? label = null, (double From, double To)? range = null, bool? logarithmic = null) =>
        Axis("xaxis", label, range, logarithmic);

    /// <summary>Labels the y axis; name the unit where there is one.</summary>
    /// <param name="label">The axis title, such as "cross-entropy in nats".</param>
    /// <param name="range">What the axis shows, in the data's own numbers; without it, all data.</param>
    /// <param name="logarithmic">True for a logarithmic axis, false for a linear one.</param>
    public Figure YAxis(string? label = null, (double From, double To)? range = null, bool? logarithmic = null) =>
        Axis("yaxis", label, range, logarithmic);

    /// <summary>Labels the upright axis of a surface.</summary>
    /// <param name="label">The axis title.</param>
    /// <param name="range">What the axis shows, in the data's own numbers; without it, all data.</param>
    /// <param name="logarithmic">True for a logarithmic axis, false for a linear one.</param>
    /// <exception cref="InvalidOperationException">The figure is flat.</exception>
    public Figure ZAxis(string? label = null, (double From, double To)? range = null, bool? logarithmic = null) =>
        layout.ContainsKey("scene")
            ? Axis("zaxis", label, range, logarithmic)
            : throw new InvalidOperationException("This figure is flat: only one made by Figure.Surface has a z axis.");

    /// <summary>Sets the height and, where it must not follow the page, the width, both in pixels.</summary>
    public Figure Size(double? width, double height) => WithLayout(layout =>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        layout["height"] = PlotlyJson.Number(height);
        if (width is double pixels)
            layout["width"] = PlotlyJson.Number(pixels);
        else
            layout.Remove("width");
        if (layout.ContainsKey("scene") && (layout["meta"] as JsonObject)?["narrow"] is JsonObject narrow && narrow.ContainsKey("height"))
            narrow["height"] = PlotlyJson.Number(Math.Min(height, NarrowSceneHeight));
    });

    /// <summary>Puts the legend somewhere, or away.</summary>
    public Figure Legend(LegendPosition position) => WithLayout(layout =>
    {
        layout["showlegend"] = position != LegendPosition.Hidden;
        layout.Remove("legend");
        switch (position)
        {
            case LegendPosition.Top:
                layout["legend"] = new JsonObject
                {
                    ["orientation"] = "h",
                    ["x"] = 0,
                    ["xanchor"] = "left",
                    ["y"] = 1.01,
                    ["yanchor"] = "bottom",
                };
                break;
            case LegendPosition.Inside:
                layout["legend"] = new JsonObject
                {
                    ["x"] = 0.99,
                    ["xanchor"] = "right",
                    ["y"] = 0.99,
                    ["yanchor"] = "top",
                };
                break;
        }
        FitTop(layout);
    });

    /// <summary>
    /// Says in words what there is to see, for readers who hear the figure. Without it, title, axes and series are read out.
    /// </summary>
    /// <param name="description">One or two sentences.</param>
    public Figure Describe(string description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        return Set("meta.description", description);
    }

    /// <summary>The width in pixels below which a page scrolls the figure sideways instead of squeezing it: for diagrams, whose texts need their room.</summary>
    internal Figure MinimumWidth(double pixels) => Set("meta.minWidth", PlotlyJson.Number(pixels));

    /// <summary>One unit is as long on the y axis as on the x axis, so that angles and circles look right.</summary>
    public Figure EqualAxes() => WithLayout(layout =>
    {
        layout.Child("yaxis")["scaleanchor"] = "x";
        layout.Child("xaxis")["constrain"] = "domain";
        layout.Child("yaxis")["constrain"] = "domain";
    });

    /// <summary>Writes a note at a point, with an arrow to it.</summary>
    public Figure Annotate(double x, double y, string text) => WithLayout(layout =>
        Items(layout, "annotations").Add(new JsonObject
        {
            ["x"] = PlotlyJson.Number(x),
            ["y"] = PlotlyJson.Number(y),
            ["text"] = text,
            ["arrowcolor"] = "#8C8C8C",
        }));

    /// <summary>Draws an upright line over the whole height, such as the epoch at which training should have ended.</summary>
    public Figure VerticalLine(double x, string? label = null) => WithLayout(layout =>
        Items(layout, "shapes").Add(ReferenceLine((x, x), (0, 1), "yref", "y domain", label)));

    /// <summary>Draws a level line over the whole width, such as the accuracy of always guessing the commonest class.</summary>
    public Figure HorizontalLine(double y, string? label = null) => WithLayout(layout =>
        Items(layout, "shapes").Add(ReferenceLine((0, 1), (y, y), "xref", "x domain", label)));

    /// <summary>A line that ends, on one axis, at the plot's edges (0 and 1 of that axis' domain), its label inside the plot.</summary>
    private static JsonObject ReferenceLine((double From, double To) x, (double From, double To) y, string reference, string domain, string? label)
    {
        bool upright = reference == "yref";
        var line = new JsonObject
        {
            ["type"] = "line",
            ["x0"] = PlotlyJson.Number(x.From),
            ["x1"] = PlotlyJson.Number(x.To),
            ["y0"] = PlotlyJson.Number(y.From),
            ["y1"] = PlotlyJson.Number(y.To),
            [reference] = domain,
            ["line"] = new JsonObject { ["color"] = "#8C8C8C", ["width"] = 1.5, ["dash"] = "dash" },
        };
        if (label is not null)
        {
            line["label"] = new JsonObject
            {
                ["text"] = label,
                ["textangle"] = 0,
                ["textposition"] = "end",
                ["xanchor"] = upright ? "left" : "right",
                ["yanchor"] = upright ? "top" : "bottom",
            };
        }
        return line;
    }

    private static JsonArray Items(JsonObject layout, string key)
    {
        if (layout[key] is JsonArray items)
            return items;
        items = [];
        layout[key] = items;
        return items;
    }

    private const double CellTitleHeight = 20;

    private const double NarrowSceneHeight = 430;

    /// <summary>Room at the top for title, subtitle and a legend between title and plot.</summary>
    private static void FitTop(JsonObject layout)
    {
        var title = layout["title"] as JsonObject;
        double top = title is null ? 24 : title.ContainsKey("subtitle") ? 72 : 52;
        bool hasCellTitles = layout["annotations"] is JsonArray notes && notes.OfType<JsonObject>().Any(note => note["yref"].AsText() == "paper");
        if (hasCellTitles)
            top += CellTitleHeight;
        if (layout["legend"] is JsonObject legend && legend["orientation"].AsText() == "h")
        {
            top += 28;
            // Above the cells' titles; a part of the plot's height is what Plotly wants.
            double below = (layout["margin"] as JsonObject)?["b"].AsNumber() ?? 52;
            legend["y"] = LegendPlace(layout["height"].AsNumber() ?? DefaultHeight);
            if ((layout["meta"] as JsonObject)?["narrow"] is JsonObject narrow && narrow["height"].AsNumber() is double narrowHeight)
                narrow["legend.y"] = LegendPlace(narrowHeight);

            JsonNode? LegendPlace(double height) => PlotlyJson.Number(
                hasCellTitles ? 1 + (CellTitleHeight / Math.Max(100, height - top - below)) : 1.01);
        }
        layout.Child("margin")["t"] = top;
    }

    private Figure Axis(string name, string? label, (double From, double To)? range, bool? logarithmic) => WithLayout(layout =>
    {
        JsonObject axis = (layout["scene"] is JsonObject scene ? scene : layout).Child(name);
        if (label is not null)
            axis.Child("title")["text"] = label;
        if (logarithmic is bool log)
        {
            axis["type"] = log ? "log" : "linear";
            // Plotly would label every digit between the powers of ten, one upon the other, and call a millionth 1µ.
            if (log)
            {
                axis["nticks"] = 4;
                axis["exponentformat"] = "power";
            }
            else
            {
                axis.Remove("nticks");
                axis.Remove("exponentformat");
            }
        }
        if (range is not var (from, to))
            return;
        bool isLog = axis["type"].AsText() == "log";
        if (isLog && (from <= 0 || to <= 0))
            throw new ArgumentException($"A logarithmic axis shows numbers above 0 only, but its range was given as {PlotlyJson.Number(from)} to {PlotlyJson.Number(to)}.", nameof(range));
        // Plotly wants exponents of ten here; everywhere else it takes the data's own numbers.
        axis["range"] = isLog ? PlotlyJson.Range(Math.Log10(from), Math.Log10(to)) : PlotlyJson.Range(from, to);
    });

    private static JsonObject CommonLayout() => new()
    {
        ["height"] = DefaultHeight,
        ["margin"] = new JsonObject { ["l"] = 64, ["r"] = 24, ["t"] = 24, ["b"] = 52 },
        ["paper_bgcolor"] = "rgba(0,0,0,0)",
        ["plot_bgcolor"] = "rgba(0,0,0,0)",
        ["font"] = new JsonObject
        {
            ["family"] = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
            ["size"] = 13,
            ["color"] = NeutralText,
        },
        ["colorway"] = PlotlyJson.Texts(Palette.Classes),
        ["hovermode"] = "closest",
    };

    private static JsonObject FlatLayout()
    {
        JsonObject layout = CommonLayout();
        layout["xaxis"] = FlatAxis();
        layout["yaxis"] = FlatAxis();
        return layout;
    }

    private static JsonObject FlatAxis() => new()
    {
        ["automargin"] = true,
        ["title"] = new JsonObject { ["standoff"] = 8 },
        ["gridcolor"] = NeutralGrid,
        ["zerolinecolor"] = NeutralZeroLine,
    };

    private static JsonObject SceneLayout()
    {
        JsonObject layout = CommonLayout();
        layout["height"] = 520;
        layout["margin"] = new JsonObject { ["l"] = 24, ["r"] = 24, ["t"] = 24, ["b"] = 0 };
        layout["scene"] = new JsonObject
        {
            ["xaxis"] = SceneAxis("x"),
            ["yaxis"] = SceneAxis("y"),
            ["zaxis"] = SceneAxis("z"),
            ["aspectmode"] = "manual",
            ["aspectratio"] = new JsonObject { ["x"] = 1.2, ["y"] = 1.2, ["z"] = 0.8 },
            ["camera"] = new JsonObject
            {
                ["eye"] = Eye(1),
                ["center"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["z"] = -0.22 },
            },
        };
        JsonObject narrow = NarrowScene("scene");
        narrow["height"] = NarrowSceneHeight;
        narrow["margin.l"] = 8;
        narrow["margin.r"] = 8;
        layout["meta"] = new JsonObject { ["narrow"] = narrow };
        return layout;
    }

    private static JsonObject SceneAxis(string label) => new()
    {
        ["title"] = new JsonObject { ["text"] = label, ["font"] = new JsonObject { ["size"] = 15 } },
        ["tickfont"] = new JsonObject { ["size"] = 12 },
        ["nticks"] = 7,
        ["gridcolor"] = NeutralGrid,
        ["zerolinecolor"] = NeutralZeroLine,
        ["showspikes"] = false,
    };

    /// <summary>
    /// What a landscape needs on a phone, as paths into the layout. Plotly scales it by its height and cuts off at the sides
    /// what is wider than the page, the titles of the axes first: the camera steps back, and fewer numbers leave them room.
    /// </summary>
    private static JsonObject NarrowScene(string scene)
    {
        var narrow = new JsonObject { [$"{scene}.camera.eye"] = Eye(1.42) };
        foreach (string axis in (string[])["xaxis", "yaxis", "zaxis"])
        {
            narrow[$"{scene}.{axis}.nticks"] = 5;
            narrow[$"{scene}.{axis}.tickfont.size"] = 11;
            narrow[$"{scene}.{axis}.title.font.size"] = 14;
        }
        return narrow;
    }

    private static JsonObject Eye(double distance) => new()
    {
        ["x"] = PlotlyJson.Number(1.45 * distance),
        ["y"] = PlotlyJson.Number(-1.6 * distance),
        ["z"] = PlotlyJson.Number(1.5 * distance),
    };
}
