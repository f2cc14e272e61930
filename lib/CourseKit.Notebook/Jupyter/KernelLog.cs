using System.Globalization;

namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// What a kernel has to say to whoever looks after it, never to the notebook. A flood of bad messages must not become
/// a flood of lines, so only some a minute are written.
/// </summary>
internal sealed class KernelLog(TextWriter target)
{
    private const int LinesAMinute = 60;

    private readonly Lock _gate = new();
    private long _minute;
    private int _written;
    private int _leftOut;

    public void Write(string sentence)
    {
        lock (_gate)
        {
            var minute = Environment.TickCount64 / 60_000;
            if (minute != _minute)
            {
                _minute = minute;
                _written = 0;
                if (_leftOut > 0)
                    WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_leftOut} more lines like these were left out."));
                _leftOut = 0;
            }

            if (_written++ < LinesAMinute)
                WriteLine(sentence);
            else
                _leftOut++;
        }
    }

    private void WriteLine(string sentence)
    {
        try
        {
            target.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[coursekit kernel {DateTime.Now:HH:mm:ss}] {sentence}"));
            target.Flush();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Whoever started the kernel closed its end; there is nobody to tell.
        }
    }
}
