namespace CourseKit.Exercises.Showing;

/// <summary>The three forms an exercise is shown in.</summary>
internal static class MimeTypes
{
    public const string Html = "text/html";
    public const string PlainText = "text/plain";
    public const string Check = "application/vnd.coursekit.check+json";
}
