using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Session.Showing;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Session.Output;

/// <summary>One value in every form a front end may want: the forms its type prefers, and always plain text.</summary>
internal readonly record struct MimeBundle(JsonObject Data, long Length)
{
    private const string PlainText = "text/plain";

    public static MimeBundle Of(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        if (mimeTypes.Count == 0)
            mimeTypes = Formatter.GetPreferredMimeTypesFor(value?.GetType());
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mimeType in mimeTypes)
            texts[mimeType] = TextOf(value, mimeType);
        if (!texts.ContainsKey(PlainText))
            texts[PlainText] = TextOf(value, PlainText);
        return Of(texts);
    }

    private static string TextOf(object? value, string mimeType) => TableFormatters.TryShow(value, mimeType) ?? value.ToDisplayString(mimeType);

    /// <summary>A text that is already in the form these MIME types name.</summary>
    public static MimeBundle OfText(string text, IEnumerable<string> mimeTypes) =>
        Of(mimeTypes.Append(PlainText).Distinct(StringComparer.Ordinal).ToDictionary(mimeType => mimeType, _ => text, StringComparer.Ordinal));

    /// <summary>Forms that are made already, the richest first.</summary>
    public static MimeBundle OfForms(params ReadOnlySpan<(string MimeType, string Text)> forms)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (mimeType, text) in forms)
            texts.TryAdd(mimeType, text);
        return Of(texts);
    }

    private static MimeBundle Of(Dictionary<string, string> texts)
    {
        var data = new JsonObject();
        foreach (var (mimeType, text) in texts)
            data[mimeType] = IsJson(mimeType) && TryParse(text, out var json) ? json : text;
        return new MimeBundle(data, texts.Sum(entry => (long)entry.Value.Length));
    }

    // A front end takes application/vnd.plotly.v1+json and its like as an object; as a string it shows nothing.
    private static bool IsJson(string mimeType) =>
        mimeType.EndsWith("+json", StringComparison.OrdinalIgnoreCase) || mimeType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static bool TryParse(string text, out JsonNode? json)
    {
        try
        {
            json = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }
}
