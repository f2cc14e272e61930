using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public sealed partial class Figure
{
    // Between rows: tick labels and axis title, and the next figure's title.
    private const double GapWithAxes = 86;

    /// <summary>Small multiples: figures side by side, row by row, each with its own axes and its title above it.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="figures">At most rows × columns figures; none of them animated.</param>
    /// <exception cref="ArgumentException">There are too many figures, or one is animated.</exception>
    /// <remarks>On a narrow page they stand in one column, in two where there are more than three.</remarks>
    public static Figure Grid(int rows, int columns, IEnumerable<Figure> figures) =>
        Grid(rows, columns, figures, Math.Max(DefaultHeight, 270 * rows), GapWithAxes, columns > 3 ? 2 : 1);

    /// <summary>The same with the height of the whole and the gap between rows in pixels, and how many columns a narrow page has.</summary>
    internal static Figure Grid(int rows, int columns, IEnumerable<Figure> figures, double height, double gap, int narrowColumns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentNullException.ThrowIfNull(figures);
        Figure[] cells = [.. figures];
        if (cells.Length == 0 || cells.Length > rows * columns)
            throw new ArgumentException($"A grid of {rows} × {columns} holds 1 to {rows * columns} figures, but {cells.Length} were given.", nameof(figures));
        if (cells.Any(cell => !cell.frames.IsEmpty))
            throw new ArgumentException("A figure in a grid cannot be animated: make the grid of each step, then call Figure.Animate with the grids.", nameof(figures));

        JsonObject layout = CommonLayout();
        layout["height"] = PlotlyJson.Number(height);
        // What margins and title leave; a gap is a part of this.
        double plotHeight = height - 104;
        narrowColumns = Math.Min(narrowColumns, columns);
        int narrowRows = (cells.Length + narrowColumns - 1) / narrowColumns;
        double cellHeight = (plotHeight - ((rows - 1) * gap)) / rows;
        double narrowPlotHeight = (narrowRows * cellHeight) + ((narrowRows - 1) * gap);
        var narrow = new JsonObject();
        if (narrowColumns < columns)
        {
            narrow["height"] = PlotlyJson.Number(narrowPlotHeight + 104);
            layout["meta"] = new JsonObject { ["narrow"] = narrow };
        }
        var annotations = new JsonArray();
        layout["annotations"] = annotations;
        var traces = new List<JsonObject>();
        var colours = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < cells.Length; i++)
        {
            Cell cell = Cell.At(i, rows, columns, Math.Min(gap / plotHeight, 0.5 / rows));
            traces.AddRange(cells[i].traces.Select((trace, place) => InCell(trace, cell, Palette.Class(place), colours)));
            CopyLayout(cells[i].layout, layout, cell);
            Cell narrowCell = Cell.At(i, narrowRows, narrowColumns, Math.Min(gap / narrowPlotHeight, 0.5 / narrowRows));
            if (narrowColumns < columns)
                Narrow(cells[i].layout, narrow, narrowCell);
            if ((cells[i].layout["title"] as JsonObject)?["text"].AsText() is string title)
            {
                if (narrowColumns < columns)
                {
                    narrow[$"annotations[{annotations.Count}].x"] = PlotlyJson.Number((narrowCell.Left + narrowCell.Right) / 2);
                    narrow[$"annotations[{annotations.Count}].y"] = PlotlyJson.Number(narrowCell.Top);
                }
                annotations.Add(CellTitle(title, cell));
            }
        }
        FitTop(layout);
        return new Figure(traces, layout, config: cells[0].config);
    }

    /// <summary>A trace on its cell's axes, in the colour it has in a figure of its own; a name that another cell has used keeps that colour.</summary>
    private static JsonObject InCell(JsonObject trace, Cell cell, string colour, Dictionary<string, string> colours)
    {
        var moved = (JsonObject)trace.DeepClone();
        if (trace["type"].AsText() is "surface" or "scatter3d")
        {
            moved["scene"] = "scene" + cell.Suffix;
        }
        else
        {
            moved["xaxis"] = "x" + cell.Suffix;
            moved["yaxis"] = "y" + cell.Suffix;
        }
        // Colour bars of cells would lie upon each other; a shared colour axis keeps its one.
        if (moved.ContainsKey("colorbar") || moved.ContainsKey("colorscale"))
            moved["showscale"] = false;
        if (moved["name"].AsText() is string name)
        {
            moved["legendgroup"] = name;
            if (!colours.TryAdd(name, colour))
                moved["showlegend"] = false;
            colour = colours[name];
        }
        // Plotly counts colours through all cells, so that one name would change its colour from cell to cell.
        bool hasColour = moved["line"] is JsonObject line && line.ContainsKey("color") || moved["marker"] is JsonObject marker && marker.ContainsKey("color");
        if (!hasColour && moved["type"].AsText() is "scatter" or "bar")
            moved.SetPath(moved["mode"].AsText() == "lines" ? "line.color" : "marker.color", colour);
        return moved;
    }

    private static void CopyLayout(JsonObject from, JsonObject to, Cell cell)
    {
        foreach ((string key, JsonNode? value) in from)
        {
            switch (key)
            {
                case "xaxis" or "yaxis":
                    var axis = (JsonObject)value!.DeepClone();
                    axis["domain"] = key == "xaxis" ? PlotlyJson.Range(cell.Left, cell.Right) : PlotlyJson.Range(cell.Bottom, cell.Top);
                    axis["anchor"] = (key == "xaxis" ? "y" : "x") + cell.Suffix;
                    if (axis.ContainsKey("scaleanchor"))
                        axis["scaleanchor"] = "x" + cell.Suffix;
                    to[key + cell.Suffix] = axis;
                    break;
                case "scene":
                    var scene = (JsonObject)value!.DeepClone();
                    scene["domain"] = new JsonObject
                    {
                        ["x"] = PlotlyJson.Range(cell.Left, cell.Right),
                        ["y"] = PlotlyJson.Range(cell.Bottom, cell.Top),
                    };
                    to[key + cell.Suffix] = scene;
                    break;
                case "annotations" or "shapes":
                    foreach (JsonObject item in ((JsonArray)value!).OfType<JsonObject>())
                        Items(to, key).Add(Moved(item, cell));
                    break;
                // What a cell says of itself is not true of the whole.
                case "title" or "meta":
                    break;
                default:
                    if (!to.ContainsKey(key))
                        to[key] = value?.DeepClone();
                    break;
            }
        }
    }

    /// <summary>A cell's place on a narrow page, as paths into the layout.</summary>
    private static void Narrow(JsonObject from, JsonObject narrow, Cell cell)
    {
        foreach (string key in from.Select(part => part.Key).Where(key => key is "xaxis" or "yaxis" or "scene"))
        {
            string path = key + cell.Suffix + ".domain";
            if (key is "xaxis" or "scene")
                narrow[key == "scene" ? path + ".x" : path] = PlotlyJson.Range(cell.Left, cell.Right);
            if (key is "yaxis" or "scene")
                narrow[key == "scene" ? path + ".y" : path] = PlotlyJson.Range(cell.Bottom, cell.Top);
            if (key is "scene")
            {
                foreach ((string scenePath, JsonNode? value) in NarrowScene(key + cell.Suffix))
                    narrow[scenePath] = value?.DeepClone();
            }
        }
    }

    private static JsonObject Moved(JsonObject item, Cell cell)
    {
        var moved = (JsonObject)item.DeepClone();
        foreach (string axis in (string[])["x", "y"])
        {
            string reference = moved[axis + "ref"].AsText() ?? axis;
            if (reference == axis || reference.StartsWith(axis + " ", StringComparison.Ordinal))
                moved[axis + "ref"] = axis + cell.Suffix + reference[1..];
        }
        return moved;
    }

    private static JsonObject CellTitle(string title, Cell cell) => new()
    {
        ["text"] = title,
        ["x"] = PlotlyJson.Number((cell.Left + cell.Right) / 2),
        ["y"] = PlotlyJson.Number(cell.Top),
        ["xref"] = "paper",
        ["yref"] = "paper",
        ["xanchor"] = "center",
        ["yanchor"] = "bottom",
        ["showarrow"] = false,
        ["font"] = new JsonObject { ["size"] = 14 },
    };

    /// <summary>A cell's part of the picture, from 0 to 1, and the ending of its axes' names.</summary>
    private readonly record struct Cell(double Left, double Right, double Bottom, double Top, string Suffix)
    {
        public static Cell At(int index, int rows, int columns, double below)
        {
            int row = index / columns, column = index % columns;
            // Beside a cell there is room for tick labels and an axis title.
            double besides = columns > 1 ? Math.Min(0.1, 0.3 / columns) : 0;
            double width = (1 - (besides * (columns - 1))) / columns;
            double height = (1 - (below * (rows - 1))) / rows;
            double left = column * (width + besides);
            double top = 1 - (row * (height + below));
            string suffix = index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture);
            return new Cell(left, Math.Min(1, left + width), Math.Max(0, top - height), top, suffix);
        }
    }
}
