using CourseKit.Notebook;

namespace CourseKit.Cli.Terminal;

/// <summary>Where work on one notebook tells how far it is.</summary>
internal interface INotebookReport
{
    /// <summary>A cell starts or has finished.</summary>
    void Cell(CellProgress progress);

    /// <summary>A few words about the notebook as a whole.</summary>
    void Say(string words);
}
