namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void ParameterVector(Shape got, long parameters)
    {
        if (got.Rank != 1 || got[0] != parameters)
            throw new ShapeException($"ParameterVector.Set got a vector of shape {got} for {parameters} parameters: it wants one axis with one number for each, as ParameterVector.Of gives.");
    }

    public static void SquareMatrix(string operation, Shape shape)
    {
        if (shape.Rank != 2 || shape[0] != shape[1])
            throw new ShapeException($"{operation} wants a square matrix and got {shape}.");
    }
}
