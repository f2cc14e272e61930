using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>
    /// The weights that lead to each output as pictures, the templates that a linear classifier compares its input with.
    /// Orange adds to the output, blue takes from it; all share one scale, symmetrical around 0.
    /// </summary>
    /// <param name="templates">For each output its weights, row 0 at the top.</param>
    /// <param name="names">The outputs' names.</param>
    /// <param name="columns">How many stand in a row.</param>
    public static Figure WeightTemplates(IEnumerable<double[,]> templates, IReadOnlyList<string>? names = null, int columns = 5)
    {
        double[][,] images = Images(templates, nameof(templates));
        double most = images.SelectMany(image => image.Cast<double>()).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max();
        return ImageGrid(images, names, columns, Palette.Diverging(), -most, most, "weight").Title("Weight templates");
    }

    /// <summary>Grey-scale images side by side.</summary>
    /// <param name="images">The images, row 0 at the top.</param>
    /// <param name="names">A line above each, such as its label.</param>
    /// <param name="columns">How many stand in a row.</param>
    public static Figure ImageGrid(IEnumerable<double[,]> images, IReadOnlyList<string>? names = null, int columns = 5)
    {
        double[][,] all = Images(images, nameof(images));
        double[] pixels = [.. all.SelectMany(image => image.Cast<double>()).Where(double.IsFinite).DefaultIfEmpty(0)];
        return ImageGrid(all, names, columns, Palette.Grey(), pixels.Min(), pixels.Max(), "brightness").Title("Images");
    }

    private static double[][,] Images(IEnumerable<double[,]> images, string parameter)
    {
        ArgumentNullException.ThrowIfNull(images, parameter);
        double[][,] all = [.. images];
        return all.Length > 0 ? all : throw new ArgumentException("There is no image to show.", parameter);
    }

    private static Figure ImageGrid(double[][,] images, IReadOnlyList<string>? names, int columns, JsonNode colours, double low, double high, string measure)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (names is not null && names.Count != images.Length)
            throw new ArgumentException($"Each image needs a name, but there are {images.Length} images and {names.Count} names.", nameof(names));
        columns = Math.Min(columns, images.Length);
        int rows = (images.Length + columns - 1) / columns;
        IEnumerable<Figure> cells = images.Select((image, i) => Cell(image, names?[i]));
        double gap = names is null ? 12 : 34;
        double side = Math.Clamp(640.0 / columns, 90, 220);
        return Figure.Grid(rows, columns, cells, (rows * side) + ((rows - 1) * gap) + 124, gap, Math.Min(columns, 4))
            .Set("margin.b", 20)
            .Set("coloraxis", new JsonObject
            {
                ["colorscale"] = colours.DeepClone(),
                ["cmin"] = PlotlyJson.Number(low),
                ["cmax"] = PlotlyJson.Number(high),
                ["colorbar"] = new JsonObject
                {
                    ["outlinewidth"] = 0,
                    ["thickness"] = 16,
                    ["title"] = Figure.ColourBarTitle(measure),
                },
            });

        static Figure Cell(double[,] image, string? name)
        {
            Figure cell = Figure.HeatMap(image)
                .WithoutTrace(0, "colorscale", "colorbar")
                .SetTrace(0, "coloraxis", "coloraxis")
                .SetTrace(0, "hovertemplate", "row %{y}, column %{x}<br>%{z:.4g}<extra></extra>")
                .EqualAxes()
                .Set("yaxis.autorange", "reversed")
                // Where an image is wider than high, it stands right below its name.
                .Set("yaxis.constraintoward", "top")
                .Set("xaxis.visible", false)
                .Set("yaxis.visible", false);
            return name is null ? cell : cell.Title(name);
        }
    }
}
