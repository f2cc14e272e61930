using CourseKit.Session.Guarding;

namespace CourseKit.Session.Cells;

/// <summary>A cell as an assembly, ready to run: nothing in it needs the compiler any more.</summary>
/// <param name="Assembly">The assembly's bytes; none where there is nothing to run, in a cell that is empty or only says what it is using.</param>
/// <param name="Symbols">Its debug information: which instruction belongs to which line.</param>
/// <param name="ScriptClass">The class that the cell became; its fields are the cell's variables.</param>
/// <param name="EntryPoint">The function of that class that starts the cell.</param>
/// <param name="Place">Where the array of all cells' variables has this cell's.</param>
/// <param name="EndsInExpression">Whether the cell's last line is an expression, whose value the cell has.</param>
/// <param name="Library">The part of the cell that no script may have; null in most cells.</param>
/// <param name="Disposed">The variables whose values are disposed of when the cell ends.</param>
/// <param name="Warnings">What the compiler remarked, in sentences.</param>
/// <param name="Suspicions">What the guard found; with one that is refused, nothing of the cell may be loaded.</param>
internal sealed record CompiledCell(
    byte[] Assembly,
    byte[] Symbols,
    string ScriptClass,
    string EntryPoint,
    int Place,
    bool EndsInExpression,
    LibraryImage? Library,
    IReadOnlyList<string> Disposed,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<Suspicion> Suspicions)
{
    public bool HasCode => Assembly.Length > 0;
}
