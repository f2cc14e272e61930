namespace CourseKit.Session.Tests;

/// <summary>A type of a library that knows no notebook: it is shown by the name of an attribute alone.</summary>
[TypeFormatterSource(typeof(PictureFormatters), PreferredMimeTypes = ["application/vnd.plotly.v1+json", "text/html"])]
public sealed class Picture(int value)
{
    public int Value => value;
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType => formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

internal sealed class PictureFormatters
{
    public static IEnumerable<object> CreateTypeFormatters() =>
    [
        new PictureFormatter("application/vnd.plotly.v1+json", picture => $$"""{"data":[{"y":{{picture.Value}}}]}"""),
        new PictureFormatter("text/html", picture => $"<p>{picture.Value}</p>"),
        new PictureFormatter("text/plain", picture => $"a picture of {picture.Value}"),
    ];
}

internal sealed class PictureFormatter(string mimeType, Func<Picture, string> format)
{
    public string MimeType => mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        writer.Write(format((Picture)instance));
        return true;
    }
}
