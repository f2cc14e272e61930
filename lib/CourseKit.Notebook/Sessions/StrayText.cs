using System.Text;

namespace CourseKit.Notebook.Sessions;

/// <summary>
/// What a worker wrote to a standard stream past the session: native libraries do, and the runtime when it dies. Its
/// beginning and its end are kept, since the first line names a crash and the rest may be long.
/// </summary>
internal sealed class StrayText
{
    private const int MostAtStart = 16 * 1024;
    private const int MostAtEnd = 48 * 1024;

    private readonly Lock _gate = new();
    private readonly StringBuilder _start = new();
    private readonly StringBuilder _end = new();
    private bool _cut;

    public async Task ReadAllAsync(TextReader reader)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            Add(buffer.AsSpan(0, read));
    }

    /// <summary>All that came since the last time.</summary>
    public string Take()
    {
        lock (_gate)
        {
            var text = _start + (_cut ? "\n[...]\n" : "") + _end;
            _start.Clear();
            _end.Clear();
            _cut = false;
            return text;
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            var atStart = Math.Min(text.Length, MostAtStart - _start.Length);
            _start.Append(text[..atStart]);
            _end.Append(text[atStart..]);
            if (_end.Length > MostAtEnd)
            {
                _end.Remove(0, _end.Length - MostAtEnd);
                _cut = true;
            }
        }
    }
}
