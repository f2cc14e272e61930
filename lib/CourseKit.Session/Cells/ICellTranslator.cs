using System.Collections.Immutable;
using CourseKit.Session.Magics;

namespace CourseKit.Session.Cells;

/// <summary>
/// Turns what people write into what can be run: in this process, or in another one that is warm already. A session needs
/// no more of the compiler than this.
/// </summary>
internal interface ICellTranslator
{
    /// <summary>Cuts a cell at its language lines and commands.</summary>
    ImmutableArray<CellPart> Split(string code, CancellationToken cancellationToken);

    /// <summary>Compiles C# of a cell, which sees the names of the cells that were kept.</summary>
    /// <param name="text">What the C# stands in.</param>
    /// <param name="source">The C#.</param>
    /// <param name="isTrusted">In a guarded session: whether it is the author's.</param>
    /// <param name="references">The files that <c>#r</c> lines have brought in so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CellFailedException">It does not compile.</exception>
    CompiledCell Translate(CellText text, CellSource source, bool isTrusted, ImmutableArray<string> references, CancellationToken cancellationToken);

    /// <summary>Makes the names of the cell that was compiled last known to those after it.</summary>
    void Keep();

    /// <summary>Whether the last expression of the cell that was compiled last has no value, like a call of <c>Console.WriteLine</c>.</summary>
    bool EndsInVoid(CancellationToken cancellationToken);
}
