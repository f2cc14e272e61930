using System.Collections;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>Reads a variable of a cell.</summary>
internal delegate bool VariableReader(string scriptClass, string name, out object? value);

/// <summary>Says what a variable holds where that is short and runs no code of the user's.</summary>
internal static class VariableValues
{
    private const int LongestText = 80;

    public static string? Describe(ISymbol symbol, VariableReader read) =>
        symbol is IFieldSymbol { ContainingType.IsScriptClass: true, IsConst: false } field && read(field.ContainingType.MetadataName, field.MetadataName, out var value)
            ? Describe(value)
            : null;

    private static string? Describe(object? value) => value switch
    {
        null => "null",
        string text => Quote(text),
        char character => $"'{character}'",
        bool truth => truth ? "true" : "false",
        _ when value.GetType().IsEnum => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive || value is decimal or DateTime or TimeSpan or Guid => number.ToString(null, CultureInfo.InvariantCulture),

        // An array's own length; a list's could be anyone's code.
        Array array => string.Create(CultureInfo.InvariantCulture, $"{string.Join(" x ", Enumerable.Range(0, array.Rank).Select(array.GetLength))} elements"),
        IList list when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(List<>)
            => string.Create(CultureInfo.InvariantCulture, $"{list.Count} elements"),
        _ => null,
    };

    private static string Quote(string text)
    {
        var end = Math.Min(text.Length, LongestText);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            end--;
        return Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text[..end], quote: true) + (end < text.Length ? "..." : "");
    }
}
