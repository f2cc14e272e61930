using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Language;

/// <summary>Names that exist and that no one should be offered: obsolete ones, the compiler's own, the session's inside.</summary>
internal static class HiddenSymbols
{
    private const int DeepestNamespace = 4;

    // Whether a namespace of that name has anything in it to offer: asked at every key, and the same for all cells.
    private static readonly ConcurrentDictionary<string, bool> s_emptyNamespaces = new(StringComparer.Ordinal);

    public static bool IsHidden(ISymbol symbol)
    {
        if (!symbol.CanBeReferencedByName || symbol.Name.Length == 0 || symbol.Name.Contains('<', StringComparison.Ordinal))
            return true;
        if (symbol is INamespaceSymbol space)
            return IsEmpty(space);
        return symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name switch
        {
            "ObsoleteAttribute" => true,
            "EditorBrowsableAttribute" => attribute.ConstructorArguments is [{ Value: 1 }],
            "CompilerGeneratedAttribute" => symbol is ITypeSymbol,
            _ => false,
        });
    }

    private static bool IsEmpty(INamespaceSymbol space)
    {
        var name = space.ToDisplayString();
        if (name.StartsWith("CourseKit.Session", StringComparison.Ordinal))
            return true;

        // A library may bring more into a namespace later: only that there is something is known for good.
        if (s_emptyNamespaces.ContainsKey(name))
            return false;
        if (!HasPublicTypes(space, DeepestNamespace))
            return true;
        s_emptyNamespaces[name] = false;
        return false;
    }

    private static bool HasPublicTypes(INamespaceSymbol space, int depth) =>
        space.GetTypeMembers().Any(type => type.DeclaredAccessibility == Accessibility.Public || type.Locations.Any(location => location.IsInSource))
        || (depth > 0 && space.GetNamespaceMembers().Any(inner => HasPublicTypes(inner, depth - 1)));
}
