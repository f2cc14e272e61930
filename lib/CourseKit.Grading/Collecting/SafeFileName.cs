using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Grading.Collecting;

/// <summary>
/// Turns a name into a file name that every system takes. All files about a student (result, executed notebook, claim,
/// feedback page, <c>results.json</c>) are called so; which of two names that a file system would take for one is called
/// what, <see cref="Gradebooks.ResultStore.Locate"/> remembers.
/// </summary>
internal static class SafeFileName
{
    // In UTF-8, so that an ending and a temporary name's suffix still fit into the 255 bytes of a file name.
    private const int MaximumBytes = 120;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>The name itself where it is safe; else a safe likeness with a part of the name's hash, so that two names stay two.</summary>
    public static string Of(string name)
    {
        var safe = Likeness(name);
        return safe == name ? name : WithHash(name);
    }

    /// <summary>A safe likeness of the name with a part of its hash, also where the name itself is safe.</summary>
    public static string WithHash(string name) =>
        $"{Likeness(name)}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";

    /// <summary>Names for all, also where the file system takes Ann and ann for one.</summary>
    public static IReadOnlyDictionary<string, string> OfAll(IEnumerable<string> names)
    {
        var safe = names.Distinct(StringComparer.Ordinal).ToDictionary(name => name, Of, StringComparer.Ordinal);
        foreach (var same in safe.GroupBy(pair => Folded(pair.Value), StringComparer.Ordinal).Where(group => group.Count() > 1).ToList())
            foreach (var (name, _) in same.ToList())
                safe[name] = WithHash(name);
        return safe;
    }

    /// <summary>What two names have in common that some file system takes for one: macOS neither counts case nor how a letter is put together.</summary>
    private static string Folded(string file) => file.ToUpperInvariant().Normalize(NormalizationForm.FormD);

    private static string Likeness(string name) => Shorten(Replace(name));

    private static string Replace(string name)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            text.Append(IsSafe(rune) ? rune.ToString() : "_");
        // Windows drops dots and spaces at the end; a dot in front hides the file.
        var trimmed = text.ToString().Normalize(NormalizationForm.FormC).TrimEnd('.', ' ').TrimStart(' ');
        if (trimmed.StartsWith('.') || trimmed.StartsWith('-'))
            trimmed = "_" + trimmed[1..];
        var stem = trimmed.Split('.')[0].TrimEnd(' ');
        return trimmed.Length == 0 ? "_" : Reserved.Contains(stem) ? "_" + trimmed : trimmed;
    }

    private static bool IsSafe(Rune rune) =>
        rune.Value > 0x1F && !"/\\:*?\"<>|~\u007F".Contains((char)Math.Min(rune.Value, 0xFFFF))
        && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.Surrogate)
        && rune != Rune.ReplacementChar;

    private static string Shorten(string name)
    {
        var length = 0;
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MaximumBytes)
                return name[..length].TrimEnd('.', ' ');
            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }
        return name;
    }
}
