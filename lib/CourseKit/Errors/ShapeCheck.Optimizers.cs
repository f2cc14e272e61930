namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void OptimizerState(string optimizer, string name, Shape expected, Shape got)
    {
        if (!got.Equals(expected))
            throw new ShapeException($"{optimizer} cannot restore {name}: its shape is {got}, and the parameter's is {expected}. The state was saved for another network, or the parameters are in another order.");
    }

    public static void Fan(Shape shape)
    {
        if (shape.Rank < 2)
            throw new ShapeException($"This initialization wants a matrix (outputs x inputs) or the weights of a convolution (outputs x inputs x kernel) and got {shape}: inputs and outputs cannot be told apart. For a bias take Initialize.Zeros, Constant or SmallPositive.");
    }

    public static void Images(string operation, Shape shape)
    {
        if (shape.Rank < 2)
            throw new ShapeException($"{operation} wants images, with rows and columns in the last two axes (for example N x C x H x W), and got {shape}: reshape it to H x W first.");
    }
}
