namespace CourseKit.Exercises;

/// <summary>A check did not hold. The message is written for the student.</summary>
public sealed class CheckFailedException : Exception
{
    /// <summary>Says what was expected, what was got, and what usually causes it.</summary>
    public CheckFailedException(string message) : base(message) { }
}
