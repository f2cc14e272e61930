using ILGPU;

namespace CourseKit;

// A convolution as a matrix product whose operand, each window's numbers in a column, is never written down: a tile takes them from the images
// (Chetlur et al. 2014). One product for each group of channels.

/// <summary>The windows of the images: term (channel, tap) by place (image, output pixel), or that transposed.</summary>
internal readonly struct WindowsOperand(ArrayView<float> x, ConvolutionPlan plan, int parts, int placesOfPart, bool placesAreSummed) : ITileOperand
{
    private readonly ArrayView<float> x = x;
    private readonly ConvolutionPlan plan = plan;
    private readonly int parts = parts, placesOfPart = placesOfPart, placesAreSummed = placesAreSummed ? 1 : 0;

    public bool RunsAlongDepth => placesAreSummed != 0;

    public float At(int matrix, int first, int second)
    {
        int term = placesAreSummed != 0 ? second : first, group = matrix / parts;
        var place = matrix % parts * placesOfPart + (placesAreSummed != 0 ? first : second);
        if (place >= plan.Batch * plan.OutputArea)
            return 0;
        int image = place / plan.OutputArea, pixel = place % plan.OutputArea, channel = term / plan.KernelArea, tap = term % plan.KernelArea;
        return ConvolutionKernels.InputAt(x, plan, image * plan.InputChannels + group * plan.InputsPerGroup + channel,
            plan.Rows.InputAt(pixel / plan.Columns.Output, tap / plan.Columns.Kernel), plan.Columns.InputAt(pixel % plan.Columns.Output, tap % plan.Columns.Kernel));
    }
}

/// <summary>The gradients that reach an input: term (output channel, tap) by place (image, input pixel).</summary>
internal readonly struct ReachedOperand(ArrayView<float> dy, ConvolutionPlan plan) : ITileOperand
{
    private readonly ArrayView<float> dy = dy;
    private readonly ConvolutionPlan plan = plan;

    public bool RunsAlongDepth => false;

    public float At(int matrix, int first, int second)
    {
        int image = second / plan.InputArea, pixel = second % plan.InputArea, output = matrix * plan.OutputsPerGroup + first / plan.KernelArea, tap = first % plan.KernelArea;
        var row = ConvolutionKernels.OutputOf(plan.Rows, pixel / plan.Columns.Input, tap / plan.Columns.Kernel);
        var column = ConvolutionKernels.OutputOf(plan.Columns, pixel % plan.Columns.Input, tap % plan.Columns.Kernel);
        return row < 0 || column < 0 ? 0 : dy[((image * plan.OutputChannels + output) * plan.Rows.Output + row) * plan.Columns.Output + column];
    }
}

/// <summary>The weight with its input channels as rows: input channel by term (output channel, tap).</summary>
internal readonly struct WeightByInputOperand(ArrayView<float> weight, ConvolutionPlan plan) : ITileOperand
{
    private readonly ArrayView<float> weight = weight;
    private readonly ConvolutionPlan plan = plan;

    public bool RunsAlongDepth => true;

    public float At(int matrix, int first, int second)
        => weight[((matrix * plan.OutputsPerGroup + second / plan.KernelArea) * plan.InputsPerGroup + first) * plan.KernelArea + second % plan.KernelArea];
}

/// <summary>A group's output gradients: output channel by place, a part of the places for each product.</summary>
internal readonly struct OutputGradientOperand(ArrayView<float> dy, ConvolutionPlan plan, int parts, int placesOfPart) : ITileOperand
{
    private readonly ArrayView<float> dy = dy;
    private readonly ConvolutionPlan plan = plan;
    private readonly int parts = parts, placesOfPart = placesOfPart;

    public bool RunsAlongDepth => true;

    public float At(int matrix, int first, int second)
    {
        var place = matrix % parts * placesOfPart + second;
        return place >= plan.Batch * plan.OutputArea ? 0
            : dy[(place / plan.OutputArea * plan.OutputChannels + matrix / parts * plan.OutputsPerGroup + first) * plan.OutputArea + place % plan.OutputArea];
    }
}

/// <summary>Images as a result: a channel of a group by place (image, pixel).</summary>
internal readonly struct ImagesResult(ArrayView<float> numbers, int channels, int channelsOfGroup, int area, bool accumulate) : ITileResult
{
    private readonly ArrayView<float> numbers = numbers;
    private readonly int channels = channels, channelsOfGroup = channelsOfGroup, area = area, accumulate = accumulate ? 1 : 0;

    public void Put(int matrix, int row, int column, float sum)
    {
        var at = (column / area * channels + matrix * channelsOfGroup + row) * area + column % area;
        numbers[at] = accumulate != 0 ? numbers[at] + sum : sum;
    }
}

internal static class TileKernels
{
    public static void Product(MatrixOperand left, MatrixOperand right, MatrixResult result, TileSizes of) => Tiles.Multiply(left, right, result, of);

    public static void Convolution(MatrixOperand weight, WindowsOperand windows, ImagesResult y, TileSizes of) => Tiles.Multiply(weight, windows, y, of);

    public static void ConvolutionBackwardInput(WeightByInputOperand weight, ReachedOperand dy, ImagesResult dx, TileSizes of) => Tiles.Multiply(weight, dy, dx, of);

    public static void ConvolutionBackwardWeight(OutputGradientOperand dy, WindowsOperand windows, MatrixResult dw, TileSizes of) => Tiles.Multiply(dy, windows, dw, of);
}
