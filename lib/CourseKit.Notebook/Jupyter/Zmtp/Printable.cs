namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>A stranger's text, made fit for a log.</summary>
internal static class Printable
{
    private const int Longest = 80;

    public static string Of(string text) =>
        new([.. text.Take(Longest).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character)]);
}
