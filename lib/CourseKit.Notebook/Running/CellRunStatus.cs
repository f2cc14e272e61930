namespace CourseKit.Notebook;

/// <summary>How one code cell of a headless run ended.</summary>
public enum CellRunStatus
{
    /// <summary>The cell ran to its end.</summary>
    Ok,

    /// <summary>The cell did not compile, threw, or asks for a language nobody here speaks.</summary>
    Error,

    /// <summary>The cell ran into the time limit.</summary>
    TimedOut,

    /// <summary>The worker ended while the cell ran.</summary>
    Crashed,

    /// <summary>The run was cancelled while the cell ran.</summary>
    Cancelled,

    /// <summary>The cell was left out on purpose: it is tagged <c>skip-execution</c>.</summary>
    Skipped,

    /// <summary>The cell was not run because a cell before it ended the run.</summary>
    NotRun,
}
