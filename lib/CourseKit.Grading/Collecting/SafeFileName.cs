using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Grading.Collecting;

/// <summary>Turns a student's name into a file name that every system takes.</summary>
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
        var safe = Shorten(Replace(name));
        return safe == name ? name : WithHash(safe, name);
    }

    /// <summary>Names for all, also where the file system takes Ann and ann for one.</summary>
    public static IReadOnlyDictionary<string, string> OfAll(IEnumerable<string> names)
    {
        var safe = names.ToDictionary(name => name, Of, StringComparer.Ordinal);
        foreach (var same in safe.GroupBy(pair => pair.Value, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).ToList())
            foreach (var (name, file) in same.ToList())
                safe[name] = WithHash(file, name);
        return safe;
    }

    private static string WithHash(string safe, string name) =>
        $"{safe}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";

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
