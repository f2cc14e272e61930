using System.Text;

namespace CourseKit.Notebook;

/// <summary>
/// A script or style sheet that pages need, such as plotly.js: either its content, which is written once beside the
/// pages so that they work offline, or the address of a CDN.
/// </summary>
public sealed record PageAsset
{
    // Two ways, and nothing between them: a null array would otherwise become an empty content that is not null.
    private PageAsset(string fileName, ReadOnlyMemory<byte> content)
    {
        FileName = fileName;
        Content = content;
    }

    private PageAsset(string fileName, Uri cdn)
    {
        FileName = fileName;
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
    /// <exception cref="ArgumentException">There is no content: an empty file would stand in a page as if nothing were missing.</exception>
    public static PageAsset Embedded(string fileName, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.Length > 0
            ? new PageAsset(CheckedName(fileName), new ReadOnlyMemory<byte>(content))
            : throw new ArgumentException($"{fileName} is empty: an asset that is not at hand comes from a CDN, or is left out.", nameof(content));
    }

    /// <summary>An asset whose content is at hand as text: pages work offline.</summary>
    /// <param name="fileName">The name of the file that is written beside the pages.</param>
    /// <param name="content">What it holds, written as UTF-8.</param>
    /// <exception cref="ArgumentException">There is no content.</exception>
    public static PageAsset Embedded(string fileName, string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Embedded(fileName, Encoding.UTF8.GetBytes(content));
    }

    /// <summary>An asset that pages load from a CDN: they need the network and say so.</summary>
    /// <param name="fileName">What the page calls it.</param>
    /// <param name="address">Where a browser finds it.</param>
    public static PageAsset FromCdn(string fileName, Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new PageAsset(CheckedName(fileName), address);
    }

    /// <summary>What pages with these assets need from a network, as a sentence; null where they need nothing.</summary>
    /// <param name="assets">The assets of the pages.</param>
    public static string? NetworkNeed(IEnumerable<PageAsset> assets)
    {
        ArgumentNullException.ThrowIfNull(assets);
        var remote = assets.Where(asset => asset.Cdn is not null).Select(asset => $"{asset.FileName} from {asset.Cdn!.Host}").ToList();
        return remote.Count == 0 ? null : $"The pages need a network: they load {string.Join(" and ", remote)}.";
    }

    private static string CheckedName(string fileName) =>
        fileName == Path.GetFileName(fileName) && fileName.Length > 0
            ? fileName
            : throw new ArgumentException($"An asset is one file beside the pages: \"{fileName}\" is not a plain file name.", nameof(fileName));
}
