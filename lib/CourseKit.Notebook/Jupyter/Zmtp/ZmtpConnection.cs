using System.Text;
using System.Threading.Channels;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>One peer: its handshake, the messages it sends, and the queue of those that are sent to it.</summary>
internal sealed class ZmtpConnection : IAsyncDisposable
{
    private const int LongestIdentity = 255;

    private readonly Stream _stream;
    private readonly ZmtpSocketType _socketType;
    private readonly ZmtpLimits _limits;
    private readonly ZmtpFrameReader _reader;
    private readonly CancellationTokenSource _closing = new();

    // Whatever is sent goes through here, so that a single loop writes to the stream.
    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private Task _writing = Task.CompletedTask;
    private long _queued;

    public ZmtpConnection(Stream stream, string peer, ZmtpSocketType socketType, ZmtpLimits limits)
    {
        _stream = stream;
        Peer = peer;
        _socketType = socketType;
        _limits = limits;
        _reader = new ZmtpFrameReader(stream, limits);
    }

    /// <summary>Who it is, for the log.</summary>
    public string Peer { get; }

    /// <summary>By what name it wants to be addressed; empty where it leaves that to this side.</summary>
    public byte[] Identity { get; private set; } = [];

    public async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        patience.CancelAfter(_limits.HandshakePatience);
        try
        {
            await _stream.WriteAsync(ZmtpGreeting.Create(), patience.Token).ConfigureAwait(false);
            var start = await _reader.ReadBytesAsync(ZmtpGreeting.VersionLength, patience.Token).ConfigureAwait(false);
            ZmtpGreeting.CheckVersion(start);
            var rest = await _reader.ReadBytesAsync(ZmtpGreeting.Length - ZmtpGreeting.VersionLength, patience.Token).ConfigureAwait(false);
            ZmtpGreeting.CheckMechanism([.. start, .. rest]);
            await _stream.WriteAsync(ZmtpCommand.Ready(_socketType.Name), patience.Token).ConfigureAwait(false);
            await TakeReadyAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_closing.IsCancellationRequested)
        {
            throw new ZmtpProtocolException($"it did not introduce itself within {_limits.HandshakePatience.TotalSeconds:0.#} s");
        }

        _writing = Task.Run(WriteAllAsync, CancellationToken.None);
    }

    /// <summary>
    /// The next message, frame by frame; null when the peer has closed the connection. Commands are dealt with on the
    /// way; a publisher gets SUBSCRIBE and CANCEL in the older form, as messages that begin with 1 and 0.
    /// </summary>
    public async ValueTask<IReadOnlyList<byte[]>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var parts = new List<byte[]>();
        long length = 0;
        while (true)
        {
            var next = await _reader.ReadAsync(_limits.LongestMessage - length, parts.Count > 0, cancellationToken).ConfigureAwait(false);
            if (next is not { } frame)
                return null;
            if (frame.IsCommand)
            {
                if (Obey(ZmtpCommand.Parse(frame.Body)) is { } subscription)
                    return [subscription];
                continue;
            }

            parts.Add(frame.Body);
            length += frame.Body.Length;
            if (!frame.HasMore)
                return parts;
            if (parts.Count == _limits.MostFrames)
                throw new ZmtpProtocolException($"it sent a message of more than {_limits.MostFrames} frames");
        }
    }

    /// <summary>Queues bytes made by <see cref="ZmtpFrame"/>; false where they were discarded because the peer reads too slowly.</summary>
    /// <param name="bytes">A whole message.</param>
    /// <param name="mustArrive">Whether the peer would hang without it; a peer that has no room even for that is disconnected.</param>
    public bool Send(byte[] bytes, bool mustArrive)
    {
        var queued = Interlocked.Add(ref _queued, bytes.Length);
        if (queued > (mustArrive ? 2 : 1) * _limits.LongestQueue && queued > bytes.Length)
        {
            Interlocked.Add(ref _queued, -bytes.Length);
            if (mustArrive)
                _ = _closing.CancelAsync();
            return false;
        }

        return _queue.Writer.TryWrite(bytes);
    }

    /// <summary>Ends when this connection is to be closed, because its peer cannot be written to.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Lets what is queued go out, as far as the peer takes it in time.</summary>
    public async Task FlushAsync(TimeSpan linger)
    {
        _queue.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(linger)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _reader.Dispose();
    }

    private async Task TakeReadyAsync(CancellationToken cancellationToken)
    {
        if (await _reader.ReadAsync(ZmtpCommand.Longest, insideMessage: true, cancellationToken).ConfigureAwait(false) is not { IsCommand: true } frame)
            throw new ZmtpProtocolException("it sent something before READY");
        var command = ZmtpCommand.Parse(frame.Body);
        if (command.Name == "ERROR")
            throw new ZmtpProtocolException($"it refused this side: {command.Reason()}");
        if (command.Name != "READY")
            throw new ZmtpProtocolException($"it sent the command \"{Printable.Of(command.Name)}\" in place of READY");

        var properties = command.Properties();
        var peerType = properties.TryGetValue("Socket-Type", out var type) ? Encoding.ASCII.GetString(type) : "";
        if (!_socketType.Accepts(peerType))
        {
            await _stream.WriteAsync(ZmtpCommand.Error("Invalid socket type"), cancellationToken).ConfigureAwait(false);
            throw new ZmtpProtocolException($"it is a \"{Printable.Of(peerType)}\" socket, and a {_socketType.Name} speaks with {string.Join(", ", _socketType.Peers)}");
        }

        if (!properties.TryGetValue("Identity", out var identity))
            return;
        if (identity.Length > LongestIdentity || (identity.Length > 0 && identity[0] == 0))
            throw new ZmtpProtocolException("its identity is longer than 255 bytes, or begins with a zero, as only those made on this side do");
        Identity = identity;
    }

    private byte[]? Obey(ZmtpCommand command)
    {
        switch (command.Name)
        {
            case "PING":
                Send(ZmtpCommand.Pong(command.Data.Span), mustArrive: true);
                return null;
            case "SUBSCRIBE" when _socketType == ZmtpSocketType.Publisher:
                return [1, .. command.Data.Span];
            case "CANCEL" when _socketType == ZmtpSocketType.Publisher:
                return [0, .. command.Data.Span];
            case "ERROR":
                throw new ZmtpProtocolException($"it reported an error: {command.Reason()}");
            default:
                // A later version's command; it is the sender's to be content without an answer.
                return null;
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var bytes in _queue.Reader.ReadAllAsync(_closing.Token).ConfigureAwait(false))
            {
                await _stream.WriteAsync(bytes, _closing.Token).ConfigureAwait(false);
                Interlocked.Add(ref _queued, -bytes.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone. The reading side sees the same and closes the connection.
            _queue.Writer.TryComplete();
        }
    }
}
