using System.Buffers.Binary;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>One frame: part of a message, or a command.</summary>
/// <param name="Body">What it holds.</param>
/// <param name="IsCommand">A command is for the transport, not for the application.</param>
/// <param name="HasMore">Another frame of the same message follows.</param>
internal readonly record struct ZmtpFrame(byte[] Body, bool IsCommand, bool HasMore)
{
    public const byte MoreFlag = 1;
    public const byte LongFlag = 2;
    public const byte CommandFlag = 4;

    private const int ShortHeader = 2;
    private const int LongHeader = 9;

    /// <summary>A whole message as it goes over the wire.</summary>
    public static byte[] EncodeMessage(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var bytes = new byte[parts.Sum(part => (long)HeaderLength(part.Length) + part.Length)];
        var rest = bytes.AsSpan();
        for (var index = 0; index < parts.Count; index++)
            rest = Write(rest, parts[index].Span, index < parts.Count - 1 ? MoreFlag : (byte)0);
        return bytes;
    }

    /// <summary>A command as it goes over the wire: its name with one byte of length before it, then its data.</summary>
    public static byte[] EncodeCommand(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var body = new byte[1 + name.Length + data.Length];
        body[0] = (byte)name.Length;
        name.CopyTo(body.AsSpan(1));
        data.CopyTo(body.AsSpan(1 + name.Length));
        var bytes = new byte[HeaderLength(body.Length) + body.Length];
        Write(bytes, body, CommandFlag);
        return bytes;
    }

    private static int HeaderLength(int length) => length <= byte.MaxValue ? ShortHeader : LongHeader;

    private static Span<byte> Write(Span<byte> target, ReadOnlySpan<byte> body, byte flags)
    {
        var header = HeaderLength(body.Length);
        if (header == ShortHeader)
        {
            target[0] = flags;
            target[1] = (byte)body.Length;
        }
        else
        {
            target[0] = (byte)(flags | LongFlag);
            BinaryPrimitives.WriteInt64BigEndian(target[1..], body.Length);
        }

        body.CopyTo(target[header..]);
        return target[(header + body.Length)..];
    }
}
