namespace CourseKit.Notebook;

/// <summary>What a cell of a notebook is for.</summary>
public enum CellKind
{
    /// <summary>Code that a kernel runs; the only kind with outputs.</summary>
    Code,

    /// <summary>Text in Markdown, shown typeset.</summary>
    Markdown,

    /// <summary>Anything else: kept and shown as it is, never run.</summary>
    Raw,
}
