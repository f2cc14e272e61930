using System.Reflection;

namespace CourseKit.Exercises;

/// <summary>Student code's exceptions in one sentence, however strange the exception.</summary>
internal static class ExceptionText
{
    /// <summary>The exception that matters, without what reflection, tasks and static fields wrap around it.</summary>
    public static Exception Unwrap(Exception exception)
    {
        while (true)
        {
            var inner = exception switch
            {
                TargetInvocationException or TypeInitializationException => exception.InnerException,
                AggregateException { InnerExceptions.Count: 1 } aggregate => aggregate.InnerExceptions[0],
                _ => null,
            };
            if (inner is null) return exception;
            exception = inner;
        }
    }

    /// <summary>Type and message, with the usual cause where one is known.</summary>
    public static string Of(Exception exception)
    {
        var message = Text.OneLine(MessageOf(exception));
        var sentence = message.Length == 0 ? exception.GetType().Name : $"{exception.GetType().Name}: {message}";
        var cause = UsualCause(exception);
        return cause is null ? sentence : $"{Text.EndSentence(sentence)} {cause}";
    }

    // An exception class can be written by the student, and its Message can do anything, even throw.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception fromMessage) when (!HostSignal.Is(fromMessage))
        {
            return "";
        }
    }

    private static string? UsualCause(Exception exception) => exception switch
    {
        IndexOutOfRangeException or ArgumentOutOfRangeException =>
            "An index usually runs from 0 to length - 1",
        NullReferenceException =>
            "Something was used before it was given a value",
        _ => null,
    };
}
