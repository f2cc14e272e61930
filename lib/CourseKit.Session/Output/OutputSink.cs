using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CourseKit.Session.Output;

/// <summary>
/// Where everything a cell leaves comes together, in order. Printed text is gathered into pieces, so that ten million
/// short lines are not ten million messages, and is cut off at a limit here, before it costs anything further on.
/// </summary>
internal sealed class OutputSink
{
    private const int PieceLength = 32 * 1024;
    private static readonly TimeSpan PieceAge = TimeSpan.FromMilliseconds(50);

    // What an output costs beside its data: a cell that displays the number 1 for ever must end as well.
    private const int CostOfAnOutput = 1024;

    private readonly Lock _gate = new();
    private readonly Action<Message> _send;
    private readonly long _textLimit;
    private readonly long _displayLimit;
    private readonly StringBuilder _text = new();
    private readonly Timer _timer;
    private string _stream = Nbformat.StandardOutput;
    private bool _timerRuns;
    private int _cell;
    private long _textLeft;
    private long _displayLeft;
    private long _dropped;
    private string _droppedFrom = Nbformat.StandardOutput;

    public OutputSink(Action<Message> send, long textLimit, long displayLimit)
    {
        _send = send;
        _textLimit = textLimit;
        _displayLimit = displayLimit;
        _textLeft = textLimit;
        _timer = new Timer(_ => Flush());
    }

    /// <summary>The sink of this process's only session: what <c>display</c> in a cell writes to.</summary>
    public static OutputSink? Current { get; set; }

    /// <summary>Whether all that a cell leaves is counted and then thrown away.</summary>
    public bool IsSilent { get; init; }

    public void Begin(int cell)
    {
        lock (_gate)
        {
            _cell = cell;
            _textLeft = _textLimit - _text.Length;
            _displayLeft = _displayLimit;
            _dropped = 0;
        }
    }

    /// <summary>Sends what is left of a cell, with one line for all that was dropped.</summary>
    public void End()
    {
        lock (_gate)
        {
            FlushText(all: true);
            if (_dropped > 0)
            {
                Send(Nbformat.Stream(_droppedFrom, string.Create(
                    CultureInfo.InvariantCulture,
                    $"\n[{_dropped:N0} more characters were printed and dropped: a cell keeps {_textLimit:N0}.]\n")));
                _dropped = 0;
            }

            // Between cells nothing is sent, and text is held for the next one.
            _cell = 0;
        }
    }

    public void Print(string stream, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        lock (_gate)
        {
            if (_textLeft <= 0)
            {
                _dropped += text.Length;
                return;
            }

            if (stream != _stream)
            {
                FlushText(all: true);
                _stream = stream;
            }

            var kept = (int)Math.Min(text.Length, _textLeft);
            if (kept < text.Length)
            {
                // Half of a surrogate pair is no text.
                if (char.IsHighSurrogate(text[kept - 1]))
                    kept--;
                _textLeft = 0;
                _dropped += text.Length - kept;
                _droppedFrom = stream;
            }
            else
            {
                _textLeft -= kept;
            }

            _text.Append(text[..kept]);
            if (_text.Length >= PieceLength)
                FlushText(all: false);
            else if (!_timerRuns)
                _timerRuns = _timer.Change(PieceAge, Timeout.InfiniteTimeSpan);
        }
    }

    public void Flush()
    {
        lock (_gate)
            FlushText(all: false);
    }

    /// <summary>Sends an output that is not printed text, after all text printed before it.</summary>
    public void Add(JsonObject output, long length)
    {
        lock (_gate)
        {
            var replacesAnother = (string?)output["output_type"] == Nbformat.UpdateDisplayData;
            if (length + CostOfAnOutput > (replacesAnother ? _displayLimit : _displayLeft))
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"A cell may display {_displayLimit:N0} characters in all, and with this output of {length:N0} it is too much. Show fewer points or fewer outputs, or write the data to a file."));
            }

            if (!replacesAnother)
                _displayLeft -= length + CostOfAnOutput;
            FlushText(all: true);
            Send(output);
        }
    }

    /// <summary>Takes away what the cell has shown so far; it may leave as much again.</summary>
    public void Clear(bool wait)
    {
        lock (_gate)
        {
            FlushText(all: true);
            _textLeft = _textLimit;
            _displayLeft = _displayLimit;
            _dropped = 0;
            Send(Nbformat.Clear(wait));
        }
    }

    /// <summary>Sends the cell's error, which there is room for whatever the cell has displayed.</summary>
    public void AddError(JsonObject error)
    {
        lock (_gate)
        {
            FlushText(all: true);
            Send(error);
        }
    }

    private void Send(JsonObject output)
    {
        if (!IsSilent)
            _send(new OutputEvent(_cell, output));
    }

    private void FlushText(bool all)
    {
        _timerRuns = false;
        if (_text.Length == 0 || _cell == 0)
            return;

        // The second half of a pair may be in the next call of a writer that goes character by character.
        var held = !all && char.IsHighSurrogate(_text[^1]) ? 1 : 0;
        if (_text.Length == held)
            return;

        // Sent before it is taken out: an interrupt while waiting for room loses nothing.
        Send(Nbformat.Stream(_stream, _text.ToString(0, _text.Length - held)));
        _text.Remove(0, _text.Length - held);
    }
}
