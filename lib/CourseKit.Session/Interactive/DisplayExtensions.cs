using CourseKit.Session.Output;

namespace Microsoft.DotNet.Interactive;

/// <summary>The same helpers, written behind a value.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows this value below the cell.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The forms to show; none for those its type prefers.</param>
    /// <returns>A handle by which the same output can be changed later.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => Kernel.display(value, mimeTypes);

    /// <summary>Shows a text that is already in the form of a MIME type: HTML, Markdown, SVG, JSON.</summary>
    /// <param name="value">The text.</param>
    /// <param name="mimeType">What it is.</param>
    /// <param name="additionalMimeTypes">Other types the same text may be taken for.</param>
    /// <returns>A handle by which the same output can be changed later.</returns>
    public static DisplayedValue DisplayAs(this string value, string mimeType, params string[] additionalMimeTypes)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(mimeType);
        ArgumentNullException.ThrowIfNull(additionalMimeTypes);
        string[] mimeTypes = [mimeType, .. additionalMimeTypes];
        return DisplayedValue.Show(MimeBundle.OfText(value, mimeTypes), mimeTypes, textAsIs: true);
    }

    /// <summary>Shows a sequence as a table.</summary>
    /// <typeparam name="T">What a row is.</typeparam>
    /// <param name="source">The rows.</param>
    /// <param name="mimeTypes">The forms to show; none for those the type prefers.</param>
    /// <returns>A handle by which the same output can be changed later.</returns>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T> source, params string[] mimeTypes) => Kernel.display(source.ToList(), mimeTypes);
}
