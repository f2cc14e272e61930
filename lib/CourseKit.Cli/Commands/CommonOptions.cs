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

    /// <summary>How many notebooks are run at once; null, the default, is what the machine allows.</summary>
    public static Option<int?> Jobs()
    {
        var option = new Option<int?>("--jobs", "-j") { Description = "Notebooks run at once; by default as many as processors and memory allow.", HelpName = "n" };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is not (> 0 and <= 1024))
                result.AddError("--jobs wants a number from 1 to 1024.");
        });
        return option;
    }

    public static Option<bool> Fresh() => new("--fresh") { Description = "Run every notebook, also where nothing has changed since a run that is kept." };

    public static Option<double> Timeout()
    {
        var option = new Option<double>("--timeout")
        {
            Description = "Seconds a cell may run before it is stopped.",
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
