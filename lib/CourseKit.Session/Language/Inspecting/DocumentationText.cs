using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>A symbol's XML documentation as prose.</summary>
/// <param name="Summary">What it is.</param>
/// <param name="Parameters">What each parameter is.</param>
/// <param name="Returns">What it returns.</param>
/// <param name="Exceptions">What it throws, and when.</param>
/// <param name="Remarks">What else there is to say.</param>
internal sealed record DocumentationText(
    string Summary,
    IReadOnlyList<(string Name, string Text)> Parameters,
    string Returns,
    IReadOnlyList<(string Type, string Text)> Exceptions,
    string Remarks)
{
    private const int LongestRemarks = 1200;

    public static DocumentationText None { get; } = new("", [], "", [], "");

    public static DocumentationText Of(ISymbol symbol, Compilation compilation)
    {
        try
        {
            for (var (documented, steps) = (Documented(symbol), 0); documented is not null && steps < 10; documented = Inherited(documented), steps++)
            {
                if (DocumentationFiles.Find(documented, compilation) is { } xml && XElement.Parse(xml) is var member && !member.Elements("inheritdoc").Any())
                    return Read(member);
            }
        }
        catch (XmlException)
        {
            // The user's own remark, or a damaged file: then there is none.
        }

        return None;
    }

    private static ISymbol Documented(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { ReducedFrom: { } whole } => whole.OriginalDefinition,
        IMethodSymbol { AssociatedSymbol: { } property } => property.OriginalDefinition,
        IArrayTypeSymbol array => array.BaseType!,
        _ => symbol.OriginalDefinition,
    };

    private static ISymbol? Inherited(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } above } => above.OriginalDefinition,
        IPropertySymbol { OverriddenProperty: { } above } => above.OriginalDefinition,
        INamedTypeSymbol { BaseType: { SpecialType: not SpecialType.System_Object } above } => above.OriginalDefinition,
        IMethodSymbol or IPropertySymbol or IEventSymbol => symbol.ContainingType?.AllInterfaces
            .SelectMany(contract => contract.GetMembers())
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol))?.OriginalDefinition,
        _ => null,
    };

    private static DocumentationText Read(XElement member)
    {
        var remarks = Prose(member.Element("remarks"));
        return new DocumentationText(
            Prose(member.Element("summary")),
            [.. member.Elements("param").Concat(member.Elements("typeparam")).Select(parameter => ((string?)parameter.Attribute("name") ?? "", Prose(parameter)))],
            Prose(member.Element("returns") ?? member.Element("value")),
            [.. member.Elements("exception").Select(exception => (NameOf((string?)exception.Attribute("cref")), Prose(exception)))],
            remarks.Length <= LongestRemarks ? remarks : string.Concat(remarks.AsSpan(0, remarks.LastIndexOf(' ', LongestRemarks)), " ..."));
    }

    private static string Prose(XElement? element)
    {
        if (element is null)
            return "";
        var text = new StringBuilder();
        Write(element, text);
        var paragraphs = text.ToString().Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(paragraph => string.Join(' ', paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            .Where(paragraph => paragraph.Length > 0);
        return string.Join("\n\n", paragraphs);
    }

    private static void Write(XElement element, StringBuilder text)
    {
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    // Only elements make paragraphs; how the lines were broken means nothing.
                    text.Append(words.Value.ReplaceLineEndings(" "));
                    break;
                case XElement { Name.LocalName: "see" or "seealso" } reference:
                    text.Append(reference.IsEmpty || reference.Value.Length == 0
                        ? (string?)reference.Attribute("langword") ?? NameOf((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("href"))
                        : reference.Value);
                    break;
                case XElement { Name.LocalName: "paramref" or "typeparamref" } reference:
                    text.Append((string?)reference.Attribute("name"));
                    break;
                case XElement { Name.LocalName: "para" or "item" or "code" } block:
                    text.Append("\n\n");
                    Write(block, text);
                    text.Append("\n\n");
                    break;
                case XElement { Name.LocalName: "br" }:
                    text.Append("\n\n");
                    break;
                case XElement inner:
                    Write(inner, text);
                    break;
            }
        }
    }

    // M:System.Math.Max(System.Int32,System.Int32) is Math.Max, T:System.Collections.Generic.List`1 is List.
    private static string NameOf(string? reference)
    {
        if (reference is null || reference.Length < 2 || reference[1] != ':')
            return reference ?? "";
        var name = reference[2..].Split('(')[0];
        var parts = name.Split('.').Select(part => part.Split('`')[0]).ToArray();
        return reference[0] is 'T' or 'N' || parts.Length < 2 ? parts[^1]
            : parts[^1] == "#ctor" ? parts[^2]
            : parts[^2] + "." + parts[^1];
    }
}
