using System.Globalization;
using System.Text;
using CourseKit.Notebook;

namespace CourseKit.Cli.Skeleton;

/// <summary>A chapter to begin with: complete, small, and accepted by a release as it is.</summary>
internal sealed class ChapterSkeleton(string title, int number)
{
    /// <summary>Writes the notebook and its mutants; files that are there are never overwritten.</summary>
    /// <exception cref="IOException">One of the files is there already, or the folder cannot be written.</exception>
    public (string Notebook, string Mutants) Write(string folder)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{number:00}-{Slug(title)}");
        var notebook = Path.Combine(folder, name + ".ipynb");
        var mutants = Path.Combine(folder, name + ".mutants.json");
        var taken = new[] { notebook, mutants }.FirstOrDefault(File.Exists)
            ?? (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.ipynb").FirstOrDefault(file => CourseMap.NumberOf(file) == number) : null);
        if (taken is not null)
            throw new IOException($"{taken} is there already; choose another title or another --number.");

        var document = NotebookDocument.Parse(Read("chapter.ipynb"), notebook);
        foreach (var cell in document.Cells)
        {
            cell.Source = cell.Source
                .Replace("{{title}}", title, StringComparison.Ordinal)
                .Replace("{{number}}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
        document.Save(notebook);
        AtomicFile.Write(mutants, Read("chapter.mutants.json"));
        return (notebook, mutants);
    }

    /// <summary>The number after the highest one that a notebook of the folder has.</summary>
    public static int NextNumber(string folder) => 1 + (Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.ipynb").Select(CourseMap.NumberOf).Max() ?? 0
        : 0);

    /// <summary>A title as a file's name: letters without accents, digits, hyphens.</summary>
    public static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (var character in title.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
                slug.Append(character);
            else if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().Trim('-');
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(ChapterSkeleton).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
