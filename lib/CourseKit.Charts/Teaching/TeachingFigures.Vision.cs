using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>Grey-scale images from a batch.</summary>
    /// <param name="images">N x 1 x H x W or N x H x W.</param>
    /// <param name="names">A line above each, such as its label.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <exception cref="ArgumentException">The tensor is not a batch of images of one channel.</exception>
    public static Figure ImageGrid(Tensor images, IReadOnlyList<string>? names = null, int columns = 5)
    {
        ArgumentNullException.ThrowIfNull(images);
        int rank = images.Shape.Rank;
        if (rank is not (3 or 4) || rank == 4 && images.Shape[1] != 1)
            throw new ArgumentException($"A grid of images wants a batch of one channel, N x 1 x H x W or N x H x W, and got {images.Shape}.", nameof(images));
        return ImageGrid(Planes(images), names, columns);
    }

    /// <summary>The filters of a convolution as pictures, one for each output channel and input channel; orange weights add, blue ones take away, on one scale symmetrical around 0.</summary>
    /// <param name="weight">The weights, outputs x inputs x height x width; for a colour image the filters' channels stand one after the other.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="mostShown">At most so many are shown, the first ones.</param>
    /// <exception cref="ArgumentException">The tensor has not four axes.</exception>
    /// <example><code>TeachingFigures.Filters(convolution.Weight)</code></example>
    public static Figure Filters(Tensor weight, int columns = 8, int mostShown = 64)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostShown);
        if (weight.Shape.Rank != 4)
            throw new ArgumentException($"Filters are outputs x inputs x height x width, such as those of a Conv2d's Weight, and this is {weight.Shape}.", nameof(weight));
        int inputs = weight.Shape[1];
        double[][,] filters = Planes(weight);
        string[] names = [.. filters.Take(mostShown).Select((_, i) => inputs == 1 ? $"{i / inputs}" : $"{i / inputs}, {i % inputs}")];
        string shown = filters.Length > mostShown ? $"the first {mostShown} of {filters.Length}; " : "";
        return WeightTemplates(filters.Take(mostShown), names, columns)
            .Title("Filters", $"{shown}{(inputs == 1 ? "output channel" : "output channel, input channel")} above each");
    }

    /// <summary>What each channel of a layer answers to one image, on one scale.</summary>
    /// <param name="activations">The layer's output for one image: channels x height x width, or 1 x channels x height x width.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="mostShown">At most so many are shown, the first ones.</param>
    /// <exception cref="ArgumentException">The tensor is not the output for one image.</exception>
    /// <example><code>TeachingFigures.FeatureMaps(convolution.Forward(image))</code></example>
    public static Figure FeatureMaps(Tensor activations, int columns = 8, int mostShown = 64)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostShown);
        int rank = activations.Shape.Rank;
        if (rank is not (3 or 4) || rank == 4 && activations.Shape[0] != 1)
            throw new ArgumentException($"Feature maps are those of one image, channels x height x width, and this is {activations.Shape}: take one image of the batch.", nameof(activations));
        double[][,] maps = Planes(activations);
        double[][,] shown = [.. maps.Take(mostShown)];
        (double low, double high) = Extremes(shown.SelectMany(map => map.Cast<double>()));
        // After a ReLU there is nothing below 0, and black is silence.
        bool isRectified = low >= 0;
        JsonNode colours = isRectified ? Palette.Sequential : Palette.Diverging();
        double most = Math.Max(Math.Max(-low, high), 1e-9);
        return ImageGrid(shown, [.. shown.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))], columns, colours, isRectified ? 0 : -most, most, "activation")
            .Title("Feature maps", maps.Length > mostShown ? $"the first {mostShown} of {maps.Length} channels" : "one for each channel");
    }

    /// <summary>Which pixels a decision hangs on: the image, the saliency, and the saliency laid over the image.</summary>
    /// <param name="image">The image, row 0 at the top.</param>
    /// <param name="saliency">How much each pixel matters, in the same shape; its sign is not shown.</param>
    /// <param name="title">What was asked, such as "Why a 7?".</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Figure Saliency(double[,] image, double[,] saliency, string title = "Saliency")
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(saliency);
        (int rows, int columns) = (image.GetLength(0), image.GetLength(1));
        if (saliency.GetLength(0) != rows || saliency.GetLength(1) != columns)
            throw new ArgumentException($"Each pixel needs a saliency, but the image has {rows} x {columns} pixels and the saliency {saliency.GetLength(0)} x {saliency.GetLength(1)}.", nameof(saliency));
        var strength = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                strength[row, column] = Math.Abs(saliency[row, column]);
        }
        (double low, double high) = Extremes(image.Cast<double>());
        double most = Math.Max(Extremes(strength.Cast<double>()).High, 1e-12);
        Figure plain = Picture(image, Palette.Grey(), low, high, "brightness");
        Figure heat = Picture(strength, Palette.Heat(), 0, most, "saliency");
        return Figure.Grid(1, 3,
        [
            plain.Title("image"),
            Picture(strength, Palette.Sequential, 0, most, "saliency").Title("saliency"),
            plain.Add(heat).Title("both"),
        ], 380, GapOfImages, 1).Title(title).Set("margin.b", 20);
    }

    /// <summary>The saliency of a model's score for a class: the gradient of that score by each pixel (Simonyan, Vedaldi and Zisserman 2014).</summary>
    /// <param name="model">From 1 x 1 x H x W to 1 x classes. It is left as it was, without gradients.</param>
    /// <param name="image">One image, 1 x 1 x H x W.</param>
    /// <param name="label">The class asked about, counted from 0.</param>
    /// <param name="title">What was asked.</param>
    /// <exception cref="ArgumentException">The image has another shape, or there is no such class.</exception>
    /// <example><code>TeachingFigures.Saliency(model, image, label: 7)</code></example>
    public static Figure Saliency(Module model, Tensor image, int label, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        if (image.Shape.Rank != 4 || image.Shape[0] != 1 || image.Shape[1] != 1)
            throw new ArgumentException($"Saliency is that of one grey-scale image, 1 x 1 x H x W, and this is {image.Shape}.", nameof(image));
        bool wasTraining = model.IsTraining;
        model.Eval();
        try
        {
            Tensor pixels = Tensor.From(image.ToDoubleArray(), image.Shape, image.Device);
            pixels.RequiresGrad = true;
            Tensor scores = model.Forward(pixels);
            if (label < 0 || label >= scores.Count)
                throw new ArgumentException($"The model gives {scores.Count} scores, counted from 0, and class {label} was asked about.", nameof(label));
            var asked = new double[scores.Count];
            asked[label] = 1;
            scores.Backward(Tensor.From(asked, scores.Shape, scores.Device));
            model.ZeroGrad();
            return Saliency(Planes(image)[0], Planes(pixels.Grad!)[0], title ?? $"What speaks for or against class {label}");
        }
        finally
        {
            model.Train(wasTraining);
        }
    }

    /// <summary>
    /// A convolution step by step, as deep learning means it (a cross-correlation): the window on the input, the kernel, and
    /// the output that fills, with the sum of each step under the title.
    /// </summary>
    /// <param name="input">The input, row 0 at the top; small, so that its numbers can be read.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="stride">How far the window moves.</param>
    /// <param name="padding">How many zeros are put around the input.</param>
    /// <exception cref="ArgumentException">The kernel is larger than the padded input.</exception>
    /// <example><code>TeachingFigures.ConvolutionSteps(image, new double[,] { { 1, 0, -1 }, { 1, 0, -1 }, { 1, 0, -1 } })</code></example>
    public static Figure ConvolutionSteps(double[,] input, double[,] kernel, int stride = 1, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        (int height, int width) = (input.GetLength(0) + (2 * padding), input.GetLength(1) + (2 * padding));
        (int kernelHeight, int kernelWidth) = (kernel.GetLength(0), kernel.GetLength(1));
        if (kernelHeight > height || kernelWidth > width)
            throw new ArgumentException($"The kernel of {kernelHeight} x {kernelWidth} does not fit into the input of {height} x {width}, padding included: take a smaller kernel or more padding.", nameof(kernel));
        var padded = new double[height, width];
        for (int row = 0; row < input.GetLength(0); row++)
        {
            for (int column = 0; column < input.GetLength(1); column++)
                padded[row + padding, column + padding] = input[row, column];
        }
        (int outputHeight, int outputWidth) = (((height - kernelHeight) / stride) + 1, ((width - kernelWidth) / stride) + 1);
        var output = new double[outputHeight, outputWidth];
        var done = new double[outputHeight, outputWidth];
        for (int row = 0; row < outputHeight; row++)
        {
            for (int column = 0; column < outputWidth; column++)
            {
                done[row, column] = double.NaN;
                for (int i = 0; i < kernelHeight; i++)
                {
                    for (int j = 0; j < kernelWidth; j++)
                        output[row, column] += padded[(row * stride) + i, (column * stride) + j] * kernel[i, j];
                }
            }
        }
        (double low, double high) = Extremes(padded.Cast<double>());
        double kernelMost = Magnitude(kernel.Cast<double>()), outputMost = Math.Max(Magnitude(output.Cast<double>()), 1e-9);
        Figure kernelCell = Written(Picture(kernel, Palette.Diverging(), -kernelMost, kernelMost, "weight"), kernel).Title("kernel");
        return Figure.Animate(Enumerable.Range(0, outputHeight * outputWidth).Select(step =>
        {
            (int row, int column) = (step / outputWidth, step % outputWidth);
            done[row, column] = output[row, column];
            var terms = new List<string>();
            for (int i = 0; i < kernelHeight; i++)
            {
                for (int j = 0; j < kernelWidth; j++)
                {
                    if (kernel[i, j] != 0)
                        terms.Add($"{Number(padded[(row * stride) + i, (column * stride) + j])}·{Bracketed(kernel[i, j])}");
                }
            }
            string sum = terms.Count is > 0 and <= 9 ? $"{string.Join(" + ", terms)} = " : "the sum of the products is ";
            Figure grid = Figure.Grid(1, 3,
            [
                Window(Written(Picture(padded, Palette.Grey(), low, high, "input"), padded), row * stride, column * stride, kernelHeight, kernelWidth).Title("input"),
                kernelCell,
                Window(Written(Picture(done, Palette.Diverging(), -outputMost, outputMost, "output"), done), row, column, 1, 1, (outputHeight, outputWidth)).Title("output"),
            ], 400, GapOfImages, 1).Title("Convolution, step by step", sum + Number(output[row, column])).Set("margin.b", 20);
            return ((step + 1).ToString(CultureInfo.InvariantCulture), grid);
        }).ToArray(), "step ");

        static string Bracketed(double value) => value < 0 ? $"({Number(value)})" : Number(value);
    }

    private const double GapOfImages = 34;

    /// <summary>Every image of a tensor whose last two axes are rows and columns.</summary>
    private static double[][,] Planes(Tensor tensor)
    {
        double[] values = tensor.ToDoubleArray();
        (int rows, int columns) = (tensor.Shape[-2], tensor.Shape[-1]);
        int size = rows * columns;
        return [.. Enumerable.Range(0, size == 0 ? 0 : values.Length / size).Select(image =>
        {
            var plane = new double[rows, columns];
            for (int i = 0; i < size; i++)
                plane[i / columns, i % columns] = values[(image * size) + i];
            return plane;
        })];
    }

    /// <summary>The numbers in the cells, where the cells have room for them; Plotly picks dark or light letters by the cell's colour.</summary>
    private static Figure Written(Figure picture, double[,] values)
    {
        if (values.GetLength(0) > 12 || values.GetLength(1) > 12)
            return picture;
        var rows = new JsonArray();
        for (int row = 0; row < values.GetLength(0); row++)
            rows.Add(PlotlyJson.Texts(Enumerable.Range(0, values.GetLength(1)).Select(column => double.IsNaN(values[row, column]) ? "" : Number(values[row, column]))));
        return picture.SetTrace(0, "text", rows).SetTrace(0, "texttemplate", "%{text}").SetTrace(0, "xgap", 1).SetTrace(0, "ygap", 1);
    }

    /// <summary>A frame around some cells, and a faint one around those that are still empty.</summary>
    private static Figure Window(Figure picture, int row, int column, int height, int width, (int Rows, int Columns)? empty = null)
    {
        var frames = new JsonArray();
        if (empty is var (rows, columns))
            frames.Add(Frame(0, 0, rows, columns, "#8C8C8C", 1));
        frames.Add(Frame(row, column, height, width, Palette.Class(1), 4));
        return picture.Set("shapes", frames);

        static JsonObject Frame(int row, int column, int height, int width, string colour, double thickness) => new()
        {
            ["type"] = "rect",
            ["x0"] = column - 0.5,
            ["x1"] = column + width - 0.5,
            ["y0"] = row - 0.5,
            ["y1"] = row + height - 0.5,
            ["line"] = new JsonObject { ["color"] = colour, ["width"] = thickness },
        };
    }
}
