using System.Buffers.Binary;

namespace CourseKit;

/// <summary>
/// A picture in a PNG file: grey, grey and alpha, RGB, RGBA or palette, 1 to 16 bits, not interlaced. The numbers are
/// those of the file, 0 to 255 or 0 to 65535, so that a 16-bit medical image keeps its units; <see cref="Scaled"/> takes them to 0 to 1.
/// Format: W3C, Portable Network Graphics, 2003. Gamma, colour profiles and the single transparent colour of grey and RGB
/// pictures (tRNS) are not applied.
/// </summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class PngImage
{
    /// <summary>The most numbers (width x height x channels) a picture may hold: a small file can unpack to a thousand times its size.</summary>
    public const int MaximumCount = 1 << 25;

    private readonly string name;

    private PngImage(string name, Tensor pixels, int bitDepth) => (this.name, Pixels, BitDepth) = (name, pixels, bitDepth);

    /// <summary>The numbers of the file, channels x height x width; the channels are grey, grey and alpha, RGB or RGBA. A palette is looked up.</summary>
    public Tensor Pixels { get; }

    /// <summary>Bits of one number: the largest it can be is 2^bits - 1.</summary>
    public int BitDepth { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.</summary>
    public int Channels => Pixels.Shape[0];

    /// <summary>Pixels from top to bottom.</summary>
    public int Height => Pixels.Shape[1];

    /// <summary>Pixels from left to right.</summary>
    public int Width => Pixels.Shape[2];

    /// <summary>The numbers from 0 to 1, channels x height x width.</summary>
    public Tensor Scaled() => Pixels / ((1 << BitDepth) - 1);

    /// <summary>Reads a file, looked for as <see cref="DataFiles.Find"/> does.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no PNG file, interlaced, or larger than <see cref="MaximumCount"/>; the message says which.</exception>
    public static PngImage Load(string file, Device? device = null)
    {
        using var source = BinaryFile.Open(DataFiles.Find(file), unpack: false);
        return Read(source, device);
    }

    /// <summary>Reads from a stream that knows its length.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    public static PngImage Read(Stream stream, string name = "the PNG file", Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var source = BinaryFile.Over(stream, name, unpack: false);
        return Read(source, device);
    }

    private static PngImage Read(BinaryFile source, Device? device)
    {
        var file = PngChunks.Read(source);
        var header = file.Header;
        var bytesPerRow = header.BytesPerRow;
        var rows = ((long)bytesPerRow + 1) * header.Height;
        byte[] packed;
        using (var inside = BinaryFile.Inflate(new MemoryStream(file.Data), source.Name))
        {
            packed = inside.Read(rows, "pixels");
            if (!inside.AtEnd())
                throw source.Bad("more pixels follow than its header promises");
        }
        PngFilters.Undo(packed, header, source);

        // From pixel by pixel in the file to channel by channel in the tensor.
        var channels = header.UsesPalette ? file.PaletteChannels : header.Samples;
        var depth = header.UsesPalette ? 8 : header.BitDepth;
        var plane = header.Height * header.Width;
        var pixels = new float[channels * plane];
        var at = 0;
        for (var y = 0; y < header.Height; y++)
        {
            var row = packed.AsSpan(y * (bytesPerRow + 1) + 1, bytesPerRow);
            for (var x = 0; x < header.Width; x++, at++)
            {
                if (header.UsesPalette)
                {
                    var colour = file.Colour(Sample(row, x, header.BitDepth), source);
                    for (var c = 0; c < channels; c++)
                        pixels[c * plane + at] = colour[c];
                }
                else
                    for (var c = 0; c < channels; c++)
                        pixels[c * plane + at] = Sample(row, x * channels + c, header.BitDepth);
            }
        }
        return new PngImage(source.Name, Tensor.From((ReadOnlySpan<float>)pixels, [channels, header.Height, header.Width], device), depth);
    }

    private static int Sample(ReadOnlySpan<byte> row, int index, int bits) => bits switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]),
        8 => row[index],
        _ => row[index * bits / 8] >> (8 - bits - index * bits % 8) & (1 << bits) - 1, // the leftmost pixel in the highest bits
    };

    /// <inheritdoc/>
    public override string ToString() => $"{name}: {Width} x {Height} pixels, {Channels switch { 1 => "grey", 2 => "grey and alpha", 3 => "RGB", _ => "RGBA" }}, {BitDepth} bits";
}

/// <summary>What a PNG file says about its pixels in its first chunk.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int Samples, bool UsesPalette)
{
    public int BitsPerPixel => Samples * BitDepth;

    public int BytesPerRow => (int)(((long)Width * BitsPerPixel + 7) / 8);

    /// <summary>How far back a filter looks for the pixel to the left.</summary>
    public int BytesPerPixel => Math.Max(1, BitsPerPixel / 8);

    public static PngHeader Read(ReadOnlySpan<byte> bytes, BinaryFile source)
    {
        if (bytes.Length != 13)
            throw source.Bad($"its header chunk has {bytes.Length} bytes instead of 13");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
        var (depth, colour) = (bytes[8], bytes[9]);
        var (samples, depths) = colour switch
        {
            0 => (1, new byte[] { 1, 2, 4, 8, 16 }),
            2 => (3, [8, 16]),
            3 => (1, [1, 2, 4, 8]),
            4 => (2, [8, 16]),
            6 => (4, [8, 16]),
            _ => throw source.Bad($"the colour type {colour} is none of PNG's (0, 2, 3, 4, 6)"),
        };
        if (!depths.Contains(depth))
            throw source.Bad($"{depth} bits do not go with the colour type {colour}, only {string.Join(", ", depths)}");
        // A palette can make four numbers of one.
        if (width == 0 || height == 0 || (ulong)width * height > (ulong)PngImage.MaximumCount / (uint)(colour == 3 ? 4 : samples))
            throw source.Bad($"{width} x {height} pixels of {samples} numbers are none, or more than the {PngImage.MaximumCount} numbers this reader takes");
        if (bytes[10] != 0 || bytes[11] != 0)
            throw source.Bad("its compression or filter method is unknown");
        if (bytes[12] == 1)
            throw source.Bad("it is interlaced (Adam7), which this reader does not take: save it again without interlacing");
        if (bytes[12] != 0)
            throw source.Bad("its interlace method is unknown");
        return new PngHeader((int)width, (int)height, depth, samples, colour == 3);
    }
}

