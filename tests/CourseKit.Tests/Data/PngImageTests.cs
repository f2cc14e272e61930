using System.Buffers.Binary;

namespace CourseKit.Tests;

/// <summary>PNG files: real pictures with pixels as Pillow reads them, and every colour type and depth.</summary>
public class PngImageTests
{
    private sealed record Case(byte[] File, int BitDepth, int[] Shape, double[] Values);

    private static readonly Dictionary<string, Case> Cases = ReferenceValues.Read<Case>("png.json");

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_colour_type_and_depth_is_read_through_every_filter(string name)
    {
        var expected = Cases[name];
        foreach (var device in Device.All)
        {
            var image = PngImage.Read(new MemoryStream(expected.File), name, device);
            Assert.Equal(expected.Shape, image.Pixels.Shape.AsSpan().ToArray());
            Assert.Equal(expected.BitDepth, image.BitDepth);
            Assert.Equal((expected.Shape[0], expected.Shape[1], expected.Shape[2]), (image.Channels, image.Height, image.Width));
            Assert.Equal(expected.Values, image.Pixels.ToDoubleArray());
            Near.Assert([.. expected.Values.Select(value => value / (Math.Pow(2, expected.BitDepth) - 1))], image.Scaled().ToDoubleArray(), 1e-7, 1, "scaled");
        }
    }

    [Theory]
    [InlineData("abdomen_mri_slice_256x256_u8.png", 8, "1x256x256", 34.627685546875, 0, 100, 120, 86, 219)]
    [InlineData("cell_phase_550x660_u8.png", 8, "1x660x550", 67.96073278236915, 0, 100, 120, 62, 255)]
    [InlineData("ct_head_z20_256x256_u16.png", 16, "1x256x256", 506.9537811279297, 0, 100, 120, 3, 2716)]
    [InlineData("ct_head_z45_256x256_u16.png", 16, "1x256x256", 505.08009338378906, 0, 100, 120, 1043, 2738)]
    [InlineData("ct_head_z70_256x256_u16.png", 16, "1x256x256", 479.6024169921875, 0, 100, 120, 1051, 2757)]
    [InlineData("histology_ihc_colon_512x512_rgb.png", 8, "3x512x512", 160.32521947224936, 0, 100, 120, 119, 255)]
    [InlineData("histology_ihc_colon_512x512_rgb.png", 8, "3x512x512", 160.32521947224936, 2, 511, 511, 207, 255)]
    [InlineData("mri_t1_colin27_axial_256x256_u8.png", 8, "1x256x256", 35.75679016113281, 0, 100, 120, 81, 179)]
    [InlineData("mri_t1_colin27_axial_brainmask_256x256_u8.png", 8, "1x256x256", 74.64866638183594, 0, 100, 120, 255, 255)]
    public void The_pictures_of_the_course_have_the_pixels_that_Pillow_reads(string file, int bits, string shape, double mean, int channel, int row, int column, double pixel, double largest)
    {
        var image = PngImage.Load(file, Device.Reference);
        Assert.Equal(bits, image.BitDepth);
        Assert.Equal(shape, image.Pixels.Shape.ToString());
        Assert.Equal(mean, image.Pixels.Mean().Item(), tolerance: 1e-9);
        Assert.Equal(largest, image.Pixels.ToDoubleArray().Max());
        Assert.Equal(pixel, image.Pixels[channel, row, column]);
    }

    private static byte[] Sample => Cases["grey 8"].File;

