using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Sparse matrices against dense ones.</summary>
[Collection(ProcessWide.Name)]
public sealed class SparseMatrixTests : IDisposable
{
    private static readonly Config Repeatable = Config.QuickThrowOnFailure.WithReplay(1234567, 7654321).WithMaxTest(60);

    private readonly int threads = Device.Cpu.Threads;

    public void Dispose() => Device.Cpu.Threads = threads;

    [Fact]
    public void Numbers_given_in_any_order_find_their_places_and_those_for_one_place_are_added()
    {
        var matrix = SparseMatrix.From(3, 4, [(2, 1, 5), (0, 3, 1), (2, 0, -1), (0, 3, 2), (2, 1, 0.5), (0, 0, 7)]);
        Assert.Equal([(0, 0, 7), (0, 3, 3), (2, 0, -1), (2, 1, 5.5)], matrix.Entries());
        Assert.Equal(4, matrix.StoredCount);
        Assert.Equal([0, 2, 2, 4], matrix.RowStarts.ToArray());
        Assert.Equal(5.5, matrix[2, 1]);
        Assert.Equal(0, matrix[1, 1]);
        Assert.Equal(new double[,] { { 7, 0, 0, 3 }, { 0, 0, 0, 0 }, { -1, 5.5, 0, 0 } }, matrix.ToDense().ToMatrix());
        Assert.Equal([(0, 0, 7), (0, 2, -1), (1, 2, 5.5), (3, 0, 3)], matrix.Transpose().Entries());
        Assert.Same(matrix, matrix.Transpose().Transpose());
    }

    [Fact]
    public void A_dense_matrix_keeps_what_is_not_0()
    {
        var dense = new double[,] { { 7, 0, 0 }, { 0, -1, 5.5 } };
        var matrix = SparseMatrix.FromDense(dense);
        Assert.Equal([(0, 0, 7), (1, 1, -1), (1, 2, 5.5)], matrix.Entries());
        Assert.Equal(dense, matrix.ToDense().ToMatrix());
    }

    [Fact]
    public void Matrices_without_rows_columns_or_numbers_multiply_like_others()
    {
        foreach (var device in Device.All)
        {
            Assert.Equal([0, 0], SparseMatrix.From(2, 3, []).MatMul(Tensor.Full([3], 1, device)).ToArray());
            Assert.Equal([2, 5], SparseMatrix.From(2, 0, []).MatMul(Tensor.Full([0, 5], 1, device)).Shape);
            Assert.Equal([0, 5], SparseMatrix.From(0, 2, []).MatMul(Tensor.Full([2, 5], 1, device)).Shape);
            Assert.Equal([0, 2], Tensor.Full([0, 3], 1, device).MatMul(SparseMatrix.From(2, 3, []), transposeRight: true).Shape);
            Assert.Equal([1, 2, 3], SparseMatrix.Identity(3).MatMul(Tensor.From([1.0, 2, 3], null, device)).ToArray());
        }
    }

    [Fact]
    public void Edges_carry_from_source_to_target_and_parallel_ones_add_up()
    {
        var matrix = SparseMatrix.FromEdges(3, [(0, 1), (2, 1), (0, 1)], [1, 10, 100]);
        Assert.Equal([0, 101 * 2 + 10 * 5, 0], matrix.MatMul(Tensor.From([2.0, 3, 5])).ToArray());
        Assert.Equal([(1, 0, 2), (1, 2, 1)], SparseMatrix.FromEdges(3, [(0, 1), (2, 1), (0, 1)]).Entries());
    }

    [Fact]
    public void Numbers_that_float32_holds_take_8_bytes_and_others_keep_all_their_digits()
    {
        var exact = SparseMatrix.From(1, 2, [(0, 0, 0.5), (0, 1, 3)]);
        var others = SparseMatrix.From(1, 2, [(0, 0, 0.1), (0, 1, 3)]);
        Assert.Equal(4 * 2 + 8 * 2, exact.ByteCount);
        Assert.Equal(4 * 2 + 12 * 2, others.ByteCount);
        Assert.Equal(0.1, others[0, 0]);
        Assert.Equal(0.1, others.Transpose()[0, 0]);
    }

    [Fact]
    public void The_spectral_norm_is_the_root_of_the_largest_eigenvalue_of_A_transposed_A()
    {
        var matrix = Random(30, 12, 8);
        var dense = matrix.ToDense(Device.Reference);
        Assert.Equal(Math.Sqrt(Hessian.Eigenvalues(dense.MatMul(dense, transposeLeft: true))[^1]), matrix.SpectralNorm(300), 1e-5);
        Assert.Equal(3, SparseMatrix.From(2, 3, [(1, 2, -3)]).SpectralNorm(), 1e-6);
        Assert.Equal(0, SparseMatrix.From(2, 3, []).SpectralNorm());
    }

