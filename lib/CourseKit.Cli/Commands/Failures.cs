using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.Cli.Commands;

/// <summary>Errors a user can do something about become one sentence; anything else is a bug and keeps its stack trace.</summary>
internal static class Failures
{
    public static string? Sentence(Exception exception, string file) => exception switch
    {
        NotebookFormatException format => format.Message,
        GradingException grading => grading.Message,
        ReleaseRefusedException refused => refused.Message,
        SessionStartException or TimeoutException => $"{file}: {exception.Message}",
        FileNotFoundException or DirectoryNotFoundException => $"{file}: {exception.Message}",
        UnauthorizedAccessException => $"{file}: no permission: {exception.Message}",
        IOException => $"{file}: {exception.Message}",
        _ => null,
    };

    public static void Write(string sentence) => Console.Error.WriteLine(sentence);
}
