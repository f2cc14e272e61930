using System.IO.Compression;

namespace CourseKit.Tests;

/// <summary>Damaged and hostile binary files: one kind of exception, and no more memory than the bytes that are really there can fill.</summary>
public sealed class HostileFileTests : IDisposable
{
    private sealed record FileCase(byte[] File);

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-hostile").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static readonly Dictionary<string, (Func<byte[]> Sample, Action<Stream> Read)> Formats = new()
    {
        ["IDX"] = (Idx, stream => IdxFile.Read(stream).ToTensor()),
        ["IDX, packed"] = (() => IdxFileTests.Packed(Idx()), stream => IdxFile.Read(stream).ToTensor()),
        ["PNG"] = (() => Fixture("png.json", "RGB 16"), stream => PngImage.Read(stream)),
        ["PNG with a palette"] = (() => Fixture("png.json", "palette with transparency"), stream => PngImage.Read(stream)),
        ["NIfTI"] = (() => Fixture("nifti.json", "i2 with slope and intercept"), stream => Volume.Read(stream)),
        ["NIfTI, big endian"] = (() => Fixture("nifti.json", "f4 big endian"), stream => Volume.Read(stream)),
        ["NIfTI, packed"] = (() => IdxFileTests.Packed(Fixture("nifti.json", "a series")), stream => Volume.Read(stream)),
        ["safetensors"] = (() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "from_python.safetensors")), ReadSafetensors),
    };

    public static TheoryData<string> Names => [.. Formats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_cut_off_anywhere_is_an_error_and_nothing_else(string name)
    {
        var (sample, read) = Formats[name];
        var whole = sample();
        read(new MemoryStream(whole));
        // A packed file without its last bytes, the checksum, still has all its numbers.
        var needed = whole.Length - (name.EndsWith("packed", StringComparison.Ordinal) ? 12 : 1);
        for (var length = 0; length <= needed; length++)
            Assert.Throws<InvalidDataException>(() => read(new MemoryStream(whole[..length])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Changed_bytes_give_numbers_or_an_error_and_never_take_much_memory(string name)
    {
        var (sample, read) = Formats[name];
        var whole = sample();
        var generator = new Generator(17);
        var refused = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var bytes = whole.ToArray();
            for (var changes = 1 + generator.NextInt(3); changes > 0; changes--)
                bytes[generator.NextInt(trial % 2 == 0 ? Math.Min(400, bytes.Length) : bytes.Length)] = (byte)generator.NextUInt32();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(new MemoryStream(bytes));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 20_000_000, $"{name}, trial {trial}: {allocated} bytes of memory for a file of {bytes.Length} bytes.");
        }
        Assert.True(refused > 300, $"{name}: only {refused} of 3000 damaged files were noticed.");
    }

    [Fact]
    public void Noise_is_no_file_of_any_format()
    {
        var generator = new Generator(18);
        foreach (var (_, read) in Formats.Values)
            for (var trial = 0; trial < 200; trial++)
            {
                var bytes = new byte[generator.NextInt(600)];
                foreach (ref var one in bytes.AsSpan())
                    one = (byte)generator.NextUInt32();
                Assert.Throws<InvalidDataException>(() => read(new MemoryStream(bytes)));
            }
    }

    /// <summary>A few bytes that unpack to many: what the header does not promise is never unpacked, and what it cannot have is refused.</summary>
    [Fact]
    public void A_packed_file_is_unpacked_no_further_than_its_header_promises()
    {
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write([0, 0, 8, 1, 0, 0, 0, 16]);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++)
                gzip.Write(zeros);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(bomb.ToArray())));
        Assert.Contains("more bytes follow", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);

        var liar = IdxFileTests.Packed([0, 0, 8, 1, 0x40, 0, 0, 0, 1, 2, 3]);
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("promises 1073741824 bytes", Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(liar))).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_file_on_the_disk_that_is_damaged_is_named()
    {
        var path = Path.Combine(folder, "broken.dat");
        File.WriteAllBytes(path, [0x5C, 1, 2, 3]);
        foreach (var load in new Action[] { () => IdxFile.Read(path), () => PngImage.Load(path), () => Volume.Load(path), () => Safetensors.Load(path) })
            Assert.StartsWith("broken.dat cannot be read: ", Assert.Throws<InvalidDataException>(load).Message, StringComparison.Ordinal);
    }

    private static byte[] Idx() => [0, 0, 0x0B, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, .. Enumerable.Range(0, 48).Select(i => (byte)(i * 37))];

    private static byte[] Fixture(string file, string name) => ReferenceValues.Read<FileCase>(file)[name].File;

    private static void ReadSafetensors(Stream stream)
    {
        using var file = SafetensorsFile.Read(BinaryFile.Over(stream, "a file", unpack: false));
        file.ReadAll(_ => Device.Cpu);
    }
}
