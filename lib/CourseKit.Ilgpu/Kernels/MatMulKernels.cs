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
    /// <summary>Rows and columns of C that one group of threads computes, and how far it walks before it fetches again.</summary>
    public const int Tile = 64, Depth = 16;

    // Each of 16 x 16 threads keeps 4 x 4 sums in registers.
    private const int Each = 4, Side = Tile / Each;

    /// <summary>Threads of a group.</summary>
    public const int Threads = Side * Side;

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

    /// <summary>
    /// A group of threads computes a tile of C: together they fetch what they need of A and B into the memory they share, and each reads it from
    /// there four times. The grid is one-dimensional: its second and third dimension end at 65,535.
    /// </summary>
    public static void Tiled(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ProductSizes of)
    {
        var ofA = SharedMemory.Allocate<float>(Tile * Depth);
        var ofB = SharedMemory.Allocate<float>(Tile * Depth);
        int tilesAcross = (of.N + Tile - 1) / Tile, tilesDown = (of.M + Tile - 1) / Tile;
        var group = Grid.IdxX;
        int tileColumn = group % tilesAcross * Tile, tileRow = group / tilesAcross % tilesDown * Tile;
        var first = group / (tilesAcross * tilesDown);
        var last = of.SumsBatch != 0 ? of.Batch - 1 : first;
        var thread = Group.IdxX;
        int column = thread % Side, row = thread / Side;

        float s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0;
        for (var matrix = first; matrix <= last; matrix++)
            for (var depth = 0; depth < of.K; depth += Depth)
            {
                for (var i = thread; i < Tile * Depth; i += Threads)
                {
                    // Neighbouring threads fetch neighbouring numbers, whichever way the operand is stored.
                    var (r, p) = of.TransposeA != 0 ? (i % Tile, i / Tile) : (i / Depth, i % Depth);
                    ofA[p * Tile + r] = tileRow + r < of.M && depth + p < of.K ? a[of.AtA(matrix, tileRow + r, depth + p)] : 0;
                    var (q, s) = of.TransposeB != 0 ? (i % Depth, i / Depth) : (i / Tile, i % Tile);
                    ofB[q * Tile + s] = depth + q < of.K && tileColumn + s < of.N ? b[of.AtB(matrix, depth + q, tileColumn + s)] : 0;
                }
                Group.Barrier();
                for (var p = 0; p < Depth; p++)
                {
                    int atA = p * Tile + row * Each, atB = p * Tile + column;
                    float a0 = ofA[atA], a1 = ofA[atA + 1], a2 = ofA[atA + 2], a3 = ofA[atA + 3];
                    float b0 = ofB[atB], b1 = ofB[atB + Side], b2 = ofB[atB + 2 * Side], b3 = ofB[atB + 3 * Side];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                }
                Group.Barrier();
            }

        var top = tileRow + row * Each;
        var left = tileColumn + column;
        PutRow(c, of, first, top, left, s00, s01, s02, s03);
        PutRow(c, of, first, top + 1, left, s10, s11, s12, s13);
        PutRow(c, of, first, top + 2, left, s20, s21, s22, s23);
        PutRow(c, of, first, top + 3, left, s30, s31, s32, s33);
    }

    private static void PutRow(ArrayView<float> c, ProductSizes of, int matrix, int row, int column, float s0, float s1, float s2, float s3)
    {
        if (row >= of.M)
            return;
        var at = (matrix * of.M + row) * of.N;
        Put(c, of, at, column, s0);
        Put(c, of, at, column + Side, s1);
        Put(c, of, at, column + 2 * Side, s2);
        Put(c, of, at, column + 3 * Side, s3);
    }

    private static void Put(ArrayView<float> c, ProductSizes of, int at, int column, float sum)
    {
        if (column < of.N)
            c[at + column] = of.Accumulate != 0 ? c[at + column] + sum : sum;
    }
}
