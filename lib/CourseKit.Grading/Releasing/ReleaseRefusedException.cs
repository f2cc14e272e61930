namespace CourseKit.Grading;

/// <summary>A students' version cannot be made from a notebook; each problem says where and what to do.</summary>
public sealed class ReleaseRefusedException : Exception
{
    /// <summary>Collects the problems, one a line.</summary>
    public ReleaseRefusedException(IReadOnlyList<NotebookProblem> problems)
        : base(string.Join(Environment.NewLine, problems ?? throw new ArgumentNullException(nameof(problems)))) =>
        Problems = problems;

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<NotebookProblem> Problems { get; }
}
