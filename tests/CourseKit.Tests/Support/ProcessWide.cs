namespace CourseKit.Tests;

/// <summary>Tests that change what the whole process shares (threads, the default device or generator, a stop request) run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Changes what the whole process shares";
}
