using System.Globalization;
using Spectre.Console;
using TextTable = Spectre.Console.Table; // CourseKit.Table is a table of data

namespace CourseKit.Cli.Terminal;

/// <summary>A table on standard output; numbers in invariant culture.</summary>
internal static class Tables
{
    private static readonly IAnsiConsole Console = CreateConsole();

    public static TextTable Create(params (string Name, bool IsNumber)[] columns)
    {
        var table = new TextTable { Border = TableBorder.Simple, ShowRowSeparators = false };
        foreach (var (name, isNumber) in columns)
            table.AddColumn(new TableColumn(Markup.Escape(name)) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber });
        return table;
    }

    public static void Write(TextTable table) => Console.Write(table);

    /// <summary>On a terminal as the terminal is; in a file or a pipe without colours, and wide enough that no line is wrapped.</summary>
    private static IAnsiConsole CreateConsole()
    {
        if (!System.Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(System.Console.Out) });
        console.Profile.Width = 240;
        return console;
    }

    public static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>Seconds that a run took, marked where it is one that was kept.</summary>
    public static string Seconds(double seconds, bool taken) => taken ? $"kept {Seconds(seconds)}" : Seconds(seconds);
}
