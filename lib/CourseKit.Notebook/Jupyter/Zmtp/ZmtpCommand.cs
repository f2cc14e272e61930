using System.Buffers.Binary;
using System.Text;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>What the transports say to each other: READY and ERROR at the start, then subscriptions and PING.</summary>
internal readonly record struct ZmtpCommand(string Name, ReadOnlyMemory<byte> Data)
{
    // Property names and values of a READY; longer ones serve nobody.
    public const int Longest = 64 * 1024;

    public static ZmtpCommand Parse(byte[] body)
    {
        if (body.Length == 0 || body[0] == 0 || 1 + body[0] > body.Length)
            throw new ZmtpProtocolException("it sent a command without a name");
        return new ZmtpCommand(Encoding.ASCII.GetString(body, 1, body[0]), body.AsMemory(1 + body[0]));
    }

    public static byte[] Ready(string socketType)
    {
        using var data = new MemoryStream();
        WriteProperty(data, "Socket-Type", Encoding.ASCII.GetBytes(socketType));
        return ZmtpFrame.EncodeCommand("READY"u8, data.ToArray());
    }

    public static byte[] Error(string reason)
    {
        var text = Encoding.ASCII.GetBytes(reason.Length <= byte.MaxValue ? reason : reason[..byte.MaxValue]);
        return ZmtpFrame.EncodeCommand("ERROR"u8, [(byte)text.Length, .. text]);
    }

    /// <summary>The answer to a PING: its context, without the two bytes that say how long the peer waits.</summary>
    public static byte[] Pong(ReadOnlySpan<byte> ping)
    {
        const int TimeToLive = 2;
        const int LongestContext = 16;
        var context = ping.Length <= TimeToLive ? [] : ping[TimeToLive..];
        return ZmtpFrame.EncodeCommand("PONG"u8, context[..Math.Min(context.Length, LongestContext)]);
    }

    /// <summary>The properties of a READY; their names mean the same in upper and lower case.</summary>
    public Dictionary<string, byte[]> Properties()
    {
        var properties = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        var rest = Data.Span;
        while (rest.Length > 0)
        {
            var nameLength = rest[0];
            if (nameLength == 0 || rest.Length < 1 + nameLength + sizeof(uint))
                throw new ZmtpProtocolException("it sent a READY that is cut off");
            var name = Encoding.ASCII.GetString(rest.Slice(1, nameLength));
            rest = rest[(1 + nameLength)..];
            var valueLength = BinaryPrimitives.ReadUInt32BigEndian(rest);
            rest = rest[sizeof(uint)..];
            if (valueLength > (uint)rest.Length)
                throw new ZmtpProtocolException("it sent a READY that is cut off");
            properties[name] = rest[..(int)valueLength].ToArray();
            rest = rest[(int)valueLength..];
        }

        return properties;
    }

    /// <summary>The reason in an ERROR, fit for a log.</summary>
    public string Reason() => Data.Length == 0 ? "" : Printable.Of(Encoding.ASCII.GetString(Data.Span[1..]));

    private static void WriteProperty(MemoryStream target, string name, ReadOnlySpan<byte> value)
    {
        target.WriteByte((byte)name.Length);
        target.Write(Encoding.ASCII.GetBytes(name));
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)value.Length);
        target.Write(length);
        target.Write(value);
    }
}
