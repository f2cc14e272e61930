using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook;

/// <summary>The style of the pages, and KaTeX where npm existed when the kit was built; without it formulas are MathML.</summary>
public static partial class BuiltInAssets
{
    private static readonly Lazy<PageAsset> StyleOnce = new(() => PageAsset.Embedded("style.css", Read("style.css")!));
    private static readonly Lazy<IReadOnlyList<PageAsset>> KatexOnce = new(LoadKatex);

    /// <summary>The style sheet of the pages.</summary>
    public static PageAsset Style => StyleOnce.Value;

    /// <summary>Whether this build carries KaTeX.</summary>
    public static bool IsKatexEmbedded => Katex.Count > 0;

    /// <summary>KaTeX's style, KaTeX and its search for formulas, in the order in which a page needs them; empty where this build carries none.</summary>
    public static IReadOnlyList<PageAsset> Katex => KatexOnce.Value;

    /// <summary>The script of a book's pages: light or dark, and a key for the search.</summary>
    public static PageAsset Book { get; } = PageAsset.Embedded("book.js", Read("book.js")!);

    /// <summary>The script of a book's search page.</summary>
    public static PageAsset Search { get; } = PageAsset.Embedded("search.js", Read("search.js")!);

    private static IReadOnlyList<PageAsset> LoadKatex()
    {
        if (Read("katex.min.css") is not { } style || Read("katex.min.js") is not { } script || Read("katex.auto-render.min.js") is not { } autoRender)
            return [];
        return
        [
            PageAsset.Embedded("katex.min.css", WithFonts(Encoding.UTF8.GetString(style))),
            PageAsset.Embedded("katex.min.js", script),
            PageAsset.Embedded("katex.auto-render.min.js", autoRender),
        ];
    }

    /// <summary>
    /// The style with its fonts inside: some browsers refuse a font file to a page that was opened from the disk.
    /// </summary>
    private static string WithFonts(string style) => FontSources().Replace(style, source =>
        Read($"fonts/{source.Groups["name"].Value}.woff2") is { } font
            ? $"src:url(data:font/woff2;base64,{Convert.ToBase64String(font)}) format(\"woff2\")"
            : source.Value);

    private static byte[]? Read(string resource)
    {
        using var stream = typeof(BuiltInAssets).Assembly.GetManifestResourceStream(resource);
        if (stream is null)
            return null;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    [GeneratedRegex("""src:url\(fonts/(?<name>[A-Za-z0-9_\-]+)\.woff2\)[^;}]*""")]
    private static partial Regex FontSources();
}
