namespace CourseKit.Cli;

/// <summary>What the command tells the shell.</summary>
internal enum ExitCode
{
    Fine = 0,
    SomethingFailed = 1,
    UsedWrongly = 2,

    /// <summary>128 + SIGINT, as shells expect of a command stopped with Ctrl-C.</summary>
    Stopped = 130,
}
