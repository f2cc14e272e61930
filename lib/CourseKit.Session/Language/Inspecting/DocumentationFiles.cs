using System.Collections.Concurrent;
using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>
/// Finds a symbol's documentation: above its declaration where a cell made it, else in the XML file beside its
/// assembly, else in the SDK's reference assemblies, where .NET's own lies.
/// </summary>
internal static class DocumentationFiles
{
    private static readonly Lazy<string[]> s_ofFramework = new(FindFrameworkFiles);

    // What was found once, or was nowhere, is not searched for again.
    private static readonly ConcurrentDictionary<string, string?> s_found = new(StringComparer.Ordinal);

    public static string? Find(ISymbol symbol, Compilation compilation)
    {
        if (symbol.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration)
            return FromRemarks(declaration.GetSyntax());
        if (symbol.GetDocumentationCommentId() is not { } id || symbol.ContainingAssembly is not { } assembly)
            return null;
        var path = (compilation.GetMetadataReference(assembly) as PortableExecutableReference)?.FilePath;
        return s_found.GetOrAdd(id, _ => Candidates(path, symbol).Select(file => Search(file, id)).FirstOrDefault(found => found is not null));
    }

    private static IEnumerable<string> Candidates(string? assembly, ISymbol symbol)
    {
        if (assembly is null)
            yield break;
        var own = Path.ChangeExtension(assembly, ".xml");
        if (File.Exists(own))
        {
            yield return own;
            yield break;
        }

        if (Path.GetDirectoryName(assembly) != Path.GetDirectoryName(typeof(object).Assembly.Location)
            && Path.GetDirectoryName(assembly) != Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly.Location))
        {
            yield break;
        }

        // Where a type is implemented is not where it is documented: its namespace tells best, then come all the others.
        var space = symbol.ContainingNamespace?.ToDisplayString() ?? "";
        var name = Path.GetFileNameWithoutExtension(assembly);
        foreach (var file in s_ofFramework.Value.OrderBy(file => Path.GetFileNameWithoutExtension(file) switch
        {
            var candidate when candidate == name => 0,
            "System.Runtime" => 1,
            var candidate when candidate == space => 2,
            var candidate when candidate.StartsWith("System.Collections", StringComparison.Ordinal) => 3,
            _ => 4,
        }))
        {
            yield return file;
        }
    }

    // The largest file is ten megabytes: it is searched as bytes, and only what is found is read.
    private static string? Search(string file, string id)
    {
        try
        {
            var content = File.ReadAllBytes(file).AsSpan();
            var start = content.IndexOf(Encoding.UTF8.GetBytes($"<member name=\"{new XText(id)}\""));
            if (start < 0)
                return null;
            var end = content[start..].IndexOf("</member>"u8);
            return end < 0 ? null : Encoding.UTF8.GetString(content.Slice(start, end + "</member>".Length));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] FindFrameworkFiles()
    {
        // dotnet/shared/Microsoft.NETCore.App/VERSION beside dotnet/packs/Microsoft.NETCore.App.Ref/VERSION/ref/TARGET.
        var home = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        var packs = Path.Combine(home, "packs");
        string[] names = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];
        return [.. names.Select(name => Path.Combine(packs, name)).Where(Directory.Exists).SelectMany(Newest)];
    }

    private static string[] Newest(string pack)
    {
        var version = Directory.GetDirectories(pack).MaxBy(folder => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : new Version());
        var references = version is null ? null : Path.Combine(version, "ref");
        return references is not null && Directory.Exists(references) ? Directory.GetFiles(references, "*.xml", SearchOption.AllDirectories) : [];
    }

    // Cells are parsed without their documentation: what stands above a declaration is a comment like any other.
    private static string? FromRemarks(SyntaxNode declaration)
    {
        var whole = declaration.FirstAncestorOrSelf<SyntaxNode>(node => node is MemberDeclarationSyntax or StatementSyntax or ParameterSyntax);
        var lines = whole?.GetLeadingTrivia()
            .Where(IsDocumentation).Select(trivia => trivia.ToString()[3..]).ToArray();
        if (lines is not { Length: > 0 })
            return null;
        var text = string.Join('\n', lines);
        return text.Contains('<', StringComparison.Ordinal) ? $"<member>{text}</member>" : $"<member><summary>{text}</summary></member>";
    }

    private static bool IsDocumentation(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().StartsWith("///", StringComparison.Ordinal);
}
