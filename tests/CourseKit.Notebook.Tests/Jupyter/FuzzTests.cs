using System.Text;
using CourseKit.Notebook.Jupyter;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Tests.Jupyter;

/// <summary>Ten thousand conversations and messages that are nearly right, or not at all; the numbers are the same at every run.</summary>
public sealed class FuzzTests
{
    private const int Count = 10_000;

    [Fact]
    public async Task Random_and_mutated_conversations_end_without_a_crash_and_leave_nothing_behind()
    {
        var random = new Random(1);
        var lines = 0;
        var taken = 0;
        ZmtpSocket[] sockets =
        [
            new RouterSocket(new ZmtpLimits(), _ => lines++, (_, _) => { taken++; return ValueTask.CompletedTask; }),
            new PublisherSocket(new ZmtpLimits(), _ => lines++),
            new ReplySocket(new ZmtpLimits(), _ => lines++, static parts => parts),
        ];
        var conversations = new[] { "DEALER", "SUB", "REQ" }.Select(Conversation).ToArray();
        var streams = new List<WeakReference>();
        for (var count = 0; count < Count; count++)
        {
            var kind = random.Next(sockets.Length);
            var said = random.Next(10) == 0 ? RandomBytes(random, random.Next(200)) : Mutate(random, conversations[kind]);
            await ServeAsync(sockets[kind], said, streams);
        }

        Assert.All(sockets, socket => Assert.Equal(0, socket.ConnectionCount));
        GC.Collect();
        Assert.InRange(streams.Count(stream => stream.IsAlive), 0, 10);

        // Both kinds came: those that were turned away, and those that were still understood.
        Assert.InRange(lines, Count / 4, Count);
        Assert.InRange(taken, Count / 100, int.MaxValue);
        foreach (var socket in sockets)
            await socket.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("key")]
    public void Random_and_mutated_messages_are_understood_or_dropped_and_none_with_a_wrong_signature_is_understood(string key)
    {
        var random = new Random(2);
        var codec = new MessageCodec(key);
        var frames = codec.Encode("execute_request", null, """{"code":"1 + 1","silent":false,"user_expressions":{"a":"𝒳"}}"""u8.ToArray()).Select(frame => frame.ToArray()).ToArray();
        var understood = 0;
        for (var count = 0; count < Count; count++)
        {
            var mutated = MutateFrames(random, frames);
            try
            {
                var request = codec.Decode([1], mutated);
                Assert.True(key.Length == 0 || frames[2..6].Zip(mutated.SkipWhile(frame => !frame.AsSpan().SequenceEqual("<IDS|MSG>"u8)).Skip(2)).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
                _ = (request.Text("code", ""), request.Flag("silent", true), request.Number("n"));
                understood++;
            }
            catch (MalformedMessageException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }

        Assert.InRange(understood, 1, Count / 2);
    }

    private static Task ServeAsync(ZmtpSocket socket, byte[] said, List<WeakReference> streams)
    {
        var stream = new OneWayStream(said);
        streams.Add(new WeakReference(stream));
        return socket.ServeAsync(stream, "fuzz");
    }

    private static byte[] Conversation(string socketType) =>
    [
        .. ZmtpGreeting.Create(),
        .. RawPeer.Ready(socketType, "fuzz"u8.ToArray()),
        .. ZmtpFrame.EncodeCommand("SUBSCRIBE"u8, "topic"u8),
        .. RawPeer.Message("\u0001topic"),
        .. RawPeer.Message("", "<IDS|MSG>", "0123", "{}", "{}", "{}", "{}"),
        .. ZmtpFrame.EncodeCommand("PING"u8, [0, 1, 2, 3]),
        .. RawPeer.Message(new string('x', 300), ""),
    ];

    private static byte[] Mutate(Random random, byte[] right)
    {
        var bytes = right.ToList();
        for (var changes = random.Next(4); changes >= 0; changes--)
        {
            // Mostly behind the greeting, where there is more to get wrong.
            var place = random.Next(random.Next(4) == 0 ? 0 : Math.Min(ZmtpGreeting.Length, bytes.Count - 1), bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.InsertRange(place, RandomBytes(random, random.Next(1, 20)));
                    break;
                case 3:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 20), bytes.Count - place));
                    break;
                case 4:
                    bytes.RemoveRange(place + 1, bytes.Count - place - 1);
                    break;
            }

            if (bytes.Count == 0)
                break;
        }

        return [.. bytes];
    }

    private static List<byte[]> MutateFrames(Random random, byte[][] right)
    {
        var frames = right.ToList();
        var place = random.Next(frames.Count);
        switch (random.Next(5))
        {
            case 0:
                frames.RemoveAt(place);
                break;
            case 1:
                frames.Insert(place, RandomBytes(random, random.Next(50)));
                break;
            case 2:
                frames[place] = [];
                break;
            case 3:
                frames[place] = Encoding.UTF8.GetBytes(new string('[', random.Next(2000)));
                break;
            default:
                frames[place] = frames[place].Length == 0 ? RandomBytes(random, 3) : Mutate(random, [.. frames[place]]);
                break;
        }

        return frames;
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
