using System.Globalization;
using System.Text;

namespace CourseKit.Cli.Terminal;

/// <summary>Text that somebody else chose, before it goes to a terminal: nothing in it moves the cursor or turns the writing around.</summary>
internal static class Printable
{
    public static string Of(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            printable.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? Rune.ReplacementChar.ToString() : rune.ToString());
        return printable.ToString();
    }
}
