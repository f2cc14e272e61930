namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void ScoreEach(string metric, Shape scores, Shape actual)
    {
        // A column of scores (N x 1), as a network gives it, stands for N of them.
        if (scores.ElementCount != actual.ElementCount || scores[0] != actual[0])
            throw new ShapeException($"{metric} got scores of shape {scores} and classes of shape {actual}: it wants one score of the positive class for each class{(scores.Rank == 2 && scores[1] == 2 ? ", scores.Columns(1, 1) of a network with two outputs" : "")}.");
    }

    public static (int Planes, int Height, int Width) ImagesOfWindow(string metric, Shape shape, int atLeast)
    {
        if (shape.Rank is < 2 or > 4)
            throw new ShapeException($"{metric} wants an image (height x width), its channels first (C x height x width) or a batch (N x C x height x width), and got {shape}.");
        var (height, width) = (shape[-2], shape[-1]);
        if (height < atLeast || width < atLeast)
            throw new ShapeException($"{metric} looks through a window of {atLeast}x{atLeast} pixels and got {shape}: the image must be at least as large.");
        return (shape.ElementCount / (height * width), height, width);
    }
}
