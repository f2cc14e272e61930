using Spectre.Console;

namespace CourseKit.Cli.Terminal;

/// <summary>Standard error as a terminal: where progress goes, and what is said while it is drawn.</summary>
internal static class ErrorConsole
{
    /// <summary>The console that bars are drawn on.</summary>
    public static IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    /// <summary>Says a sentence, on a terminal above the bars that are being drawn.</summary>
    public static void Say(string sentence)
    {
        if (System.Console.IsErrorRedirected)
            System.Console.Error.WriteLine(sentence);
        else
            Console.WriteLine(sentence);
    }
}
