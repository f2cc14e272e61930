using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Tensors in safetensors files: read from and for other programs, and every kind of damage explained.</summary>
public sealed class SafetensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-safetensors").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Of(string name) => Path.Combine(folder, name);

    [Fact]
    public void A_file_that_Python_wrote_is_read_with_all_its_number_types()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "from_python.safetensors");
        double[] numbers = [0.5, -1.25, 3, 1e-3, 1000, -7];
        foreach (var device in Device.All)
        {
            var tensors = Safetensors.Load(path, device);
            Assert.Equal(["bf16", "empty", "f16", "f64", "größe \"x\"", "i32", "i64", "layer.0.weight", "scalar"], tensors.Keys.Order(StringComparer.Ordinal));
            Assert.All(tensors.Values, tensor => Assert.Equal(device, tensor.Device));
            Near.Assert(numbers, tensors["f64"].ToDoubleArray(), device.Precision == 64 ? 0 : 1e-7, 0, "f64");
            Near.Assert(numbers, tensors["layer.0.weight"].ToDoubleArray(), 1e-7, 0, "f32");
            Near.Assert(numbers, tensors["f16"].ToDoubleArray(), 1e-3, 0, "f16");
            Near.Assert(numbers, tensors["bf16"].ToDoubleArray(), 1e-2, 0, "bf16");
            Assert.Equal(0.5, tensors["bf16"][0, 0]);
            Near.Assert([3, -2, int.MaxValue], tensors["i64"].ToDoubleArray(), device.Precision == 64 ? 0 : 1e-7, 0, "i64");
            Assert.Equal("3x1", tensors["i32"].Shape.ToString());
            Assert.Equal("2x3", tensors["f64"].Shape.ToString());
            Assert.Equal(42, tensors["scalar"].Item());
            Assert.Equal("0x5", tensors["empty"].Shape.ToString());
            Assert.Equal([0, 255], tensors["größe \"x\""].ToDoubleArray());
        }
        Assert.Equal("struct and json", Safetensors.Metadata(path)["written by"]);
    }

    [Fact]
    public void The_bytes_of_a_file_are_those_of_the_format()
    {
        Safetensors.Save(Of("small.safetensors"), new Dictionary<string, Tensor> { ["b"] = Tensor.From([1.5f], device: Device.Cpu), ["a"] = Tensor.From([-2.0], [], Device.Reference) }, new Dictionary<string, string> { ["epoch"] = "3" });
        var bytes = File.ReadAllBytes(Of("small.safetensors"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"__metadata__":{"epoch":"3"},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(-2, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 + length)));
        Assert.Equal(1.5f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(16 + length)));
        Assert.Equal(8 + length + 12, bytes.Length);
        Assert.Equal([Of("small.safetensors")], Directory.GetFiles(folder)); // nothing is left beside it
    }

    [Fact]
    public void Whatever_is_saved_comes_back_bit_for_bit()
    {
        var shapes = Gen.Choose(0, 4).ArrayOf().Where(lengths => lengths.Length <= 5);
        var tensors = Gen.Two(shapes).SelectMany(two => Gen.Elements<Device>(Device.All), (two, device) => (two, device));
        var names = ArbMap.Default.GeneratorFor<UnicodeString>().Select(name => name.Get ?? "").Where(name => name.EnumerateRunes().All(rune => rune != Rune.ReplacementChar));
        var cases = names.SelectMany(_ => tensors, (name, tensor) => (name, tensor.two, tensor.device));
        Check.One(Config.QuickThrowOnFailure.WithReplay(7, 7).WithMaxTest(200), Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var generator = new Generator(5);
            var (name, (first, second), device) = drawn;
            var saved = new Dictionary<string, Tensor>
            {
                [$"a{name}"] = Tensor.Normal([.. first], 0, 1e10, generator, device),
                [$"b{name}"] = Tensor.Normal([.. second], 0, 1e-10, generator, Device.Cpu),
                ["special"] = Tensor.From([double.NaN, double.PositiveInfinity, -0.0, double.Epsilon], device: device),
            };
            Safetensors.Save(Of("drawn.safetensors"), saved, new Dictionary<string, string> { [name] = name });
            var loaded = Safetensors.Load(Of("drawn.safetensors"), device);
            var metadata = Safetensors.Metadata(Of("drawn.safetensors"));
            return metadata[name] == name && loaded.Count == saved.Count
                && saved.All(pair => pair.Value.Shape.Equals(loaded[pair.Key].Shape) && Bits(pair.Value).SequenceEqual(Bits(loaded[pair.Key])));
        }));

        static IEnumerable<long> Bits(Tensor tensor) => tensor.ToDoubleArray().Select(BitConverter.DoubleToInt64Bits);
    }

    [Fact]
    public void A_file_appears_whole_or_not_at_all()
    {
        var path = Of("model.safetensors");
        Safetensors.Save(path, new Dictionary<string, Tensor> { ["a"] = Tensor.Ones(3) });
        Tensor released;
        using (new TensorScope())
            released = Tensor.Ones(100);
        Assert.Throws<ObjectDisposedException>(() => Safetensors.Save(path, new Dictionary<string, Tensor> { ["a"] = Tensor.Zeros(3), ["b"] = released }));
        Assert.Equal([1, 1, 1], Safetensors.Load(path)["a"].ToArray());
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    [Fact]
    public void A_name_that_the_format_cannot_hold_is_refused()
    {
        foreach (var (name, part) in new[] { ("__metadata__", "keeps for itself"), ("a\uD800b", "half a surrogate pair"), ("a\uDC00\uFFFD", "half a surrogate pair") })
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => Safetensors.Save(Of("x"), new Dictionary<string, Tensor> { [name] = Tensor.Ones(1) })).Message, StringComparison.Ordinal);
    }

    /// <summary>A header, how many bytes of numbers follow it, and what the sentence must hold.</summary>
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "would stand from byte 0 to 8, and there are 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}}""", 4, "from byte 0 to 1073741824")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "the numbers of b begin at byte 4 and the ones before end at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "the numbers of b begin at byte 8 and the ones before end at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "the numbers of a begin at byte 4 and the ones before end at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "describes 4 bytes of numbers, and 8 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 8, "from byte 4 to 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", 8, "of shape 2 and type Float64 needs 16 bytes, and has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "more than 2147483647 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]}}""", 0, "more than 2147483647 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,9999999999],"data_offsets":[0,0]}}""", 0, "more than 2147483647 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "not a whole number from 0 on")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "not a whole number from 0 on")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 4, "not a whole number from 0 on")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":["0",4]}}""", 4, "not a whole number from 0 on")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "has 9 axes")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}""", 4, "number type Q4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "nothing usable about a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "nothing usable about a")]
    [InlineData("""{"a":7}""", 4, "nothing usable about a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not the JSON of a safetensors file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not the JSON of a safetensors file")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not the JSON of a safetensors file")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__ is not a list of texts")]
    [InlineData("""{"__metadata__":["a"]}""", 0, "__metadata__ is not a list of texts")]
    [InlineData("""{"a":""", 4, "not the JSON of a safetensors file")]
    [InlineData("""[1, 2, 3]""", 0, "no JSON object")]
    [InlineData(""" {}""", 0, "no JSON object")]
    [InlineData("""{} {}""", 0, "not the JSON of a safetensors file")]
    [InlineData("", 0, "not the JSON of a safetensors file")]
    public void A_header_that_cannot_be_true_is_explained(string header, int numbers, string part)
        => Expect(part, [.. Length(header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[numbers]]);

    [Fact]
    public void A_header_that_is_hostile_is_refused()
    {
        Expect("and 2 are the most that can be", [.. Length(1 << 30), (byte)'{', (byte)'}']);
        Expect("and 2 are the most that can be", [.. Length(-1), (byte)'{', (byte)'}']);
        Expect("promises 8 bytes of the length of its header, and 3 can follow", [1, 2, 3]);
        var deep = $"{{\"a\":{new string('[', 100_000)}{new string(']', 100_000)}}}";
        Expect("not the JSON of a safetensors file", [.. Length(deep.Length), .. Encoding.UTF8.GetBytes(deep)]);
        var loud = $"{{\"{new string('x', 100_000)}\":1}}";
        Assert.InRange(Expect("nothing usable about xxx", [.. Length(loud.Length), .. Encoding.UTF8.GetBytes(loud)]).Length, 1, 300);
        Expect("not the JSON of a safetensors file", [.. Length(4), (byte)'{', (byte)'"', 0xFF, 0xFE]);
    }

    private string Expect(string part, byte[] bytes)
    {
        File.WriteAllBytes(Of("hostile.safetensors"), bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Load(Of("hostile.safetensors")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        Assert.StartsWith("hostile.safetensors cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private static byte[] Length(long length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        return bytes;
    }
}
