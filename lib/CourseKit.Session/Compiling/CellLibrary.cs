using System.Collections.Immutable;
using CourseKit.Session.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Compiling;

/// <summary>The part of a cell that is a library, as the compiler knows it.</summary>
/// <param name="Image">What is loaded.</param>
/// <param name="Types">The full names of its types.</param>
/// <param name="DependsOn">The names of the libraries that it uses.</param>
/// <param name="Replaces">The libraries, besides the one of its own name, that it stands in for.</param>
internal sealed record CellLibrary(
    LibraryImage Image,
    ImmutableHashSet<string> Types,
    ImmutableArray<string> DependsOn,
    ImmutableArray<CellLibrary> Replaces)
{
    public string Name => Image.Name;

    public int Version => Image.Version;

    public ImmutableArray<LibrarySource> Sources => Image.Sources;

    /// <summary>What it was compiled from, for whoever has to look at it before it runs.</summary>
    public CSharpCompilation? Compilation { get; init; }

    public MetadataReference Reference { get; } = MetadataReference.CreateFromImage(Image.Assembly);
}
