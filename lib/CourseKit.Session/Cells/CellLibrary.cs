using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Cells;

/// <summary>The part of a cell that is a library: an assembly that later cells reference.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="Version">Higher than that of an assembly with this name whose types it defines anew.</param>
/// <param name="Assembly">Its bytes.</param>
/// <param name="Symbols">Its debug information.</param>
/// <param name="Sources">The code it was made from: its cell's first, then what it carries on of libraries before it.</param>
/// <param name="Types">The full names of its types.</param>
/// <param name="DependsOn">The names of the libraries that it uses.</param>
/// <param name="Replaces">The libraries, besides the one of its own name, that it stands in for.</param>
internal sealed record CellLibrary(
    string Name,
    int Version,
    byte[] Assembly,
    byte[] Symbols,
    ImmutableArray<LibrarySource> Sources,
    ImmutableHashSet<string> Types,
    ImmutableArray<string> DependsOn,
    ImmutableArray<CellLibrary> Replaces)
{
    public const string NamePrefix = "Library-";

    /// <summary>What it was compiled from, for whoever has to look at it before it runs.</summary>
    public CSharpCompilation? Compilation { get; init; }

    public MetadataReference Reference { get; } = MetadataReference.CreateFromImage(Assembly);
}

/// <summary>A part of a cell that a library was made from.</summary>
/// <param name="Cell">What tracebacks call the cell.</param>
/// <param name="Code">The part, with blanks where the cell has something else.</param>
internal sealed record LibrarySource(string Cell, string Code);
