namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void Features(string operation, int features, Shape shape)
    {
        if (shape.Rank != 2 || shape[1] != features)
            throw new ShapeException($"{operation} was fitted on {features} features and got {shape}: it wants a matrix with one row for each example and the same {features} columns.");
    }

    public static void SomeExamples(string operation, Shape shape)
    {
        Matrix(operation, shape);
        if (shape[0] == 0)
            throw new ShapeException($"{operation} got {shape}: it has no rows to measure; see what was filtered away or split off before.");
    }

    public static void FiniteFeature(string operation, int feature, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"{operation}: feature {feature} of the training part holds NaN or an infinite number. Fill gaps with an Imputer first, or drop the rows.");
    }

    public static void ImageBatch(string operation, Shape shape)
    {
        if (shape.Rank != 4)
            throw new ShapeException($"{operation} wants images of shape N x channels x height x width and got {shape}{(shape.Rank == 3 ? ": reshape one channel, or one image, so that there are four axes" : "")}.");
    }

    public static void Masks(Shape images, Shape masks)
    {
        ImageBatch("An augmentation of masks", masks);
        if (masks[0] != images[0] || masks[2] != images[2] || masks[3] != images[3])
            throw new ShapeException($"An augmentation got images of shape {images} and masks of shape {masks}: there must be one mask for each image, of the same height and width.");
    }

    public static void Channels(int channels, Shape shape)
    {
        ImageBatch("ChannelNormalizer", shape);
        if (shape[1] != channels)
            throw new ShapeException($"ChannelNormalizer knows {channels} channels and got {shape}: the second axis counts the channels.");
    }

    public static void OneHotRow(bool isOneHot, int row, Shape shape)
    {
        if (!isOneHot)
            throw new ArgumentException($"OneHot.Decode: row {row} of {shape} is not one 1 among zeros. For probabilities or scores use ArgMax(-1).");
    }

    public static void OneHotWidth(Shape shape)
    {
        if (shape.Rank == 0 || shape[-1] == 0)
            throw new ShapeException($"OneHot.Decode got {shape}: the last axis must hold one number for each class.");
    }

    public static void ClassCount(int index, int place, int classes)
    {
        if (index < 0)
            throw new ArgumentOutOfRangeException(null, $"OneHot.Encode got the class {index} at place {place}: classes are numbered from 0.");
        if (index >= classes)
            throw new ArgumentOutOfRangeException(null, $"OneHot.Encode got the class {index} at place {place}, but there are {classes} classes, numbered 0 to {classes - 1}.");
    }

    public static void EqualLengths(int expected, int length, int row)
    {
        if (length != expected)
            throw new ShapeException($"Sequence {row} has {length} letters and the first one {expected}: sequences in one tensor must be equally long, so cut or pad them first.");
    }
}
