namespace CourseKit.Grading;

/// <summary>The five kinds of cells in an nbgrader assignment, as its editor names them.</summary>
public enum NbgraderCellKind
{
    /// <summary>Written by the student, graded by a person.</summary>
    ManuallyGradedAnswer,

    /// <summary>Written by the student, graded by the tests that follow.</summary>
    AutogradedAnswer,

    /// <summary>The tests: points, locked.</summary>
    AutograderTests,

    /// <summary>A task in Markdown for which a person gives points.</summary>
    ManuallyGradedTask,

    /// <summary>Text or code that students must not change.</summary>
    ReadOnly,
}
