namespace CourseKit.Charts;

/// <summary>
/// Tells .NET Interactive's formatting, and anything built on it, how a type is shown. It looks for a class of exactly
/// this name in any namespace, so that a library needs no reference to a notebook package.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

/// <summary>Creates the formatters of <see cref="Figure"/>; found by <see cref="TypeFormatterSourceAttribute"/>.</summary>
internal sealed class FigureFormatterSource
{
#pragma warning disable CA1822 // The convention asks for an instance method.
    public IEnumerable<object> CreateTypeFormatters() =>
#pragma warning restore CA1822
    [
        new FigureFormatter("text/html", figure => figure.ToHtml()),
        new FigureFormatter(Figure.MimeType, figure => figure.ToJson()),
        new FigureFormatter("text/plain", figure => figure.ToString()),
    ];
}

/// <summary>One form of a figure, in the shape the convention asks for.</summary>
internal sealed class FigureFormatter(string mimeType, Func<Figure, string> form)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not Figure figure)
            return false;
        writer.Write(form(figure));
        return true;
    }
}
