using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Compiling;

/// <summary>Hands the compiler the forwarding assemblies that a library asks for, when it asks.</summary>
internal sealed class ForwarderResolver : MetadataReferenceResolver
{
    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        MetadataSet.FindForwarder(referenceIdentity.Name);

    // A cell's own #r lines never come here: the session has followed them already.
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) => [];

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
