using System.Buffers.Binary;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>
/// Cuts a stream into frames. What it allocates follows what has come, never what was announced: a peer that promises
/// a gigabyte and sends ten bytes costs a buffer of ten bytes' kind.
/// </summary>
internal sealed class ZmtpFrameReader(Stream stream, ZmtpLimits limits) : IDisposable
{
    private const int BufferLength = 16 * 1024;
    private const int FirstPiece = 64 * 1024;
    private const byte KnownFlags = ZmtpFrame.MoreFlag | ZmtpFrame.LongFlag | ZmtpFrame.CommandFlag;

    private readonly byte[] _buffer = new byte[BufferLength];
    private CancellationTokenSource _patience = new();
    private int _start;
    private int _end;

    /// <summary>Exactly so many bytes; an error where the stream ends before.</summary>
    public async ValueTask<byte[]> ReadBytesAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await FillAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>The next frame; null where the stream ends before it.</summary>
    /// <param name="allowance">The longest frame that is taken.</param>
    /// <param name="insideMessage">Whether the peer owes this frame, so that it may not be silent for ever.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<ZmtpFrame?> ReadAsync(long allowance, bool insideMessage, CancellationToken cancellationToken)
    {
        if (_start == _end && !await ReceiveAsync(insideMessage, cancellationToken).ConfigureAwait(false))
            return insideMessage ? throw new ZmtpProtocolException("it closed the connection inside a message") : null;

        var flags = _buffer[_start++];
        if ((flags & ~KnownFlags) != 0 || (flags & (ZmtpFrame.CommandFlag | ZmtpFrame.MoreFlag)) == (ZmtpFrame.CommandFlag | ZmtpFrame.MoreFlag))
            throw new ZmtpProtocolException($"it sent a frame with the flags 0x{flags:x2}, which no ZMTP frame has");

        var length = (flags & ZmtpFrame.LongFlag) == 0
            ? (await ReadBytesAsync(1, cancellationToken).ConfigureAwait(false))[0]
            : BinaryPrimitives.ReadUInt64BigEndian(await ReadBytesAsync(8, cancellationToken).ConfigureAwait(false));
        if (length > (ulong)allowance)
            throw new ZmtpProtocolException($"it announced a frame of {length} bytes, and {allowance} are allowed at that place (a message may have {limits.LongestMessage})");

        var body = await ReadBodyAsync((int)length, cancellationToken).ConfigureAwait(false);
        return new ZmtpFrame(body, (flags & ZmtpFrame.CommandFlag) != 0, (flags & ZmtpFrame.MoreFlag) != 0);
    }

    public void Dispose() => _patience.Dispose();

    private async ValueTask<byte[]> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        var body = new byte[Math.Min(length, FirstPiece)];
        var filled = 0;
        while (true)
        {
            await FillAsync(body.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled = body.Length;
            if (filled == length)
                return body;
            Array.Resize(ref body, (int)Math.Min(length, 2L * filled));
        }
    }

    private async ValueTask FillAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (target.Length > 0)
        {
            if (_start == _end && !await ReceiveAsync(insideMessage: true, cancellationToken).ConfigureAwait(false))
                throw new ZmtpProtocolException("it closed the connection inside a frame");
            var count = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, count).CopyTo(target);
            _start += count;
            target = target[count..];
        }
    }

    private async ValueTask<bool> ReceiveAsync(bool insideMessage, CancellationToken cancellationToken)
    {
        _start = 0;
        _end = 0;
        if (!insideMessage)
        {
            _end = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            return _end > 0;
        }

        if (!_patience.TryReset())
        {
            _patience.Dispose();
            _patience = new CancellationTokenSource();
        }

        _patience.CancelAfter(limits.SilencePatience);
        await using var linked = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _patience).ConfigureAwait(false);
        try
        {
            _end = await stream.ReadAsync(_buffer, _patience.Token).ConfigureAwait(false);
            return _end > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ZmtpProtocolException($"it began a message and was silent for {limits.SilencePatience.TotalSeconds:0.#} s");
        }
    }
}
