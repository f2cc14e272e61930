using System.Buffers.Binary;

namespace CourseKit.Tests;

/// <summary>NIfTI files: the volumes of the course and every number type, as nibabel reads them.</summary>
public class VolumeTests
{
    private sealed record Case(byte[] File, string Description, double[]? VoxelSize, int[] Shape, double[] Values);

    private static readonly Dictionary<string, Case> Cases = ReferenceValues.Read<Case>("nifti.json");

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_type_and_byte_order_is_read_packed_or_not(string name)
    {
        var expected = Cases[name];
        foreach (var file in new[] { expected.File, IdxFileTests.Packed(expected.File) })
            foreach (var device in Device.All)
            {
                var volume = Volume.Read(new MemoryStream(file), name, device);
                Assert.Equal(expected.Shape, volume.Shape.AsSpan().ToArray());
                Assert.Equal(expected.Description, volume.Description);
                if (expected.VoxelSize is not null)
                    Assert.Equal(expected.VoxelSize, volume.VoxelSize);
                Near.Assert(expected.Values, volume.Values.ToDoubleArray(), device.Precision == 64 ? 0 : 1e-7, 0, "voxel");
            }
    }

    [Theory]
    [InlineData("colin27_t1_2mm_90x108x90.nii.gz", "90x108x90", 45.30289666209419, 70, 20, 44, 96, 2)]
    [InlineData("colin27_t1_2mm_90x108x90_brainmask.nii.gz", "90x108x90", 0.25119455875628716, 70, 20, 44, 0, 2)]
    [InlineData("t1_128x128x62.nii.gz", "62x128x128", 19.229813114289314, 20, 80, 40, 67, 3)]
    [InlineData("t1_128x128x62_brainmask.nii.gz", "62x128x128", 0.12647271925403225, 20, 80, 40, 1, 3)]
    [InlineData("t1_128x128x62_kmeans_labels.nii.gz", "62x128x128", 1.726470947265625, 20, 80, 40, 5, 3)]
    public void The_volumes_of_the_course_have_the_voxels_that_nibabel_reads(string file, string shape, double mean, int z, int y, int x, double voxel, double thickness)
    {
        var volume = Volume.Load(file, Device.Reference);
        Assert.Equal(shape, volume.Shape.ToString());
        Assert.Equal([thickness, 2, 2], volume.VoxelSize);
        Assert.Equal(NumberFormat.UInt8, volume.Format);
        Assert.Equal(mean, volume.Values.Mean().Item(), tolerance: 1e-10);
        Assert.Equal(voxel, volume.Values[z, y, x]);
    }

    [Fact]
    public void A_slice_across_any_axis_holds_the_numbers_of_that_place()
    {
        var expected = Cases["a series"];
        var series = Volume.Read(new MemoryStream(expected.File), device: Device.Reference);
        Assert.Equal("5x4x3x2", series.Shape.ToString());
        for (var axis = 0; axis < 4; axis++)
        {
            var slice = series.Slice(axis, 1);
            Assert.Equal([.. series.Shape.Where((_, i) => i != axis)], slice.Shape.AsSpan().ToArray());
            int[] at = [.. slice.Shape.Select(length => length - 1)];
            Assert.Equal(series.Values[[.. at[..axis], 1, .. at[axis..]]], slice[at]);
            Assert.Equal(series.Values[[.. new int[axis], 1, .. new int[3 - axis]]], slice[new int[3]]);
        }
        Assert.Contains("the slices 0 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => series.Slice(0, 5)).Message, StringComparison.Ordinal);
    }

    private static byte[] With(int at, params byte[] bytes)
    {
        var file = Cases["u1 little endian"].File.ToArray();
        bytes.CopyTo(file, at);
        return file;
    }

    private static byte[] Bytes(float number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
        return bytes;
    }

    private static readonly Dictionary<string, (Func<byte[]> File, string Part)> Damages = new()
    {
        ["another kind of file"] = (() => new byte[400], "begins with the length of its header, 348"),
        ["a file that is too short"] = (() => With(0)[..200], "promises 348 bytes of its header, and 200 can follow"),
        ["one half of a pair"] = (() => With(344, (byte)'n', (byte)'i', (byte)'1'), "header of a pair"),
        ["no mark"] = (() => With(344, 0), "not the mark n+1"),
        ["a colour volume"] = (() => With(70, 128, 0), "number type 128"),
        ["bits that do not go with the type"] = (() => With(72, 16, 0), "16 bits for a number of type UInt8"),
        ["no axes"] = (() => With(40, 0, 0), "0 axes"),
        ["a negative axis"] = (() => With(42, 0xFF, 0xFF), "length -1"),
        ["five axes"] = (() => With(40, 5, 0, 2, 0, 2, 0, 2, 0, 1, 0, 3, 0), "5 axes longer than 1"),
        ["more voxels than there are"] = (() => With(42, 0xFF, 0x7F), "bytes of numbers"),
        ["more voxels than can be counted"] = (() => With(42, 0xFF, 0x7F, 0xFF, 0x7F, 0xFF, 0x7F), "more than 2147483647 numbers"),
        ["numbers that begin in the header"] = (() => With(108, Bytes(100)), "cannot begin at byte 100"),
        ["numbers that begin nowhere"] = (() => With(108, Bytes(float.NaN)), "cannot begin at byte NaN"),
        ["numbers that begin behind the end"] = (() => With(108, Bytes(1e9f)), "cannot begin at byte 1E+09"),
    };

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void A_file_that_is_not_what_it_says_is_explained(string name)
    {
        var (file, part) = Damages[name];
        var error = Assert.Throws<InvalidDataException>(() => Volume.Read(new MemoryStream(file()), "head.nii"));
        Assert.StartsWith("head.nii cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
