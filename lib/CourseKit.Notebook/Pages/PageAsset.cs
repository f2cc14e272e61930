using System.Text;

namespace CourseKit.Notebook;

/// <summary>
/// A script or style sheet that pages need, such as plotly.js: either its content, which is written once beside the
/// pages so that they work offline, or the address of a CDN.
/// </summary>
public sealed record PageAsset
{
    private PageAsset(string fileName, byte[]? content, Uri? cdn)
    {
        FileName = fileName;
        Content = content;
        Cdn = cdn;
    }

    /// <summary>The file's name; one that ends in <c>.css</c> is a style sheet, every other is a script.</summary>
    public string FileName { get; }

    /// <summary>What the file holds; null where it comes from a CDN.</summary>
    public ReadOnlyMemory<byte>? Content { get; }

    /// <summary>Where a browser finds the file; null where its content is here.</summary>
    public Uri? Cdn { get; }

    /// <summary>Whether the file is a style sheet.</summary>
    public bool IsStyleSheet => FileName.EndsWith(".css", StringComparison.OrdinalIgnoreCase);

    /// <summary>An asset whose content is at hand: pages work offline.</summary>
    /// <param name="fileName">The name of the file that is written beside the pages.</param>
    /// <param name="content">What it holds.</param>
    public static PageAsset Embedded(string fileName, byte[] content) => new(CheckedName(fileName), content, cdn: null);

    /// <summary>An asset whose content is at hand as text: pages work offline.</summary>
    /// <param name="fileName">The name of the file that is written beside the pages.</param>
    /// <param name="content">What it holds, written as UTF-8.</param>
    public static PageAsset Embedded(string fileName, string content) => Embedded(fileName, Encoding.UTF8.GetBytes(content));

    /// <summary>An asset that pages load from a CDN: they need the network and say so.</summary>
    /// <param name="fileName">What the page calls it.</param>
    /// <param name="address">Where a browser finds it.</param>
    public static PageAsset FromCdn(string fileName, Uri address) => new(CheckedName(fileName), content: null, address);

    private static string CheckedName(string fileName) =>
        fileName == Path.GetFileName(fileName) && fileName.Length > 0
            ? fileName
            : throw new ArgumentException($"An asset is one file beside the pages: \"{fileName}\" is not a plain file name.", nameof(fileName));
}
