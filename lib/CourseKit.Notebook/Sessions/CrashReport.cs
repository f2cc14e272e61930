using System.Globalization;

namespace CourseKit.Notebook.Sessions;

/// <summary>Says in one sentence why a worker ended while a cell ran.</summary>
internal static class CrashReport
{
    private const int OutOfMemory = -2147024882;

    // What the runtime writes when it dies; the first such line names the cause, the others are the stack.
    private static readonly string[] s_lastWords = ["Stack overflow", "Unhandled exception.", "Process terminated.", "Fatal error.", "Out of memory."];

    public static string Describe(int exitCode, int? calledExit, string standardError)
    {
        if (calledExit is { } code)
            return string.Create(CultureInfo.InvariantCulture, $"The cell ended the whole session: Environment.Exit({code}) was called. {Advice}");

        var lines = standardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = Array.FindIndex(lines, line => s_lastWords.Any(word => line.StartsWith(word, StringComparison.Ordinal)));
        var words = telling >= 0 ? Join(lines, telling) : lines.LastOrDefault();
        if (words?.StartsWith("Stack overflow", StringComparison.Ordinal) == true)
            return $"The cell crashed the session with a stack overflow: code called itself without end. {Advice}";

        var cause = exitCode switch
        {
            137 => "it was killed (signal 9), as the system does when memory runs out",
            139 => "it read or wrote memory that is not its own (signal 11)",
            134 => "it aborted (signal 6)",
            143 => "it was asked to end (signal 15)",
            OutOfMemory => "memory ran out",
            > 128 and < 160 => string.Create(CultureInfo.InvariantCulture, $"it ended by signal {exitCode - 128}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {exitCode}"),
        };
        return string.IsNullOrEmpty(words)
            ? $"The cell crashed the session's process: {cause}. {Advice}"
            : $"The cell crashed the session's process: {cause}; its last words were \"{words}\". {Advice}";
    }

    private const string Advice = "All variables are lost: start again with the first cell.";

    // "Process terminated." has its message on the same line or on the next.
    private static string Join(string[] lines, int index) =>
        lines[index].EndsWith("terminated.", StringComparison.Ordinal) && index + 1 < lines.Length ? lines[index] + " " + lines[index + 1] : lines[index];
}