    /// <summary>What is wrong with the file, and what the sentence must hold.</summary>
    private static readonly Dictionary<string, (Func<byte[]> File, string Part)> Damages = new()
    {
        ["another kind of file"] = (() => [.. "GIF89a, and more of it"u8], "does not begin as a PNG file does"),
        ["a changed byte"] = (() => Change(Sample, bytes => bytes[45] ^= 1), "checksum of its chunk tEXt is wrong"),
        ["no header"] = (() => Header(Sample, "ABCD", _ => { }), "first chunk is not the header"),
        ["a picture without width"] = (() => Header(Sample, "IHDR", head => BinaryPrimitives.WriteUInt32BigEndian(head, 0)), "0 x 7 pixels"),
        ["a picture of 4 billion rows"] = (() => Header(Sample, "IHDR", head => BinaryPrimitives.WriteUInt32BigEndian(head[4..], uint.MaxValue)), "11 x 4294967295 pixels"),
        ["a picture with more rows than it has"] = (() => Header(Sample, "IHDR", head => head[7] = 8), "it ends after 84 of 96 bytes of pixels"),
        ["a picture with more rows than can be in it"] = (() => Header(Sample, "IHDR", head => BinaryPrimitives.WriteUInt32BigEndian(head[4..], 1 << 20)), "promises 12582912 bytes of pixels"),
        ["a picture with fewer rows than it has"] = (() => Header(Sample, "IHDR", head => head[7] = 6), "more pixels follow"),
        ["an interlaced picture"] = (() => Header(Sample, "IHDR", head => head[12] = 1), "interlaced (Adam7)"),
        ["an unknown colour type"] = (() => Header(Sample, "IHDR", head => head[9] = 5), "colour type 5"),
        ["a depth that does not go with the colour"] = (() => Header(Sample, "IHDR", head => head[8] = 3), "3 bits do not go with the colour type 0, only 1, 2, 4, 8, 16"),
        ["a palette that is missing"] = (() => Header(Sample, "IHDR", head => head[9] = 3), "palette is missing"),
        ["an unknown chunk that is needed"] = (() => Insert(Sample, "QUIT", [1]), "needs the chunk QUIT"),
        ["a palette of half a colour"] = (() => Insert(Sample, "PLTE", [1, 2, 3, 4]), "palette of 4 bytes"),
        ["a second header"] = (() => Insert(Sample, "IHDR", Sample[16..29]), "second header"),
        ["a chunk that claims a gigabyte"] = (() => [.. Sample[..33], 0x40, 0, 0, 0, .. "IDAT"u8, 1, 2, 3], "promises 1073741824 bytes of chunk IDAT"),
        ["pixels that are no zlib"] = (() => [.. Sample[..33], .. Chunk("IDAT", [1, 2, 3, 4, 5, 6, 7, 8, 9]), .. Chunk("IEND", [])], "packed bytes are damaged"),
        ["no pixels"] = (() => [.. Sample[..33], .. Chunk("IEND", [])], "no pixels"),
        ["no end"] = (() => Sample[..^12], "a chunk's head"),
    };

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void A_file_that_is_not_what_it_says_is_explained(string name)
    {
        var (file, part) = Damages[name];
        var error = Assert.Throws<InvalidDataException>(() => PngImage.Read(new MemoryStream(file()), "head.png"));
        Assert.StartsWith("head.png cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pixel_of_a_colour_that_the_palette_lacks_is_named()
    {
        // The palette of one colour comes after the true one and replaces it.
        var short_ = Insert(Cases["palette 2"].File, "PLTE", [1, 2, 3]);
        Assert.Contains("and the palette has", Assert.Throws<InvalidDataException>(() => PngImage.Read(new MemoryStream(short_))).Message, StringComparison.Ordinal);
    }

    private static byte[] Change(byte[] file, Action<byte[]> change)
    {
        var copy = file.ToArray();
        change(copy);
        return copy;
    }

    private delegate void HeaderChange(Span<byte> header);

    /// <summary>Another header with a right checksum: what is wrong must be found behind it.</summary>
    private static byte[] Header(byte[] file, string type, HeaderChange change)
    {
        var header = file[16..29];
        change(header);
        return [.. file[..8], .. Chunk(type, header), .. file[33..]];
    }

    /// <summary>A chunk more, before the first pixels.</summary>
    private static byte[] Insert(byte[] file, string type, byte[] content)
    {
        var at = file.AsSpan().IndexOf("IDAT"u8) - 4;
        return [.. file[..at], .. Chunk(type, content), .. file[at..]];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
        var bytes = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, content.Length);
        named.CopyTo(bytes, 4);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), Crc(named));
        return bytes;
    }

    /// <summary>Bit by bit, as the standard defines it.</summary>
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
            for (var bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (((crc ^ (uint)(one >> bit)) & 1) == 0 ? 0 : 0xEDB88320);
        return ~crc;
    }
}
