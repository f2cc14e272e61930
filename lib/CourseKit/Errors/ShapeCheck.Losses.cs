namespace CourseKit;

// What activations and losses ask of shapes.
internal static partial class ShapeCheck
{
    public static void PReluSlopes(Shape slopes, Shape input)
    {
        if (slopes.Rank > 1)
            throw new ShapeException($"PRelu wants its slopes in one axis and got {slopes}.");
        if (slopes.ElementCount != 1 && (input.Rank < 2 || input[1] != slopes.ElementCount))
            throw new ShapeException($"PRelu got {slopes.ElementCount} slopes for {input}: it wants one slope, or as many as axis 1 (the channels) is long.");
    }

    public static void Classes(string operation, Shape scores)
    {
        if (scores.Rank < 2)
            throw new ShapeException($"{operation} wants scores of shape N x classes and got {scores}: one row for each example, one column for each class.");
    }

    public static void ClassTargets(string operation, Shape scores, Shape targets)
    {
        Classes(operation, scores);
        if (targets.Rank == scores.Rank - 1 && targets[0] == scores[0] && targets.AsSpan()[1..].SequenceEqual(scores.AsSpan()[2..]))
            return;
        throw new ShapeException(scores.Rank == 2
            ? $"{operation} got scores of shape {scores} and class targets of shape {targets}: it wants one class index for each of the {scores[0]} rows."
            : $"{operation} got scores of shape {scores} and class targets of shape {targets}: it wants one class index for each place, in the scores' shape without the classes' axis 1.");
    }

    public static void ClassIndex(string operation, int index, int row, int classes) => ClassIndex(operation, index, "row", row, classes);

    public static void ClassIndex(string operation, int index, string place, int at, int classes)
    {
        if (index < 0 || index >= classes)
            throw new ArgumentOutOfRangeException(null, $"{operation} got the class {index} in {place} {at}, but there are {classes} classes, numbered 0 to {classes - 1}{(index == classes ? ": take 1 from labels that begin at 1" : "")}.");
    }

    public static void ClassWeights(string operation, Shape weights, int classes)
    {
        if (weights.Rank != 1 || weights[0] != classes)
            throw new ShapeException($"{operation} got class weights of shape {weights} for {classes} classes: it wants one weight for each class.");
    }

    public static void MeanOfNothing(string operation, Shape values)
    {
        if (values.ElementCount == 0)
            throw new ShapeException($"{operation} got an empty batch (shape {values}), and the mean of no losses is no number: skip the batch, or use Reduction.Sum, which gives 0.");
    }

    public static void AllIgnored(string operation, int ignoreIndex)
        => throw new ShapeException($"{operation} got a batch in which every class is {ignoreIndex}, the one that is ignored, and the mean of no losses is no number: skip the batch, or use Reduction.Sum, which gives 0.");

    public static void Spread(string operation, string what, Shape prediction, Shape spread)
    {
        // One spread for all features of an example is the usual exception.
        if (spread.Equals(prediction) || spread.Rank == prediction.Rank && spread.Rank > 0 && spread[-1] == 1 && spread.AsSpan()[..^1].SequenceEqual(prediction.AsSpan()[..^1]))
            return;
        throw new ShapeException($"{operation} got predictions of shape {prediction} and a {what} of shape {spread}: it wants one for each prediction, or one for each example (last axis 1).");
    }

    public static void RowsOfVectors(string operation, Shape shape)
    {
        if (shape.Rank != 2)
            throw new ShapeException($"{operation} wants vectors in rows, N x features, and got {shape}.");
    }
}
