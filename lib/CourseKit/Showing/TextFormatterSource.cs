using System.Net;

namespace CourseKit;

/// <summary>Shows a value as its <see cref="object.ToString"/>, in a fixed-width font, instead of as a list of its properties.</summary>
internal sealed class TextFormatterSource
{
#pragma warning disable CA1822 // The convention asks for an instance method.
    public IEnumerable<object> CreateTypeFormatters() =>
#pragma warning restore CA1822
    [
        new TextFormatter("text/html", text => $"<pre>{WebUtility.HtmlEncode(text)}</pre>"),
        new TextFormatter("text/plain", text => text),
    ];

    private sealed class TextFormatter(string mimeType, Func<string, string> form)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(form(instance.ToString() ?? ""));
            return true;
        }
    }
}
