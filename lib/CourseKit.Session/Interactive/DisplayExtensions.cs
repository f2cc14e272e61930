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

    /// <summary>Walks through a sequence and shows how far it is: <c>foreach (var file in files.WithProgress("Reading"))</c>.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="source">The sequence.</param>
    /// <param name="label">What is going on.</param>
    /// <param name="total">How many there are; counted where that needs no walk.</param>
    /// <returns>The same items; the bar appears with the first.</returns>
    public static IEnumerable<T> WithProgress<T>(this IEnumerable<T> source, string label = "", long? total = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Walk(source, label, total ?? (source.TryGetNonEnumeratedCount(out var count) ? count : null));

        static IEnumerable<T> Walk(IEnumerable<T> source, string label, long? total)
        {
            using var bar = new ProgressBar(label, total);
            foreach (var item in source)
            {
                yield return item;
                bar.Report(bar.Done + 1);
            }
        }
    }
}
