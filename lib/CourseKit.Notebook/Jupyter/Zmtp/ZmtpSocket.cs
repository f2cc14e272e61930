using System.Collections.Concurrent;
using System.Net.Sockets;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>A socket that listens and serves each peer that connects in a loop of its own.</summary>
/// <param name="type">What it is to its peers.</param>
/// <param name="limits">What a peer may take.</param>
/// <param name="log">Takes a sentence about every peer that was turned away.</param>
internal abstract class ZmtpSocket(ZmtpSocketType type, ZmtpLimits limits, Action<string> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ZmtpConnection, Task> _connections = [];
    private readonly CancellationTokenSource _closing = new();
    private Socket? _listener;
    private ZmtpEndpoint? _endpoint;
    private Task _accepting = Task.CompletedTask;

    protected ZmtpLimits Limits => limits;

    /// <summary>How many peers are connected now, those included who have not introduced themselves.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Begins to listen, and returns where.</summary>
    public ZmtpEndpoint Bind(ZmtpEndpoint endpoint)
    {
        (_listener, _endpoint) = endpoint.Listen();
        _accepting = Task.Run(AcceptAllAsync);
        return _endpoint;
    }

    /// <summary>Serves one peer until it goes, or sends what no peer may send.</summary>
    public async Task ServeAsync(Stream stream, string peer)
    {
        var connection = new ZmtpConnection(stream, peer, type, limits);
        var served = new TaskCompletionSource();
        _connections[connection] = served.Task;
        var connected = false;
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, connection.Closing);
            await connection.ShakeHandsAsync(ending.Token).ConfigureAwait(false);
            connected = true;
            Connected(connection);
            while (await connection.ReceiveAsync(ending.Token).ConfigureAwait(false) is { } message)
                await TakeAsync(connection, message).ConfigureAwait(false);
        }
        catch (ZmtpProtocolException exception)
        {
            log($"{type.Name} {_endpoint}: the peer {peer} was disconnected: {exception.Message}.");
        }
        catch (OperationCanceledException)
        {
            if (!_closing.IsCancellationRequested)
                log($"{type.Name} {_endpoint}: the peer {peer} was disconnected: it does not read what it is sent.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The peer is gone, which is its right.
        }
        finally
        {
            if (connected)
                Disconnected(connection);
            _connections.TryRemove(connection, out _);
            await connection.DisposeAsync().ConfigureAwait(false);
            served.SetResult();
        }
    }

    /// <summary>Lets what was sent go out, and closes all connections.</summary>
    public async Task CloseAsync(TimeSpan linger)
    {
        if (_closing.IsCancellationRequested)
            return;
        await Task.WhenAll(_connections.Keys.Select(connection => connection.FlushAsync(linger))).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _endpoint?.CleanUp();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(TimeSpan.Zero).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>A peer has introduced itself.</summary>
    protected virtual void Connected(ZmtpConnection connection)
    {
    }

    /// <summary>That peer is gone.</summary>
    protected virtual void Disconnected(ZmtpConnection connection)
    {
    }

    /// <summary>A peer sent a message. Its next one is read when this has ended, so a peer can be made to wait.</summary>
    protected abstract ValueTask TakeAsync(ZmtpConnection connection, IReadOnlyList<byte[]> message);

    private async Task AcceptAllAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener!.AcceptAsync(_closing.Token).ConfigureAwait(false);
                if (_connections.Count >= limits.MostConnections)
                {
                    log($"{type.Name} {_endpoint}: a peer was turned away, because {limits.MostConnections} are connected.");
                    socket.Dispose();
                    continue;
                }

                if (socket.ProtocolType == ProtocolType.Tcp)
                {
                    socket.NoDelay = true;
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                }

                _ = ServeAsync(new NetworkStream(socket, ownsSocket: true), socket.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "on this machine");
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The peer was gone before it was let in, or the system has no room for it now; others may have better luck.
                log($"{type.Name} {_endpoint}: a peer could not be let in: {exception.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
            }
        }
    }
}
