using System.CommandLine;

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

    public static Option<double> Timeout()
    {
        var option = new Option<double>("--timeout")
        {
            Description = "Seconds a cell may run before it is stopped. A session that starts slowly, on a busy machine, takes none of them: it is given ten minutes, or the seconds in COURSEKIT_START_TIMEOUT.",
            DefaultValueFactory = _ => 120,
            HelpName = "seconds",
        };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
                return;
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 86_400))
                result.AddError("--timeout wants a number of seconds above 0, at most 86400 (a day).");
        });
        return option;
    }
}
