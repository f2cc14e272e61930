namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    private static IEnumerable<Operation> SparseOperators() =>
    [
        Unary("sparse times dense, many rows", "", x => SomeSparse(x.Shape[0] + 2, x.Shape[0]).MatMul(x), shape: n => [n, 3]),
        Unary("sparse times dense, many features", "", x => SomeSparse(4, 3).MatMul(x), shape: n => [3, n]),
        Unary("sparse transposed times dense", "", x => SomeSparse(x.Shape[0], 5).MatMul(x, transposeLeft: true), shape: n => [n, 17]),
        Unary("sparse times a vector", "", x => SomeSparse(3, x.Count).MatMul(x)),
        Unary("sparse times each of a batch", "", x => SomeSparse(x.Shape[1] + 1, x.Shape[1]).MatMul(x), shape: n => [2, n, 3]),
        Unary("dense times sparse, many rows", "MatMul(SparseMatrix, Boolean)", x => x.MatMul(SomeSparse(4, 3)), shape: n => [n, 4]),
        Unary("dense times sparse transposed, many rows", "MatMul(SparseMatrix, Boolean)", x => x.MatMul(SomeSparse(3, 4), transposeRight: true), shape: n => [n, 4]),
        Unary("dense times sparse, long rows", "MatMul(SparseMatrix, Boolean)", x => x.MatMul(SomeSparse(x.Shape[1], x.Shape[1] / 2 + 1)), shape: n => [5, n]),
        new("IndexAdd", "IndexAdd(Int32, IntTensor, Tensor)", x => x[0].IndexAdd(0, IntTensor.From([2, 0, 2]), x[1]), [new(n => [3, n], Values.Any), new(n => [3, n], Values.Any)]),
        new("IndexAdd of many rows", "IndexAdd(Int32, IntTensor, Tensor)", x => x[0].IndexAdd(0, SomeRows(x[1].Shape[0], 4), x[1]), [new(_ => [4, 3], Values.Any), new(n => [n, 3], Values.Any)], n => n),
        new("IndexAdd along the middle axis", "IndexAdd(Int32, IntTensor, Tensor)", x => x[0].IndexAdd(1, SomeRows(x[1].Shape[1], 4), x[1]), [new(_ => [2, 4, 3], Values.Any), new(n => [2, n, 3], Values.Any)], n => n),
        new("IndexAdd of a tensor to itself", "IndexAdd(Int32, IntTensor, Tensor)", x => x[0].IndexAdd(0, IntTensor.From([1, 1, 0]), x[0]), [new(n => [3, n], Values.Any)]),
        // A radon transform of 6 x 6 pixels, its adjoint and its filter, for batches.
        Unary("RadonTransform", nameof(RadonTransform), x => SomeRadon.Forward(x), shape: n => [n, 6, 6]),
        Unary("BackProjection", "", x => SomeRadon.BackProjection(x), shape: n => [n, 4, 7]),
        Unary("FilteredBackProjection", "", x => SomeRadon.FilteredBackProjection(x, RampFilter.Hann), shape: n => [n, 4, 7]),
    ];

    private static IEnumerable<Operation> Graphs() =>
    [
        Unary("GraphConv", nameof(GraphConv), x => new GraphConv(3, 2, true, new Generator(3), x.Device).Forward(x, SomeGraph(x.Shape[0])), shape: n => [n, 3]),
        Unary("GraphConv, many features", nameof(GraphConv), x => new GraphConv(x.Shape[1], 2, false, new Generator(3), x.Device).Forward(x, SomeGraph(3)), shape: n => [3, n], terms: n => n),
        Unary("GraphAttention, two heads", nameof(GraphAttention), x => new GraphAttention(3, 2, 2, generator: new Generator(3), device: x.Device).Forward(x, SomeGraph(x.Shape[0])), shape: n => [n, 3]),
        Unary("GraphAttention, averaged heads", nameof(GraphAttention), x => new GraphAttention(3, 5, 3, concatenate: false, generator: new Generator(4), device: x.Device).Forward(x, SomeGraph(x.Shape[0])), shape: n => [n, 3]),
        Unary("Readout.Sum", "", x => Readout.Sum(x, SomeGraphs(x.Shape[0])), shape: n => [n, 3], terms: n => n),
        Unary("Readout.Mean", "", x => Readout.Mean(x, SomeGraphs(x.Shape[0])), shape: n => [n, 3], terms: n => n),
        Unary("Readout.Max", "", x => Readout.Max(x, SomeGraphs(x.Shape[0])), shape: n => [n, 3]),
    ];

    private static RadonTransform SomeRadon { get; } = new(6, [0, 30, 45, 120], detectors: 7, spacing: 1.25);

    /// <summary>Up to three numbers in a row, some given twice, some rows empty.</summary>
    private static SparseMatrix SomeSparse(int rows, int columns) => SparseMatrix.From(rows, columns,
        from row in Enumerable.Range(0, rows)
        from k in Enumerable.Range(0, row % 5 == 3 || columns == 0 ? 0 : 3)
        select (row, (row * 7 + k * k * 3) % columns, 0.37 * ((row + 2 * k) % 7) - 1.1));

    private static IntTensor SomeRows(int count, int rows) => IntTensor.From([.. Enumerable.Range(0, count).Select(i => i * i % rows)]);

    /// <summary>A ring with a chord at every third node, and a last node without an edge.</summary>
    private static Graph SomeGraph(int nodes) => new(nodes, Enumerable.Range(0, Math.Max(0, nodes - 2)).SelectMany(i => i % 3 == 0
        ? new[] { (i, i + 1), (i, (i + 5) % (nodes - 1)) }
        : [(i, i + 1)]));

    /// <summary>Three graphs side by side, the second without a node.</summary>
    private static Graph SomeGraphs(int nodes) => Graph.Batch(SomeGraph(nodes / 3), new Graph(0, []), SomeGraph(nodes - nodes / 3));
}
