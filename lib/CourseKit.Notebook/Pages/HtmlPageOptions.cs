namespace CourseKit.Notebook;

/// <summary>How a notebook becomes a page.</summary>
public sealed record HtmlPageOptions
{
    /// <summary>The language of the prose, as in HTML's <c>lang</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The page that lists the chapters, if there is one.</summary>
    public PageLink? Home { get; init; }

    /// <summary>The chapter before this one.</summary>
    public PageLink? Previous { get; init; }

    /// <summary>The chapter after this one.</summary>
    public PageLink? Next { get; init; }

    /// <summary>A short text under the title, such as <c>18/18 points</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Scripts and style sheets that outputs need; they stand in the head, before every output.</summary>
    public IReadOnlyList<PageAsset> Assets { get; init; } = [];

    /// <summary>Where the assets are, relative to the page, ending in a slash.</summary>
    public string AssetsPath { get; init; } = "assets/";

    /// <summary>Whether styles and scripts are written into the page itself, for a page that is sent alone.</summary>
    public bool SelfContained { get; init; }

    /// <summary>
    /// Whether the notebook's author is trusted. Where not, HTML outputs stand in frames that run no script, and HTML in
    /// Markdown is shown as text.
    /// </summary>
    public bool TrustsNotebook { get; init; } = true;

    /// <summary>
    /// Whether formulas are MathML, which browsers draw without a script, or TeX for KaTeX, which draws them finer: what
    /// this build carries decides, where nobody does.
    /// </summary>
    public bool FormulasAsMathML { get; init; } = !BuiltInAssets.IsKatexEmbedded;

    /// <summary>From a notebook's file name to its page, so that links between notebooks become links between pages.</summary>
    internal IReadOnlyDictionary<string, string> Pages { get; init; } = new Dictionary<string, string>();

    /// <summary>The bar on top as HTML, given the links to the chapters before and after; null for the plain one.</summary>
    internal Func<string, string>? Header { get; init; }

    /// <summary>HTML that stands above the notebook's cells.</summary>
    internal string Above { get; init; } = "";

    /// <summary>HTML that stands below the notebook's cells, given the sections that they have.</summary>
    internal Func<IReadOnlyList<PageSection>, string>? Below { get; init; }
}

/// <summary>A link to a page.</summary>
/// <param name="Title">What the link says.</param>
/// <param name="Address">Where it leads, relative to the page.</param>
public sealed record PageLink(string Title, string Address);
