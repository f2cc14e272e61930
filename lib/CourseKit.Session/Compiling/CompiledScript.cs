using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Compiling;

/// <summary>A cell as the compiler knows it.</summary>
/// <param name="Compilation">What the next cell's names are looked up in.</param>
/// <param name="Assembly">The assembly's bytes; none where there is nothing to run, in a cell that is empty or only says what it is using.</param>
/// <param name="Symbols">Its debug information: which instruction belongs to which line.</param>
/// <param name="Warnings">What the compiler remarked, at positions of the cell as it was written.</param>
internal sealed record CompiledScript(CSharpCompilation Compilation, byte[] Assembly, byte[] Symbols, ImmutableArray<Diagnostic> Warnings)
{
    /// <summary>The part of the cell that no script may have; null in most cells.</summary>
    public CellLibrary? Library { get; init; }

    /// <summary>How many of the compilation's references are there for the library.</summary>
    public int LibraryReferences { get; init; }

    /// <summary>The variables whose values are disposed of when the cell ends.</summary>
    public IReadOnlyList<string> Disposed { get; init; } = [];

    /// <summary>Where the array of all cells' variables has this cell's; the first place is for a host object, which there is none of.</summary>
    public int Place { get; init; }
}

/// <summary>A cell that is no C#.</summary>
internal sealed class CompilationFailedException(ImmutableArray<Diagnostic> errors, CSharpCompilation? compilation = null) : Exception("The cell does not compile.")
{
    public ImmutableArray<Diagnostic> Errors => errors;

    /// <summary>What the errors are about; null where the cell was not even read to its end.</summary>
    public CSharpCompilation? Compilation => compilation;

    /// <summary>The cells before, where the errors are a library's, which does not see them.</summary>
    public CSharpCompilation? Script { get; init; }
}
