namespace CourseKit.Notebook.Jupyter;

/// <summary>Jupyter counts a position in code points; .NET counts UTF-16 units, of which some characters have two.</summary>
internal static class CodePoints
{
    /// <summary>The place in the string that so many code points come before; its end where it has fewer.</summary>
    public static int ToUtf16(string text, int codePoints)
    {
        var index = 0;
        for (var count = 0; count < codePoints && index < text.Length; count++)
            index += char.IsSurrogatePair(text, index) ? 2 : 1;
        return index;
    }

    /// <summary>How many code points come before that place in the string.</summary>
    public static int FromUtf16(string text, int index)
    {
        var count = 0;
        for (var position = 0; position < Math.Min(index, text.Length); count++)
            position += char.IsSurrogatePair(text, position) ? 2 : 1;
        return count;
    }
}
