using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CourseKit.Session.Compiling;

/// <summary>
/// Takes a cell apart into what must be a library, because no script may have it (namespaces, extension blocks), and
/// the script that is left. Both keep their lines and columns: where the other's code stood, there are blanks.
/// </summary>
/// <param name="Library">The part that becomes a library.</param>
/// <param name="Script">The rest, with the cell's using directives, which may stand behind a namespace here.</param>
internal sealed record LibraryParts(string Library, string Script)
{
    private IReadOnlyList<TextSpan> _spans = [];

    /// <summary>The parts of a cell; null where it is a script as a whole.</summary>
    public static LibraryParts? Of(CompilationUnitSyntax root)
    {
        var needed = root.Members.Where(NeedsLibrary).ToHashSet();
        if (needed.Count == 0)
            return null;

        // A type that a library's type names goes with it: the library does not see the script.
        var types = root.Members.Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).ToArray();
        for (var grew = true; grew;)
        {
            var named = needed.SelectMany(member => member.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.IdentifierToken))
                .Select(token => token.ValueText).ToHashSet(StringComparer.Ordinal);
            var before = needed.Count;
            needed.UnionWith(types.Where(type => named.Contains(NameOf(type))));
            grew = needed.Count > before;
        }

        var code = root.ToFullString();
        var library = Blank(code, [new TextSpan(0, code.Length)]).ToCharArray();
        foreach (var member in needed)
            code.CopyTo(member.SpanStart, library, member.SpanStart, member.Span.Length);
        return new LibraryParts(new string(library), Blank(code, needed.Select(member => member.Span))) { _spans = [.. needed.Select(member => member.Span)] };
    }

    /// <summary>Whether what is written at a place goes into the library.</summary>
    public bool IsInLibrary(int position) => _spans.Any(span => span.Start < position && position < span.End);

    /// <summary>The same text with blanks in some places.</summary>
    public static string Blank(string code, IEnumerable<TextSpan> spans)
    {
        var characters = code.ToCharArray();
        foreach (var span in spans)
        {
            for (var i = span.Start; i < span.End; i++)
            {
                if (characters[i] is not ('\r' or '\n'))
                    characters[i] = ' ';
            }
        }

        return new string(characters);
    }

    private static bool NeedsLibrary(MemberDeclarationSyntax member) =>
        member is BaseNamespaceDeclarationSyntax || (member is ClassDeclarationSyntax type && type.Members.Any(SyntaxKind.ExtensionBlockDeclaration));

    private static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.ValueText,
        DelegateDeclarationSyntax declared => declared.Identifier.ValueText,
        _ => "",
    };
}
