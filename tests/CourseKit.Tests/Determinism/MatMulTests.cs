namespace CourseKit.Tests;

/// <summary>The packed matrix product at sizes around its tiles (12 x 32) and blocks (120 rows, 384 terms, 2048 columns).</summary>
[Collection(ProcessWide.Name)]
public sealed class MatMulTests : IDisposable
{
    private readonly int threads = Device.Cpu.Threads;

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 11, 31, 7 }, { 12, 32, 16 }, { 13, 33, 17 }, { 1, 257, 129 }, { 259, 1, 131 },
        { 121, 65, 385 }, { 251, 191, 127 }, { 5, 2081, 9 }, { 245, 63, 769 },
    };

    public void Dispose() => Device.Cpu.Threads = threads;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_product_is_that_of_the_reference_device_for_all_transpose_flags_and_threads(int rows, int columns, int terms)
    {
        foreach (var transposeLeft in new[] { false, true })
            foreach (var transposeRight in new[] { false, true })
            {
                var expected = Product(Device.Reference).ToDoubleArray();
                var fingerprints = new HashSet<string>();
                foreach (var count in new[] { 1, 2, 3 })
                {
                    Device.Cpu.Threads = count;
                    var found = Product(Device.Cpu);
                    // Rounding errors of a sum grow with the square root of its terms.
                    Near.Assert(expected, found.ToDoubleArray(), 1e-6 * Math.Sqrt(terms), 1, $"{rows} x {terms} times {terms} x {columns}, {count} threads, transposed {transposeLeft} {transposeRight}");
                    fingerprints.Add(Fingerprint.Of(found));
                }
                Assert.Single(fingerprints);

                Tensor Product(Device device)
                {
                    Shape left = transposeLeft ? [terms, rows] : [rows, terms], right = transposeRight ? [columns, terms] : [terms, columns];
                    return Tensor.Uniform(left, -1, 1, new Generator(1), device).MatMul(Tensor.Uniform(right, -1, 1, new Generator(2), device), transposeLeft, transposeRight);
                }
            }
    }

    [Fact]
    public void A_product_over_no_terms_is_zero()
    {
        foreach (var device in Device.All)
            Assert.Equal([0, 0, 0, 0, 0, 0], Tensor.Full([2, 0], 1, device).MatMul(Tensor.Full([0, 3], 1, device)).ToDoubleArray());
    }

    [Fact]
    public void What_is_not_finite_reaches_only_its_own_row()
    {
        var a = Tensor.Full([14, 3], 1, Device.Cpu).ToDoubleArray();
        a[13 * 3] = double.NaN;
        var product = Tensor.From(a, [14, 3], Device.Cpu).MatMul(Tensor.Full([3, 35], 1, Device.Cpu)).ToDoubleArray();
        Assert.All(product.Take(13 * 35), number => Assert.Equal(3, number));
        Assert.All(product.Skip(13 * 35), number => Assert.Equal(double.NaN, number));
    }
}
