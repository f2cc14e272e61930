using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>How mutants are run.</summary>
public sealed record MutationOptions
{
    /// <summary>How the notebook is run.</summary>
    public NotebookRunOptions Run { get; init; } = new();

    /// <summary>Sessions at once; by default one for each processor.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Called after each mutant, never at the same time.</summary>
    public Action<MutantProgress>? OnVerdict { get; init; }
}

/// <summary>A mutant has been run.</summary>
/// <param name="Number">How many are done.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Verdict">What the tests made of it.</param>
public sealed record MutantProgress(int Number, int Count, MutantVerdict Verdict);
