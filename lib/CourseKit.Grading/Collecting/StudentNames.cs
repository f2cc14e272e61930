using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Grading.Collecting;

/// <summary>What course platforms put into names: the student, a number that tells namesakes apart, and the rest.</summary>
internal static partial class StudentNames
{
    private const int MaximumLength = 200;

    /// <summary>Moodle: <c>Surname First_1234_assignsubmission_file_</c>, a folder, or the beginning of a file's name.</summary>
    public static (Student Student, string Number)? OfMoodle(string name)
    {
        var match = Moodle().Match(name);
        return match.Success ? (TakeApart(match.Groups["name"].Value), match.Groups["number"].Value) : null;
    }

    /// <summary>Canvas: <c>surnamefirst_123_456_x-1.ipynb</c>, with <c>LATE_</c> after the name where it came late.</summary>
    public static (Student Student, string Number)? OfCanvas(string fileName)
    {
        var match = Canvas().Match(fileName);
        return match.Success ? (new Student(Clean(match.Groups["name"].Value)), match.Groups["number"].Value) : null;
    }

    /// <summary>A name as it stands in a folder: one form of each letter, no control characters, not endless, never empty.</summary>
    public static string Clean(string name)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            text.Append(Rune.IsControl(rune) ? Rune.ReplacementChar.ToString() : rune.ToString());
        var clean = text.ToString().Normalize(NormalizationForm.FormC).Trim();
        return clean.Length == 0 ? "unnamed" : clean.Length <= MaximumLength ? clean : SafeFileName.Of(clean);
    }

    /// <summary><c>von Neumann John</c> or <c>von Neumann, John</c>: the last word is the given name, unless a comma says better.</summary>
    private static Student TakeApart(string name)
    {
        var clean = Clean(name);
        var comma = clean.IndexOf(',', StringComparison.Ordinal);
        var cut = comma >= 0 ? comma : clean.LastIndexOf(' ');
        return cut < 0 ? new Student(clean, clean) : new Student(clean, clean[..cut].Trim(), clean[(cut + 1)..].Trim());
    }

    [GeneratedRegex(@"^(?<name>.+?)_(?<number>\d+)_assignsubmission_(file|onlinetext)(_|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Moodle();

    [GeneratedRegex(@"^(?<name>[^_]+)_(LATE_)?(?<number>\d+)_\d+_.+$", RegexOptions.CultureInvariant)]
    private static partial Regex Canvas();
}
