using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Tests.Jupyter;

/// <summary>The sockets with a real ZeroMQ at the other end; what it does is written in Python, beside this file.</summary>
public sealed class ZeroMqTests
{
    private const string Python = "/usr/bin/python3";
    private const string Package = "/usr/share/doc/python3-zmq";

    private static readonly string[] s_steps =
    [
        "dealers_of_every_kind_get_what_they_sent",
        "many_messages_come_back_in_order",
        "a_request_is_answered_by_router_and_reply",
        "a_peer_that_comes_back_under_its_name_is_known",
        "a_peer_that_sends_pings_stays_connected",
        "subscribers_get_their_topics",
        "a_peer_of_the_wrong_kind_is_refused",
    ];

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task ZeroMQ_speaks_with_every_socket_over_TCP_and_ipc()
    {
        SkipWithoutZeroMq();
        var log = new ConcurrentQueue<string>();
        var limits = new ZmtpLimits();
        await using var publisher = new PublisherSocket(limits, log.Enqueue);
        await using var reply = new ReplySocket(limits, log.Enqueue, static parts => parts);
        await using var tcp = Echo();
        await using var ipc = Echo();
        var folder = Directory.CreateTempSubdirectory("ck-zmq-");
        try
        {
            var loopback = ZmtpEndpoint.Tcp("127.0.0.1", 0);
            string[] endpoints =
            [
                tcp.Bind(loopback).ToString(), publisher.Bind(loopback).ToString(), reply.Bind(loopback).ToString(),
                ipc.Bind(ZmtpEndpoint.Ipc(Path.Combine(folder.FullName, "ipc"))).ToString(),
            ];
            var (done, errors) = await RunAsync(endpoints);
            Assert.True(s_steps.SequenceEqual(done), $"Done: {string.Join(", ", done)}\n{errors}\n{string.Join("\n", log)}");
            Assert.All(log, line => Assert.Contains("\"PULL\" socket", line, StringComparison.Ordinal));
        }
        finally
        {
            await ipc.CloseAsync(TimeSpan.Zero);
            folder.Delete(recursive: true);
        }

        RouterSocket Echo()
        {
            RouterSocket? router = null;
            return router = new RouterSocket(limits, log.Enqueue, (identity, parts) =>
            {
                var frames = parts.Select(part => (ReadOnlyMemory<byte>)part).ToArray();
                if (parts[0].AsSpan().SequenceEqual("publish"u8))
                    publisher.Send(frames[1..], mustArrive: false);
                else
                    router!.Send(identity, frames);
                return ValueTask.CompletedTask;
            });
        }
    }

    private static void SkipWithoutZeroMq()
    {
        ToolTests.SkipUnlessWanted();
        Assert.True(File.Exists(Python) && Directory.Exists(Package), "This test needs ZeroMQ: install python3-zmq.");
    }

    private static async Task<(string[] Done, string Errors)> RunAsync(string[] endpoints)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Jupyter", "zeromq_peer.py"), .. endpoints])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromHours(1));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            return ((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), await errors);
        }
        finally
        {
            process.Kill();
        }
    }
}
