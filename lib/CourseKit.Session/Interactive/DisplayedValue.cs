using CourseKit.Session.Output;

namespace Microsoft.DotNet.Interactive;

/// <summary>An output that is on the page: it can be replaced where it stands.</summary>
public sealed class DisplayedValue
{
    private readonly string _displayId = Guid.NewGuid().ToString("N");
    private readonly string[] _mimeTypes;
    private readonly bool _textAsIs;

    private DisplayedValue(string[] mimeTypes, bool textAsIs)
    {
        _mimeTypes = mimeTypes;
        _textAsIs = textAsIs;
    }

    /// <summary>The forms in which it was shown first; none where the type's own were taken.</summary>
    public IReadOnlyCollection<string> MimeTypes => _mimeTypes;

    /// <summary>Shows another value in its place.</summary>
    /// <param name="updatedValue">The new value, shown in the same forms.</param>
    public void Update(object? updatedValue)
    {
        // A text that was put in as HTML or Markdown stays what it was.
        var bundle = _textAsIs && updatedValue is string text
            ? MimeBundle.OfText(text, _mimeTypes)
            : MimeBundle.Of(updatedValue, _mimeTypes);
        Send(Nbformat.UpdateDisplayData, bundle);
    }

    internal static DisplayedValue Show(MimeBundle bundle, string[] mimeTypes, bool textAsIs = false)
    {
        var displayed = new DisplayedValue(mimeTypes, textAsIs);
        displayed.Send(Nbformat.DisplayData, bundle);
        return displayed;
    }

    internal void Replace(MimeBundle bundle) => Send(Nbformat.UpdateDisplayData, bundle);

    private void Send(string outputType, MimeBundle bundle)
    {
        var sink = OutputSink.Current ?? throw new InvalidOperationException("Only a cell of a running session can display.");
        sink.Add(Nbformat.Display(outputType, _displayId, bundle.Data), bundle.Length);
    }
}
