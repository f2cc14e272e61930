using System.Collections.Concurrent;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>Sends to all who subscribed to the beginning of a message's first frame. It waits for no one.</summary>
internal sealed class PublisherSocket(ZmtpLimits limits, Action<string> log) : ZmtpSocket(ZmtpSocketType.Publisher, limits, log)
{
    private readonly ConcurrentDictionary<ZmtpConnection, Subscriptions> _subscribers = [];

    /// <summary>Sends to every subscriber; one that reads too slowly misses it, unless it must arrive.</summary>
    public void Send(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool mustArrive)
    {
        byte[]? bytes = null;
        foreach (var (connection, subscriptions) in _subscribers)
        {
            if (subscriptions.Match(parts[0].Span))
                connection.Send(bytes ??= ZmtpFrame.EncodeMessage(parts), mustArrive);
        }
    }

    protected override void Connected(ZmtpConnection connection) => _subscribers[connection] = new Subscriptions();

    protected override void Disconnected(ZmtpConnection connection) => _subscribers.TryRemove(connection, out _);

    protected override ValueTask TakeAsync(ZmtpConnection connection, IReadOnlyList<byte[]> message)
    {
        // Anything else a subscriber may send is for an application, and this one has nothing to hear from it.
        if (message is [[var verb and (0 or 1), .. var topic]])
        {
            if (verb == 0)
                _subscribers[connection].Remove(topic);
            else if (!_subscribers[connection].Add(topic, Limits.MostSubscriptions))
                throw new ZmtpProtocolException($"it subscribed to more than {Limits.MostSubscriptions} topics");
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Subscriptions
    {
        private readonly Lock _gate = new();

        // With repetitions: who subscribes twice has to cancel twice.
        private readonly List<byte[]> _topics = [];

        public bool Add(byte[] topic, int most)
        {
            lock (_gate)
            {
                _topics.Add(topic);
                return _topics.Count <= most;
            }
        }

        public void Remove(byte[] topic)
        {
            lock (_gate)
            {
                var index = _topics.FindIndex(known => known.AsSpan().SequenceEqual(topic));
                if (index >= 0)
                    _topics.RemoveAt(index);
            }
        }

        public bool Match(ReadOnlySpan<byte> subject)
        {
            lock (_gate)
            {
                foreach (var topic in _topics)
                {
                    if (subject.StartsWith(topic))
                        return true;
                }

                return false;
            }
        }
    }
}
