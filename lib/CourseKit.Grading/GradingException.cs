namespace CourseKit.Grading;

/// <summary>Something about grading a class that its teacher can mend: the message says what was expected, what was found and what to do.</summary>
public sealed class GradingException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Whole sentences for a person.</param>
    /// <param name="inner">What caused it, if anything did.</param>
    public GradingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
