using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CourseKit.Cli.Commands;

/// <summary>Arguments and options that several commands share.</summary>
internal static class CommonOptions
{
    public static Argument<string[]> Notebooks(string description) => new("notebooks")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Option<bool> Json() => new("--json") { Description = "Answer with JSON on standard output." };

    /// <summary>How many notebooks are run at once; null, the default, is what the machine allows.</summary>
    public static Option<int?> Jobs() => new("--jobs", "-j")
    {
        Description = "Notebooks run at once; by default one for each two processors, as far as memory allows.",
        HelpName = "n",
        CustomParser = result => ParseJobs(result),
    };

    /// <summary>What stands behind <c>--jobs</c>; anything but a sensible number is refused with a sentence.</summary>
    public static int ParseJobs(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs is > 0 and <= 1024)
            return jobs;
        result.AddError("--jobs wants a number from 1 to 1024.");
        return 1;
    }

    public static Option<bool> Fresh() => new("--fresh") { Description = "Run every notebook, also where nothing has changed since a run that is kept." };

    public static Option<double> Timeout() => new("--timeout")
    {
        Description = "Seconds a cell may run before it is stopped. A session that starts slowly, on a busy machine, takes none of them: it is given ten minutes, or the seconds in COURSEKIT_START_TIMEOUT.",
        DefaultValueFactory = _ => 120,
        HelpName = "seconds",
        CustomParser = result =>
        {
            // A point is a point, whatever this user writes in a letter.
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400)
                return seconds;
            result.AddError("--timeout wants a number of seconds above 0, at most 86400 (a day).");
            return 0;
        },
    };
}
