using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CourseKit.EndToEnd;

/// <summary>
/// Which chapters the checks of chapters are made for: three that are always checked, as the code may have changed, and those
/// whose own files are not what they were when all checks passed, by the keys in notebooks/checked.json. So the tests do not
/// take longer with every chapter that is written; <c>coursekit run</c> runs them all. .ci/full names chapters itself, and
/// alone writes the keys.
/// </summary>
internal static class ChaptersToCheck
{
    /// <summary>The group of the tests that depend on which chapters these are, a trait as <see cref="ToolTests.Group"/> is.</summary>
    public const string Group = "Chapters";

    private static readonly string[] Always = ["01", "06", "07"];

    // Before what is made of it.
    private static Dictionary<string, string> Recorded { get; } = Path.Combine(Checkout.Notebooks, "checked.json") is var path && File.Exists(path)
        ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!
        : [];

    /// <summary>Chapters, and appendices where everything is wanted, as file names in their order.</summary>
    public static IReadOnlyList<string> All { get; } = Environment.GetEnvironmentVariable("COURSEKIT_CHAPTERS") is { Length: > 0 } named
        ? [.. Checkout.AllNotebooks.Where(notebook => named.Split(',').Contains(NumberOf(notebook)))]
        : [.. Checkout.AllNotebooks.Where(notebook => Always.Contains(NumberOf(notebook)) || (Checkout.IsChapter(notebook) ? HasChanged(notebook) : LongTests.AreWanted))];

    /// <summary>The chapters among them, for theories.</summary>
    public static TheoryData<string> Chapters => [.. All.Where(Checkout.IsChapter)];

    /// <summary>For a test of one chapter: skips it where that chapter is not checked.</summary>
    public static void SkipUnlessChecked(string notebook) => Assert.SkipUnless(All.Contains(notebook), $"{notebook} is what it was when its checks passed; .ci/full makes them again.");

    /// <summary>The key of a chapter's own files: the SHA-256 of what sha256sum prints of them, in the order of their names.</summary>
    public static string KeyOf(string notebook)
    {
        var files = Directory.GetFiles(Checkout.Notebooks, Path.GetFileNameWithoutExtension(notebook) + ".*").Order(StringComparer.Ordinal);
        var lines = files.Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static string NumberOf(string notebook) => notebook.Split('-')[0];

    private static bool HasChanged(string notebook) => Recorded.GetValueOrDefault(Path.GetFileNameWithoutExtension(notebook)) != KeyOf(notebook);
}
