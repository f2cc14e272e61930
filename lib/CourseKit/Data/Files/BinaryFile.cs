using System.IO.Compression;

namespace CourseKit;

/// <summary>
/// Reads a binary file that may be damaged or hostile. What a header claims is never believed: no more memory is taken
/// than the bytes that are really there need, and everything that is wrong is an <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class BinaryFile : IDisposable
{
    // Deflate cannot pack tighter than 1032 to 1, so a packed file tells how much can be in it at most.
    private const long DeflateRatio = 1032;
    private const int FirstBlock = 1 << 20;

    private readonly Stream stream;
    private long remaining;

    private BinaryFile(Stream stream, string name, long atMost, bool packed)
    {
        this.stream = stream;
        Name = name;
        remaining = atMost;
        IsPacked = packed;
    }

    /// <summary>The file's name, with which every complaint begins.</summary>
    public string Name { get; }

    /// <summary>Whether the bytes come out of a decompressor: then <see cref="AtMost"/> is only a bound.</summary>
    public bool IsPacked { get; }

    /// <summary>The bytes that can still come: exactly so many in a plain file.</summary>
    public long AtMost => remaining;

    /// <summary>Opens a file; one that begins as gzip does is unpacked on the way.</summary>
    public static BinaryFile Open(string path, bool unpack = true)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return Over(file, Path.GetFileName(path), unpack);
    }

    /// <summary>The same over bytes or a file that is open; the stream must know its length.</summary>
    public static BinaryFile Over(Stream stream, string name, bool unpack = true)
    {
        var start = stream.Position;
        Span<byte> magic = stackalloc byte[2];
        var packed = unpack && stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        stream.Position = start;
        var length = stream.Length - start;
        return packed
            ? new BinaryFile(new GZipStream(stream, CompressionMode.Decompress), name, length * DeflateRatio, packed: true)
            : new BinaryFile(stream, name, length, packed: false);
    }

    /// <summary>What is inside zlib-packed bytes.</summary>
    public static BinaryFile Inflate(Stream packed, string name)
        => new(new ZLibStream(packed, CompressionMode.Decompress), name, packed.Length * DeflateRatio, packed: true);

    /// <summary>Exactly so many bytes.</summary>
    /// <exception cref="InvalidDataException">They are not there, or cannot be unpacked.</exception>
    public byte[] Read(long count, string what)
    {
        if (count > remaining)
            throw Bad($"its header promises {count} bytes of {what}, and {(IsPacked ? "no more than " : "")}{remaining} can follow: it is damaged or cut off");
        if (count > Array.MaxLength)
            throw Bad($"{count} bytes of {what} are more than can be held at once");
        // A plain file has told its length. Of a packed one memory is taken as the bytes come.
        var bytes = new byte[IsPacked ? Math.Min(count, FirstBlock) : count];
        var filled = 0;
        while (true)
        {
            var got = ReadSome(bytes.AsSpan(filled));
            filled += got;
            if (filled < bytes.Length)
                throw Bad($"it ends after {filled} of {count} bytes of {what}: it is cut off");
            if (filled == count)
                break;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
        remaining -= count;
        return bytes;
    }

    /// <summary>Whether nothing follows; a packed file's checksum is compared on the way.</summary>
    public bool AtEnd()
    {
        Span<byte> one = stackalloc byte[1];
        return ReadSome(one) == 0;
    }

    /// <summary>The exception for something that is wrong with this file.</summary>
    public InvalidDataException Bad(string what, Exception? inner = null) => new($"{Name} cannot be read: {what}.", inner);

    private int ReadSome(Span<byte> target)
    {
        try
        {
            return stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception)
        {
            throw Bad("its packed bytes are damaged", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
