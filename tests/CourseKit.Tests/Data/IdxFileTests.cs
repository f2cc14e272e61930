using System.IO.Compression;

namespace CourseKit.Tests;

/// <summary>IDX files, and the one everybody knows.</summary>
public class IdxFileTests
{
    [Fact]
    public void MNIST_begins_with_a_five_and_has_60000_digits_to_learn_from_and_10000_to_test_on()
    {
        var (train, test) = Mnist.Load();
        Assert.Equal("60000x1x28x28", train.Inputs.Shape.ToString());
        Assert.Equal("10000x1x28x28", test.Inputs.Shape.ToString());
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], train.Classes.ToArray()[..10]);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], test.Classes.ToArray()[..10]);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], train.Classes.ToArray().CountBy(digit => digit).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], test.Classes.ToArray().CountBy(digit => digit).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal(0.1306604762738429, train.Inputs.Mean().Item(), tolerance: 1e-6);
        Assert.Equal(27525, Math.Round(train.Inputs.Rows(0, 1).Sum().Item() * 255));
    }

    [Fact]
    public void The_first_images_alone_can_be_read()
    {
        var (train, test) = Mnist.Load(train: 3, test: 2, device: Device.Reference);
        Assert.Equal("3x1x28x28", train.Inputs.Shape.ToString());
        Assert.Equal([5, 0, 4], train.Classes.ToArray());
        Assert.Equal([7, 2], test.Classes.ToArray());
        Assert.Equal(Device.Reference, train.Inputs.Device);
        Assert.Equal(27525.0 / 255, train.Inputs.Rows(0, 1).Sum().Item(), tolerance: 1e-9);
        Assert.Equal(60_000, IdxFile.Read("train-labels-idx1-ubyte.gz", rows: 100_000).Shape[0]);
    }

    [Theory]
    [InlineData(0x08, new byte[] { 0, 7, 255, 128 }, new double[] { 0, 7, 255, 128 })]
    [InlineData(0x09, new byte[] { 0, 7, 255, 128 }, new double[] { 0, 7, -1, -128 })]
    [InlineData(0x0B, new byte[] { 0, 1, 1, 0, 255, 254, 128, 0 }, new double[] { 1, 256, -2, -32768 })]
    [InlineData(0x0C, new byte[] { 0, 0, 0, 1, 0, 1, 0, 0, 255, 255, 255, 254, 128, 0, 0, 0 }, new double[] { 1, 65536, -2, int.MinValue })]
    [InlineData(0x0D, new byte[] { 63, 128, 0, 0, 64, 0, 0, 0, 192, 96, 0, 0, 0, 0, 0, 0 }, new double[] { 1, 2, -3.5, 0 })]
    [InlineData(0x0E, new byte[] { 63, 240, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 192, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, new double[] { 1, 2, -3.5, 0 })]
    public void Every_number_type_is_read_big_endian_packed_or_not(byte type, byte[] numbers, double[] expected)
    {
        byte[] file = [0, 0, type, 2, 0, 0, 0, 2, 0, 0, 0, 2, .. numbers];
        foreach (var bytes in new[] { file, Packed(file) })
            foreach (var device in Device.All)
            {
                var idx = IdxFile.Read(new MemoryStream(bytes));
                Assert.Equal("2x2", idx.Shape.ToString());
                Assert.Equal(expected, idx.ToTensor(device: device).ToDoubleArray());
                Assert.Equal([.. expected.Select(number => number / 4)], idx.ToTensor(scale: 0.25, device).ToDoubleArray());
                if (type < 0x0D)
                    Assert.Equal(expected.Select(number => (int)number), idx.ToIntTensor().ToArray());
                else
                    Assert.Contains("read them with ToTensor", Assert.Throws<InvalidDataException>(idx.ToIntTensor).Message, StringComparison.Ordinal);
            }
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 5 }, "begins with two zero bytes")]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 1, 5 }, "number type 0x07")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "0 axes")]
    [InlineData(new byte[] { 0, 0, 8, 9 }, "9 axes")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 5 }, "promises 2 bytes of numbers, and 1 can follow")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 5, 6 }, "more bytes follow")]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 255, 255, 255, 5 }, "more than 2147483647 numbers")]
    [InlineData(new byte[] { 0, 0, 14, 3, 127, 255, 255, 255, 127, 255, 255, 255, 127, 255, 255, 255, 1 }, "more than 2147483647 numbers")]
    [InlineData(new byte[] { 0, 0, 14, 1, 127, 255, 255, 255, 1 }, "promises 17179869176 bytes")]
    [InlineData(new byte[] { }, "promises 4 bytes of its header, and 0 can follow")]
    public void A_file_that_is_not_what_it_says_is_explained(byte[] bytes, string part)
    {
        var error = Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(bytes), "digits.idx"));
        Assert.StartsWith("digits.idx cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    internal static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
