namespace CourseKit;

/// <summary>Tensors whose shapes do not fit. The message names the operation or layer, what it wanted, what it got and what to do.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Makes the exception with its one sentence.</summary>
    public ShapeException(string message) : base(message)
    {
    }
}