    [Fact]
    public void Every_product_agrees_with_the_dense_product()
        => Check.One(Repeatable, Prop.ForAll(Cases().ToArbitrary(), sizes =>
        {
            foreach (var device in Device.All)
            {
                var matrix = Random(sizes.Rows, sizes.Columns, sizes.Seed);
                var dense = matrix.ToDense(device);
                var tolerance = device.Precision == 64 ? 1e-13 : 1e-6;
                var x = Tensor.Uniform([sizes.Columns, sizes.Features], -1, 1, new Generator(sizes.Seed), device);
                var y = Tensor.Uniform([sizes.Rows, sizes.Features], -1, 1, new Generator(sizes.Seed), device);
                Near.Assert(dense.MatMul(x).ToDoubleArray(), matrix.MatMul(x).ToDoubleArray(), tolerance, sizes.Columns, "A x");
                Near.Assert(dense.MatMul(y, transposeLeft: true).ToDoubleArray(), matrix.MatMul(y, transposeLeft: true).ToDoubleArray(), tolerance, sizes.Rows, "A^T y");
                Near.Assert(y.MatMul(dense, transposeLeft: true).ToDoubleArray(), y.Transpose().MatMul(matrix).ToDoubleArray(), tolerance, sizes.Rows, "y^T A");
                Near.Assert(x.MatMul(dense, transposeLeft: true, transposeRight: true).ToDoubleArray(), x.Transpose().MatMul(matrix, transposeRight: true).ToDoubleArray(), tolerance, sizes.Columns, "x^T A^T");
            }
        }));

    [Fact]
    public void The_gradient_of_a_product_is_its_exact_adjoint()
        => Check.One(Repeatable, Prop.ForAll(Cases().ToArbitrary(), sizes =>
        {
            // <A x, y> = <x, A^T y>, with A^T y from the backward pass.
            var matrix = Random(sizes.Rows, sizes.Columns, sizes.Seed);
            var x = Tensor.Uniform([sizes.Columns, sizes.Features], -1, 1, new Generator(sizes.Seed), Device.Reference);
            var y = Tensor.Uniform([sizes.Rows, sizes.Features], -1, 1, new Generator(sizes.Seed + 1), Device.Reference);
            x.RequiresGrad = true;
            var product = matrix.MatMul(x);
            product.Backward(y);
            Near.Assert([(product * y).Sum().Item()], [(x * x.Grad!).Sum().Item()], 1e-12, sizes.Columns, "dot product");
        }));

    [Fact]
    public void A_large_product_gives_the_same_bits_for_any_number_of_threads_and_any_batch()
    {
        var matrix = Random(3001, 2003, 5, perRow: 60);
        var images = Tensor.Uniform([11, 2003], -1, 1, new Generator(1), Device.Cpu);
        var features = Tensor.Uniform([2003, 37], -1, 1, new Generator(2), Device.Cpu);
        var fingerprints = new HashSet<string>();
        foreach (var count in new[] { 1, 2, 3, 8 })
        {
            Device.Cpu.Threads = count;
            fingerprints.Add(Fingerprint.Of(images.MatMul(matrix, transposeRight: true), matrix.MatMul(features), matrix.MatMul(features.Columns(0, 1))));
        }
        Assert.Single(fingerprints);

        var together = images.MatMul(matrix, transposeRight: true);
        for (var image = 0; image < 11; image++)
            Assert.Equal(together.Rows(image, 1).ToArray(), images.Rows(image, 1).MatMul(matrix, transposeRight: true).ToArray());
    }

    private static Gen<(int Rows, int Columns, int Features, ulong Seed)> Cases() =>
        from rows in Gen.Choose(1, 40)
        from columns in Gen.Choose(1, 40)
        from features in Gen.Choose(1, 35)
        from seed in Gen.Choose(0, 1_000_000)
        select (rows, columns, features, (ulong)seed);

    private static SparseMatrix Random(int rows, int columns, ulong seed, int perRow = 4)
    {
        var generator = new Generator(seed);
        return SparseMatrix.From(rows, columns, [.. Enumerable.Range(0, rows * perRow).Select(_ => (generator.NextInt(rows), generator.NextInt(columns), 2 * generator.Uniform() - 1))]);
    }
}
