namespace CourseKit.Grading.Restoring;

/// <summary>When two cells count as the same.</summary>
internal static class SourceText
{
    /// <summary>Without what editors change on their own: line ends, blanks at the end of a line, empty lines at the end.</summary>
    public static string Normalize(string source) =>
        string.Join('\n', source.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd();
}
