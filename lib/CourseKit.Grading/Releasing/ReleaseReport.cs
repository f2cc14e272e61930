using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>How a release is verified.</summary>
public sealed record ReleaseOptions
{
    /// <summary>Run the reference, the students' version and every mutant before anything is written; on unless switched off.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>How both are run.</summary>
    public NotebookRunOptions Run { get; init; } = new();

    /// <summary>Called after each mutant, where the notebook has some.</summary>
    public Action<MutantProgress>? OnMutant { get; init; }
}

/// <summary>What came of a release.</summary>
/// <param name="Notebook">The instructor's notebook.</param>
/// <param name="Target">Where the students' version stands, if it was accepted.</param>
/// <param name="Problems">What speaks against it; empty when it was accepted.</param>
public sealed record ReleaseReport(string Notebook, string Target, IReadOnlyList<NotebookProblem> Problems)
{
    /// <summary>Nothing speaks against the release, and it was written.</summary>
    public bool Accepted => Problems.Count == 0;

    /// <summary>The reference's points; null when nothing was run.</summary>
    public NotebookScores? ReferenceScores { get; init; }

    /// <summary>The students' version's points; null when nothing was run.</summary>
    public NotebookScores? ReleaseScores { get; init; }

    /// <summary>What the tests made of the mutants; empty where there are none or nothing was run.</summary>
    public IReadOnlyList<MutantVerdict> Mutants { get; init; } = [];
}