/// <summary>The chunks a PNG file is made of, each with a checksum.</summary>
internal sealed class PngChunks
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var bit = 0; bit < 8; bit++)
            c = (c & 1) != 0 ? 0xEDB88320 ^ c >> 1 : c >> 1;
        return c;
    })];

    private byte[] palette = [];
    private byte[] alpha = [];

    public PngHeader Header { get; private set; }

    /// <summary>The packed pixels.</summary>
    public byte[] Data { get; private set; } = [];

    public int PaletteChannels => alpha.Length > 0 ? 4 : 3;

    public static PngChunks Read(BinaryFile source)
    {
        if (source.AtMost < 8 || source.Read(8, "its signature") is not [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])
            throw source.Bad("it does not begin as a PNG file does");
        var chunks = new PngChunks();
        var data = new MemoryStream();
        for (var first = true; ; first = false)
        {
            var start = source.Read(8, "a chunk's head");
            var length = BinaryPrimitives.ReadUInt32BigEndian(start);
            var type = System.Text.Encoding.Latin1.GetString(start, 4, 4);
            var bytes = source.Read(length, $"chunk {Printable(type)}");
            var checksum = BinaryPrimitives.ReadUInt32BigEndian(source.Read(4, "a chunk's checksum"));
            if (checksum != Crc(start.AsSpan(4), bytes))
                throw source.Bad($"the checksum of its chunk {Printable(type)} is wrong: it is damaged");
            if (first != (type == "IHDR"))
                throw source.Bad(first ? "its first chunk is not the header IHDR" : "it has a second header");
            switch (type)
            {
                case "IHDR":
                    chunks.Header = PngHeader.Read(bytes, source);
                    break;
                case "PLTE":
                    if (length is 0 or > 768 || length % 3 != 0)
                        throw source.Bad($"a palette of {length} bytes is no list of 1 to 256 colours");
                    chunks.palette = bytes;
                    break;
                case "tRNS" when chunks.Header.UsesPalette:
                    if (length > 256)
                        throw source.Bad("it has more transparencies than colours");
                    chunks.alpha = bytes;
                    break;
                case "IDAT":
                    data.Write(bytes);
                    break;
                case "IEND":
                    if (data.Length == 0)
                        throw source.Bad("it has no pixels (no chunk IDAT)");
                    if (chunks.Header.UsesPalette && chunks.palette.Length == 0)
                        throw source.Bad("its palette is missing");
                    chunks.Data = data.ToArray();
                    return chunks;
                default:
                    // A capital first letter: the picture cannot be understood without this chunk.
                    if (type[0] is >= 'A' and <= 'Z')
                        throw source.Bad($"it needs the chunk {Printable(type)}, which this reader does not know");
                    break;
            }
        }
    }

    /// <summary>Red, green, blue and, where the palette has transparency, alpha.</summary>
    public ReadOnlySpan<byte> Colour(int index, BinaryFile source)
    {
        if (3 * index >= palette.Length)
            throw source.Bad($"a pixel has the colour {index}, and the palette has {palette.Length / 3}");
        if (alpha.Length == 0)
            return palette.AsSpan(3 * index, 3);
        palette.AsSpan(3 * index, 3).CopyTo(withAlpha);
        withAlpha[3] = index < alpha.Length ? alpha[index] : (byte)255;
        return withAlpha;
    }

    private readonly byte[] withAlpha = new byte[4];

    private static string Printable(string type) => type.All(char.IsAsciiLetter) ? type : "of unknown name";

    private static uint Crc(ReadOnlySpan<byte> type, ReadOnlySpan<byte> bytes)
    {
        return ~Continue(Continue(uint.MaxValue, type), bytes);

        static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
        {
            foreach (var one in bytes)
                crc = CrcTable[(byte)(crc ^ one)] ^ crc >> 8;
            return crc;
        }
    }
}

/// <summary>Before packing, PNG replaces each byte by its difference from what its neighbours let one expect. Here that is undone.</summary>
internal static class PngFilters
{
    public static void Undo(byte[] rows, PngHeader header, BinaryFile source)
    {
        var (length, pixel) = (header.BytesPerRow, header.BytesPerPixel);
        ReadOnlySpan<byte> above = new byte[length];
        for (var y = 0; y < header.Height; y++)
        {
            var filter = rows[y * (length + 1)];
            var row = rows.AsSpan(y * (length + 1) + 1, length);
            for (var i = 0; i < length; i++)
            {
                int left = i < pixel ? 0 : row[i - pixel], up = above[i], corner = i < pixel ? 0 : above[i - pixel];
                row[i] += (byte)(filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    _ => throw source.Bad($"row {y} has the filter {filter}, and PNG has 0 to 4"),
                });
            }
            above = row;
        }
    }

    /// <summary>Of left, up and corner the one nearest to left + up - corner (Paeth 1991).</summary>
    private static int Paeth(int left, int up, int corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
