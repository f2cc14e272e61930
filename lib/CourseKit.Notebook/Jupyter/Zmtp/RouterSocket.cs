using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>Takes messages from many peers and answers each by its identity.</summary>
/// <param name="limits">What a peer may take.</param>
/// <param name="log">Takes a sentence about every peer that was turned away.</param>
/// <param name="take">Called with a peer's identity and its message, in the order in which that peer sent them.</param>
internal sealed class RouterSocket(ZmtpLimits limits, Action<string> log, Func<byte[], IReadOnlyList<byte[]>, ValueTask> take)
    : ZmtpSocket(ZmtpSocketType.Router, limits, log)
{
    private readonly ConcurrentDictionary<string, ZmtpConnection> _byIdentity = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ZmtpConnection, byte[]> _identities = [];
    private uint _made;

    /// <summary>Sends to one peer; false where no such peer is connected, and the message is dropped.</summary>
    public bool Send(ReadOnlySpan<byte> identity, IReadOnlyList<ReadOnlyMemory<byte>> parts) =>
        _byIdentity.TryGetValue(Convert.ToHexString(identity), out var connection) && connection.Send(ZmtpFrame.EncodeMessage(parts), mustArrive: true);

    protected override void Connected(ZmtpConnection connection)
    {
        var identity = connection.Identity.Length > 0 ? connection.Identity : MakeIdentity();
        _identities[connection] = identity;

        // A known name on a new connection is most often a peer that came back before its old connection was seen to be dead.
        _byIdentity[Convert.ToHexString(identity)] = connection;
    }

    protected override void Disconnected(ZmtpConnection connection)
    {
        if (!_identities.TryRemove(connection, out var identity) || !_byIdentity.TryRemove(KeyValuePair.Create(Convert.ToHexString(identity), connection)))
            return;

        // It was a second peer of the same name: the first one has it back.
        foreach (var (other, name) in _identities)
        {
            if (name.AsSpan().SequenceEqual(identity))
                _byIdentity.TryAdd(Convert.ToHexString(identity), other);
        }
    }

    protected override ValueTask TakeAsync(ZmtpConnection connection, IReadOnlyList<byte[]> message) => take(_identities[connection], message);

    // A zero and a number, as libzmq makes them: no peer may choose such a name itself.
    private byte[] MakeIdentity()
    {
        var identity = new byte[1 + sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(identity.AsSpan(1), Interlocked.Increment(ref _made));
        return identity;
    }
}
