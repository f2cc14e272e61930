using System.Globalization;
using Spectre.Console;
using TextTable = Spectre.Console.Table; // CourseKit.Table is a table of data

namespace CourseKit.Cli.Terminal;

/// <summary>A table on standard output; numbers in invariant culture.</summary>
internal static class Tables
{
    public static TextTable Create(params (string Name, bool IsNumber)[] columns)
    {
        var table = new TextTable { Border = TableBorder.Simple, ShowRowSeparators = false };
        foreach (var (name, isNumber) in columns)
            table.AddColumn(new TableColumn(Markup.Escape(name)) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber });
        return table;
    }

    public static void Write(TextTable table)
    {
        // A log is as wide as its lines: without a terminal nothing is wrapped at 80 columns.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(table);
    }

    public static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
