namespace CourseKit;

/// <summary>One form of a value, in the shape that the convention of <see cref="TypeFormatterSourceAttribute"/> asks for.</summary>
internal sealed class ValueFormatter<T>(string mimeType, Func<T, string> form)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not T value)
            return false;
        writer.Write(form(value));
        return true;
    }
}
