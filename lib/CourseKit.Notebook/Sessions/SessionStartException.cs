namespace CourseKit.Notebook;

/// <summary>A session's worker did not start; the message says why in a sentence.</summary>
public sealed class SessionStartException : InvalidOperationException
{
    /// <summary>Says why.</summary>
    public SessionStartException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what was behind it.</summary>
    public SessionStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
