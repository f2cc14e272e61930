using System.Globalization;
using System.Net;
using CourseKit.Notebook;

namespace CourseKit.Grading.Feedback;

/// <summary>What feedback and reports have around their content: one file, no script, nothing from elsewhere.</summary>
internal static class FeedbackShell
{
    // The frames inherit it: even if a browser forgot its sandbox, a student's output could load and send nothing.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'";

    private static readonly PageAsset Style = ReadStyle();

    public static string Around(string title, string content) => new PageShell
    {
        Language = "en",
        Title = title,
        Kind = "feedback",
        AssetsPath = "",
        SelfContained = true,
        Assets = [Style],
        SecurityPolicy = Policy,
        HasScripts = false,
    }.Around(content);

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Points as people write them: at most two places.</summary>
    public static string Number(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Points(double points) => $"{Number(points)} {(points == 1 ? "point" : "points")}";

    public static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static PageAsset ReadStyle()
    {
        using var stream = typeof(FeedbackShell).Assembly.GetManifestResourceStream("feedback.css")!;
        using var reader = new StreamReader(stream);
        return PageAsset.Embedded("feedback.css", reader.ReadToEnd());
    }
}
