using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Tests.Jupyter;

public sealed class SocketTests : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log = [];
    private readonly Channel<(byte[] Identity, string Text)> _received = Channel.CreateUnbounded<(byte[], string)>();
    private readonly List<ZmtpSocket> _sockets = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
            await socket.DisposeAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "does not speak ZMTP")]
    [InlineData("\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0001\0", "before 3")]
    [InlineData("\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0003\0CURVE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "\"CURVE\"")]
    public async Task A_peer_that_greets_otherwise_is_disconnected_and_the_reason_logged(string greeting, string reason)
    {
        var (_, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint);
        await peer.SendAsync(Encoding.Latin1.GetBytes(greeting));
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync(reason);
    }

    [Theory]
    [InlineData("SUB")]
    [InlineData("PULL")]
    [InlineData("")]
    public async Task A_peer_of_a_socket_type_that_does_not_match_is_told_and_disconnected(string socketType)
    {
        var (_, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint, socketType);
        Assert.StartsWith("\u0005ERROR", await peer.ReadTextAsync(), StringComparison.Ordinal);
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync($"\"{socketType}\" socket");
    }

    [Fact]
    public async Task A_peer_that_never_introduces_itself_is_disconnected()
    {
        var (_, endpoint) = Router(new ZmtpLimits { HandshakePatience = TimeSpan.FromMilliseconds(50) });
        using var peer = await RawPeer.ConnectAsync(endpoint);
        await peer.SendAsync(ZmtpGreeting.Create()[..20]);
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync("did not introduce itself");
    }

    [Fact]
    public async Task A_peer_that_sends_half_a_frame_and_is_silent_is_disconnected_and_one_that_is_only_silent_is_not()
    {
        var (quiet, peer) = await ConnectAsync();
        using var first = quiet;
        using var second = peer;
        await peer.SendAsync(0, 200, 1, 2, 3);
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync("was silent");
        await quiet.SendAsync(RawPeer.Message("still here"));
        Assert.Equal("still here", (await ReceiveAsync()).Text);

        // On a busy machine the peers themselves may stop for so long while they introduce themselves: then it is more.
        async Task<(RawPeer Quiet, RawPeer Peer)> ConnectAsync()
        {
            for (var patience = TimeSpan.FromMilliseconds(50); ; patience *= 2)
            {
                var (_, endpoint) = Router(new ZmtpLimits { SilencePatience = patience });
                try
                {
                    return (await RawPeer.ConnectAsync(endpoint, "DEALER"), await RawPeer.ConnectAsync(endpoint, "DEALER"));
                }
                catch (IOException)
                {
                }
            }
        }
    }

    [Theory]
    [InlineData(0x7FFF_FFFF_FFFF_FFFF)]
    [InlineData(-1)]
    [InlineData(1L << 32)]
    [InlineData((128L << 20) + 1)]
    public async Task A_frame_that_is_announced_longer_than_any_may_be_is_refused_at_once(long length)
    {
        var (_, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await peer.SendAsync([2, .. BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(length))]);
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync("announced a frame");
    }

    [Fact]
    public async Task What_is_announced_is_not_allocated()
    {
        var announced = new byte[] { 2, 0, 0, 0, 0, 7, 0, 0, 0, 1, 2, 3 };
        await using var socket = new RouterSocket(new ZmtpLimits(), _log.Enqueue, (_, _) => ValueTask.CompletedTask);
        var peer = new OneWayStream([.. ZmtpGreeting.Create(), .. RawPeer.Ready("DEALER"), .. announced]);

        // All that is said is read on this thread, before anything is waited for.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var served = socket.ServeAsync(peer, "test");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
        await served;
        Assert.Contains("inside a frame", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_limited_in_its_frames_and_in_all_their_bytes()
    {
        var (_, endpoint) = Router(new ZmtpLimits { LongestMessage = 1000, MostFrames = 10 });
        using var many = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await many.SendAsync(RawPeer.Message([.. Enumerable.Repeat("", 11)]));
        Assert.True(await many.IsClosedAsync());
        await AssertLoggedAsync("more than 10 frames");
        using var big = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await big.SendAsync(RawPeer.Message(new string('x', 600), new string('x', 600)));
        Assert.True(await big.IsClosedAsync());
        await AssertLoggedAsync("announced a frame of 600 bytes, and 400");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(0x80)]
    [InlineData(5)]
    public async Task A_frame_with_flags_that_do_not_exist_ends_the_connection(byte flags)
    {
        var (_, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await peer.SendAsync(flags, 0);
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync("flags");
    }

    [Fact]
    public async Task More_peers_than_a_socket_has_room_for_are_turned_away()
    {
        var (_, endpoint) = Router(new ZmtpLimits { MostConnections = 1 });
        using var first = await RawPeer.ConnectAsync(endpoint, "DEALER");
        using var second = await RawPeer.ConnectAsync(endpoint);
        Assert.True(await second.IsClosedAsync());
        await AssertLoggedAsync("turned away");
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_context()
    {
        var (_, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await peer.SendAsync(ZmtpFrame.EncodeCommand("PING"u8, [0, 50, .. "context"u8]));
        Assert.Equal("\u0004PONGcontext", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task A_router_knows_a_peer_by_the_identity_it_chose_and_makes_one_for_a_peer_without()
    {
        var (router, endpoint) = Router();
        using var named = await RawPeer.ConnectAsync(endpoint, "DEALER", "me"u8.ToArray());
        await named.SendAsync(RawPeer.Message("hello"));
        Assert.Equal("me"u8.ToArray(), (await ReceiveAsync()).Identity);
        using var nameless = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await nameless.SendAsync(RawPeer.Message("hello"));
        var made = (await ReceiveAsync()).Identity;
        Assert.Equal((5, 0), (made.Length, made[0]));

        Assert.True(router.Send(made, ["to you"u8.ToArray()]));
        Assert.Equal("to you", await nameless.ReadTextAsync());
        Assert.False(router.Send("nobody"u8, ["lost"u8.ToArray()]));
    }

    [Fact]
    public async Task A_peer_may_not_choose_an_identity_as_the_router_makes_them()
    {
        var (_, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint, "DEALER", [0, 0, 0, 0, 1]);
        Assert.True(await peer.IsClosedAsync());
        await AssertLoggedAsync("identity");
    }

    [Fact]
    public async Task A_peer_that_comes_back_takes_its_identity_over_and_gives_it_back_when_it_goes()
    {
        var (router, endpoint) = Router();
        using var old = await RawPeer.ConnectAsync(endpoint, "DEALER", "me"u8.ToArray());
        using (var back = await RawPeer.ConnectAsync(endpoint, "DEALER", "me"u8.ToArray()))
        {
            await back.SendAsync(RawPeer.Message("again"));
            await ReceiveAsync();
            router.Send("me"u8, ["to the new one"u8.ToArray()]);
            Assert.Equal("to the new one", await back.ReadTextAsync());
        }

        while (router.ConnectionCount > 1)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        router.Send("me"u8, ["to the old one"u8.ToArray()]);
        Assert.Equal("to the old one", await old.ReadTextAsync());
    }

    [Fact]
    public async Task A_publisher_takes_subscriptions_as_messages_and_as_commands_and_counts_them()
    {
        var publisher = Add(new PublisherSocket(new ZmtpLimits(), _log.Enqueue));
        var endpoint = publisher.Bind(ZmtpEndpoint.Tcp("127.0.0.1", 0));
        using var older = await RawPeer.ConnectAsync(endpoint, "SUB");
        await older.SendAsync([0, 2, 1, (byte)'a']);
        await older.SendAsync([0, 2, 1, (byte)'a']);
        await older.SendAsync([0, 2, 0, (byte)'a']);
        using var newer = await RawPeer.ConnectAsync(endpoint, "XSUB");
        await newer.SendAsync(ZmtpFrame.EncodeCommand("SUBSCRIBE"u8, "b"u8));
        await newer.SendAsync(ZmtpFrame.EncodeCommand("SUBSCRIBE"u8, "a"u8));
        await newer.SendAsync(ZmtpFrame.EncodeCommand("CANCEL"u8, "a"u8));
        await SynchronizeAsync(older, newer);

        foreach (var topic in (string[])["c", "a1", "b1"])
            publisher.Send([Encoding.ASCII.GetBytes(topic)], mustArrive: false);
        Assert.Equal("a1", await older.ReadTextAsync());
        Assert.Equal("b1", await newer.ReadTextAsync());
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_misses_outputs_gets_what_must_arrive_and_is_given_up_in_the_end()
    {
        const int Length = 1 << 20;
        var publisher = Add(new PublisherSocket(new ZmtpLimits { LongestQueue = 16 * Length }, _log.Enqueue));
        var endpoint = publisher.Bind(ZmtpEndpoint.Tcp("127.0.0.1", 0));
        using var peer = await RawPeer.ConnectAsync(endpoint, "SUB");
        await peer.SendAsync(0, 1, 1);
        await SynchronizeAsync(peer);

        // Far more than sockets hold by themselves; none of this waits.
        for (var count = 0; count < 200; count++)
            publisher.Send([new byte[Length]], mustArrive: false);
        publisher.Send(["end"u8.ToArray()], mustArrive: true);
        var received = 0;
        byte[] header;
        while ((header = await peer.ReadAsync(2))[0] == ZmtpFrame.LongFlag)
        {
            await peer.ReadAsync(7);
            await peer.ReadAsync(Length);
            received++;
        }

        Assert.Equal("end", Encoding.ASCII.GetString(await peer.ReadAsync(header[1])));
        Assert.InRange(received, 10, 199);

        for (var count = 0; count < 200; count++)
            publisher.Send([new byte[Length]], mustArrive: true);
        await AssertLoggedAsync("does not read");
        while (publisher.ConnectionCount > 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_reply_goes_back_the_way_its_request_came()
    {
        var reply = Add(new ReplySocket(new ZmtpLimits(), _log.Enqueue, parts => parts.Select(part => (byte[])[.. part, (byte)'!'])));
        var endpoint = reply.Bind(ZmtpEndpoint.Tcp("127.0.0.1", 0));
        using var peer = await RawPeer.ConnectAsync(endpoint, "DEALER");
        await peer.SendAsync(RawPeer.Message("no envelope"));
        await peer.SendAsync(RawPeer.Message("hop", "", "a", "b"));
        Assert.Equal(["hop", "", "a!", "b!"], [await peer.ReadTextAsync(), await peer.ReadTextAsync(), await peer.ReadTextAsync(), await peer.ReadTextAsync()]);
    }

    [Fact]
    public async Task Closing_lets_what_was_sent_go_out()
    {
        var (router, endpoint) = Router();
        using var peer = await RawPeer.ConnectAsync(endpoint, "DEALER", "me"u8.ToArray());
        await peer.SendAsync(RawPeer.Message("hello"));
        await ReceiveAsync();
        for (var count = 0; count < 100; count++)
            router.Send("me"u8, [Encoding.ASCII.GetBytes($"message {count}")]);
        await router.CloseAsync(TimeSpan.FromSeconds(30));
        for (var count = 0; count < 100; count++)
            Assert.Equal($"message {count}", await peer.ReadTextAsync());
        Assert.True(await peer.IsClosedAsync());
    }

    [Fact]
    public async Task A_port_or_a_file_that_is_taken_is_refused_and_the_file_of_a_dead_kernel_is_not()
    {
        var (_, endpoint) = Router();
        await using var second = new RouterSocket(new ZmtpLimits(), _log.Enqueue, (_, _) => ValueTask.CompletedTask);
        Assert.Throws<SocketException>(() => second.Bind(endpoint));

        var file = Path.Combine(Path.GetTempPath(), "ck-test-" + Guid.NewGuid().ToString("N")[..8]);
        using (var abandoned = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            abandoned.Bind(new UnixDomainSocketEndPoint(file));
        if (!File.Exists(file))
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var socket = new RouterSocket(new ZmtpLimits(), _log.Enqueue, (_, _) => ValueTask.CompletedTask);
        socket.Bind(ZmtpEndpoint.Ipc(file));
        Assert.Throws<SocketException>(() => second.Bind(ZmtpEndpoint.Ipc(file)));
        await socket.CloseAsync(TimeSpan.Zero);
        Assert.False(File.Exists(file));
    }

    // A ping comes back after all that was sent before it has been taken.
    private static async Task SynchronizeAsync(params RawPeer[] peers)
    {
        foreach (var peer in peers)
        {
            await peer.SendAsync(ZmtpFrame.EncodeCommand("PING"u8, [0, 0]));
            Assert.Equal("\u0004PONG", await peer.ReadTextAsync());
        }
    }

    private (RouterSocket Router, ZmtpEndpoint Endpoint) Router(ZmtpLimits? limits = null)
    {
        var router = Add(new RouterSocket(limits ?? new ZmtpLimits(), _log.Enqueue, (identity, parts) => _received.Writer.WriteAsync((identity, Encoding.UTF8.GetString(parts[0])))));
        return (router, router.Bind(ZmtpEndpoint.Tcp("127.0.0.1", 0)));
    }

    private T Add<T>(T socket)
        where T : ZmtpSocket
    {
        _sockets.Add(socket);
        return socket;
    }

    private async Task<(byte[] Identity, string Text)> ReceiveAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private async Task AssertLoggedAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        while (!_log.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(patience.IsCancellationRequested, $"Nothing was logged about \"{text}\", but: {string.Join("\n", _log)}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
