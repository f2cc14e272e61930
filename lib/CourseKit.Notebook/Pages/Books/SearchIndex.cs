using System.Text.Encodings.Web;
using System.Text.Json;

namespace CourseKit.Notebook;

/// <summary>
/// The search of a book. The index is a script, because a page opened from the disk may load a script beside it but not
/// fetch a file; and only the search page loads it, so that chapters open fast.
/// </summary>
internal sealed class SearchIndex
{
    public const string PageName = "search.html";
    private const string IndexName = "search-index.js";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Default };

    // Four texts a section: chapter, section, address, text. Arrays, for the names would be half of a short entry.
    private readonly List<string[]> _entries = [];

    public void Add(string chapter, string page, IEnumerable<PageSection> sections)
    {
        foreach (var section in sections)
            _entries.Add([chapter, section.Title, section.Id.Length == 0 ? page : $"{page}#{Uri.EscapeDataString(section.Id)}", section.Text]);
    }

    /// <summary>The index as a script that leaves it in a variable of the window.</summary>
    public PageAsset ToAsset() => PageAsset.Embedded(IndexName, $"window.courseSearchIndex = {JsonSerializer.Serialize(_entries, Json)};\n");

    /// <summary>The content of the search page; its search field is the one in the header.</summary>
    public static string Page(string header) => $"""
        {header}<main id="content" class="sheet">
        <h1>Search</h1>
        <p id="search-status" role="status">Type a word into the field above.</p>
        <ol id="search-results"></ol>
        <noscript><p>The search is a script, and this browser runs none. Every page is a file: search in the folder instead.</p></noscript>
        </main>
        """;
}
