using System.Net.Sockets;
using System.Text;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Tests.Jupyter;

/// <summary>A peer that can say anything, also what no ZeroMQ would.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawPeer(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Connects and says nothing yet.</summary>
    public static async Task<RawPeer> ConnectAsync(ZmtpEndpoint endpoint)
    {
        var client = new TcpClient { NoDelay = true };
        var port = int.Parse(endpoint.ToString().Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return new RawPeer(client);
    }

    /// <summary>Connects and goes through the handshake.</summary>
    public static async Task<RawPeer> ConnectAsync(ZmtpEndpoint endpoint, string socketType, byte[]? identity = null)
    {
        var peer = await ConnectAsync(endpoint);
        await peer.SendAsync(ZmtpGreeting.Create());
        await peer.SendAsync(Ready(socketType, identity));
        await peer.ReadAsync(ZmtpGreeting.Length);
        await peer.ReadFrameAsync();
        return peer;
    }

    public static byte[] Ready(string socketType, byte[]? identity = null)
    {
        using var data = new MemoryStream();
        Property("Socket-Type", Encoding.ASCII.GetBytes(socketType));
        Property("Identity", identity ?? []);
        return ZmtpFrame.EncodeCommand("READY"u8, data.ToArray());

        void Property(string name, byte[] value)
        {
            data.WriteByte((byte)name.Length);
            data.Write(Encoding.ASCII.GetBytes(name));
            data.Write([0, 0, 0, (byte)value.Length]);
            data.Write(value);
        }
    }

    public static byte[] Message(params string[] parts) =>
        ZmtpFrame.EncodeMessage([.. parts.Select(part => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(part))]);

    public async Task SendAsync(params byte[] bytes) => await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    /// <summary>The body of the next frame, which is expected to be a short one.</summary>
    public async Task<byte[]> ReadFrameAsync() => await ReadAsync((await ReadAsync(2))[1]);

    public async Task<string> ReadTextAsync() => Encoding.UTF8.GetString(await ReadFrameAsync());

    /// <summary>Reads until the other side closes the connection.</summary>
    public async Task<bool> IsClosedAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Closed with bytes of ours unread, which TCP tells as an error.
        }

        return true;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
