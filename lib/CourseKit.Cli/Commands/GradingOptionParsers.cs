using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using CourseKit.Grading;

namespace CourseKit.Cli.Commands;

/// <summary>The options of <c>coursekit grade</c> that need a look before they mean anything.</summary>
internal static partial class GradingOptionParsers
{
    public static Option<int> Jobs() => new("--jobs", "-j")
    {
        Description = "Submissions graded at once; by default one for each processor.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        CustomParser = CommonOptions.ParseJobs,
        HelpName = "n",
    };

    public static Option<long> Memory() => new("--memory")
    {
        Description = "Memory one submission may use: 512M, 2G.",
        HelpName = "size",
        DefaultValueFactory = _ => new GradingOptions().MemoryBytes,
        CustomParser = result =>
        {
            var match = Size().Match(result.Tokens[0].Value);
            var shift = match.Groups["unit"].Value.ToUpperInvariant() switch { "K" => 10, "G" => 30, "T" => 40, _ => 20 };
            if (match.Success && double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * (1L << shift) is >= 1 << 26 and <= 1L << 50)
                return (long)(number * (1L << shift));
            result.AddError("--memory wants a size of 64M or more, such as 512M or 2G.");
            return 0;
        },
    };

    public static Option<SandboxKind?> Sandbox() => new("--sandbox")
    {
        Description = "How student code is kept apart: bwrap, docker or process; by default the strongest this machine has.",
        HelpName = "bwrap|docker|process",
        CustomParser = result => Refuse<SandboxKind?>(result, result.Tokens[0].Value switch
        {
            "bwrap" or "bubblewrap" => SandboxKind.Bubblewrap,
            "docker" => SandboxKind.Docker,
            "process" => SandboxKind.Process,
            _ => null,
        }, "--sandbox is bwrap, docker or process."),
    };

    public static Option<Shard?> Shard() => new("--shard")
    {
        Description = "Grade only this part of the class, such as 2/8: the second of eight. Join the parts with gradebook merge.",
        HelpName = "i/n",
        CustomParser = result => Refuse(result, CourseKit.Grading.Shard.TryParse(result.Tokens[0].Value, out var shard) ? shard : null, "--shard wants a part and how many there are, such as 2/8."),
    };

    public static Option<DateTimeOffset?> Due() => new("--due")
    {
        Description = "When the assignment was due, such as 2026-11-20T23:59+01:00; without a zone it is this machine's time.",
        HelpName = "time",
        CustomParser = result => Refuse<DateTimeOffset?>(result,
            DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time : null,
            "--due wants a time such as 2026-11-20T23:59."),
    };

    public static Option<CoursePlatform?> Format() => new("--format")
    {
        Description = "Write each student's results.json as well, with the fields of gradescope or prairielearn.",
        HelpName = "gradescope|prairielearn",
        CustomParser = result => Refuse<CoursePlatform?>(result, result.Tokens[0].Value switch
        {
            "gradescope" => CoursePlatform.Gradescope,
            "prairielearn" => CoursePlatform.PrairieLearn,
            _ => null,
        }, "--format is gradescope or prairielearn."),
    };

    private static T? Refuse<T>(System.CommandLine.Parsing.ArgumentResult result, T? value, string sentence)
    {
        if (value is null)
            result.AddError(sentence);
        return value;
    }

    [GeneratedRegex(@"^(?<number>\d+(\.\d+)?)(?<unit>[KMGT])(i?B)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
