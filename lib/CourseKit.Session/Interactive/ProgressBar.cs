using System.Diagnostics;
using System.Globalization;
using System.Net;
using CourseKit.Session.Output;

namespace Microsoft.DotNet.Interactive;

/// <summary>
/// A bar below the cell that shows how far a long loop is. It is drawn at most five times a second, however often it is
/// told, and a last time when it is disposed.
/// </summary>
/// <example><code>
/// using var bar = ShowProgress("Training", total: 100);
/// for (var epoch = 1; epoch &lt;= 100; epoch++) { Train(); bar.Report(epoch, $"loss {loss:G3}"); }
/// </code></example>
public sealed class ProgressBar : IProgress<long>, IDisposable
{
    private const int Width = 30;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly string _label;
    private readonly long? _total;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly DisplayedValue _display;
    private TimeSpan _drawn;
    private bool _isWaiting;
    private bool _hasEnded;
    private long _done;
    private string _note = "";

    internal ProgressBar(string label, long? total)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (total < 0)
            throw new ArgumentOutOfRangeException(nameof(total), $"A progress bar needs something to do, and the total is {total}.");
        _label = label;
        _total = total;
        _timer = new Timer(_ => DrawLate());
        _display = DisplayedValue.Show(Bundle(), []);
    }

    /// <summary>How much is done.</summary>
    public long Done => _done;

    /// <summary>Says how much is done.</summary>
    /// <param name="value">How much, of the total.</param>
    public void Report(long value) => Report(value, null);

    /// <summary>Says how much is done.</summary>
    /// <param name="done">How much, of the total.</param>
    /// <param name="note">What to say beside the bar; null leaves what was said.</param>
    public void Report(long done, string? note)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _done = done;
            _note = note ?? _note;
            if (_clock.Elapsed - _drawn >= s_pause)
                Draw();
            else if (!_isWaiting)
                _isWaiting = _timer.Change(s_pause, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Draws the bar a last time, where it stands.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            _timer.Dispose();
            _clock.Stop();
            Draw();
        }
    }

    // What was told last is drawn, also where nothing more is told for long.
    private void DrawLate()
    {
        lock (_gate)
        {
            _isWaiting = false;
            if (!_hasEnded)
                Draw();
        }
    }

    private void Draw()
    {
        _drawn = _clock.Elapsed;
        _display.Replace(Bundle());
    }

    private MimeBundle Bundle() => MimeBundle.OfForms(("text/html", Html()), ("text/plain", Text()));

    private double? Fraction => _total is { } total ? total == 0 ? 1 : Math.Clamp((double)_done / total, 0, 1) : null;

    private string Text()
    {
        var filled = (int)((Fraction ?? 0) * Width);
        var bar = Fraction is null ? "" : $"[{new string('#', filled)}{new string('.', Width - filled)}]";
        return string.Join("  ", new[] { _label, bar, Count(), Remaining(), _note }.Where(word => word.Length > 0));
    }

    // Half-transparent colours, which a dark page and a light one both carry.
    private string Html()
    {
        var bar = Fraction is not { } fraction ? "" : string.Create(CultureInfo.InvariantCulture,
            $"""<div style="flex:0 1 16em;height:.8em;border-radius:.4em;background:rgba(127,127,127,.3);overflow:hidden"><div style="width:{100 * fraction:0.#}%;height:100%;background:#2a7fb8"></div></div>""");
        var value = _total is { } total ? string.Create(CultureInfo.InvariantCulture, $" aria-valuenow=\"{_done}\" aria-valuemin=\"0\" aria-valuemax=\"{total}\"") : "";
        return $"""<div class="coursekit-progress" role="progressbar"{value} aria-label="{WebUtility.HtmlEncode(_label.Length > 0 ? _label : "progress")}" style="display:flex;flex-wrap:wrap;align-items:center;gap:.2em .8em;font-variant-numeric:tabular-nums">"""
            + string.Concat(new[] { Cell(_label), bar, Cell(Count()), Cell(Remaining()), Cell(_note) }) + "</div>";

        static string Cell(string text) => text.Length == 0 ? "" : $"<span>{WebUtility.HtmlEncode(text)}</span>";
    }

    private string Count() => _total is { } total
        ? string.Create(CultureInfo.InvariantCulture, $"{_done:N0}/{total:N0} ({100 * Fraction:0} %)")
        : string.Create(CultureInfo.InvariantCulture, $"{_done:N0}");

    // Only while it runs: a finished notebook is the same whenever it was run.
    private string Remaining()
    {
        if (_hasEnded || Fraction is not { } fraction || fraction is 0 or 1 || _clock.Elapsed < TimeSpan.FromSeconds(1))
            return "";
        var left = TimeSpan.FromSeconds(Math.Min(_clock.Elapsed.TotalSeconds * (1 - fraction) / fraction, 8_640_000));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours:00}:{left.Minutes:00}:{left.Seconds:00} left");
    }
}
