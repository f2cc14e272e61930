using ILGPU;

namespace CourseKit;

/// <summary>The sizes of C (batch x m x n) = A (batch x m x k) B (batch x k x n), and how far apart the matrices of a batch are; 0 where all share one.</summary>
internal readonly struct ProductSizes(int batch, int m, int n, int k, bool transposeA, bool transposeB, int nextA, int nextB, bool sumsBatch, bool accumulate)
{
    public readonly int Batch = batch, M = m, N = n, K = k, NextA = nextA, NextB = nextB;
    public readonly int TransposeA = transposeA ? 1 : 0, TransposeB = transposeB ? 1 : 0, SumsBatch = sumsBatch ? 1 : 0, Accumulate = accumulate ? 1 : 0;

    public int AtA(int matrix, int row, int p) => matrix * NextA + (TransposeA != 0 ? p * M + row : row * K + p);

    public int AtB(int matrix, int p, int column) => matrix * NextB + (TransposeB != 0 ? column * K + p : p * N + column);
}

internal static class MatMulKernels
{
    /// <summary>One thread for each number of C, in doubles: for small products, and where threads are expensive.</summary>
    public static void Simple(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ProductSizes of)
    {
        int first = i / (of.M * of.N);
        int row = i / of.N % of.M, column = i % of.N;
        var last = of.SumsBatch != 0 ? of.Batch - 1 : first;
        var sum = 0.0;
        for (var matrix = first; matrix <= last; matrix++)
            for (var p = 0; p < of.K; p++)
                sum += (double)a[of.AtA(matrix, row, p)] * b[of.AtB(matrix, p, column)];
        c[i] = (float)(sum + (of.Accumulate != 0 ? c[i] : 0));
    }
}
