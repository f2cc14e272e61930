namespace CourseKit.EndToEnd;

/// <summary>Where things are in this checkout.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Notebooks => Path.Combine(Root, "notebooks");

    /// <summary>Every chapter, NN-title.ipynb, as file names, for theories.</summary>
    public static TheoryData<string> Chapters => [.. AllNotebooks.Where(IsChapter)];

    /// <summary>Every appendix, A1-title.ipynb: it runs and is stored without outputs, and has no exercises.</summary>
    public static TheoryData<string> Appendices => [.. AllNotebooks.Where(notebook => !IsChapter(notebook))];

    /// <summary>Chapters and appendices.</summary>
    public static IReadOnlyList<string> AllNotebooks { get; } = [.. Directory.EnumerateFiles(Notebooks, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static bool IsChapter(string notebook) => char.IsAsciiDigit(notebook[0]) && char.IsAsciiDigit(notebook[1]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CourseKit.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("CourseKit.sln is in no folder above the tests: run them from a checkout.");
    }
}

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coursekit-test-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
