using ILGPU;

namespace CourseKit;

/// <summary>A matrix that a product reads, wherever its numbers stand: a tensor as it is, transposed, or the windows of a convolution.</summary>
internal interface ITileOperand
{
    /// <summary>The number at a place of a matrix: row and depth of the left operand, depth and column of the right one.</summary>
    float At(int matrix, int first, int second);

    /// <summary>Whether neighbours along the axis that is summed over are neighbours in memory too; else those along the other axis are.</summary>
    bool RunsAlongDepth { get; }
}

/// <summary>Where a product's numbers go.</summary>
internal interface ITileResult
{
    /// <summary>Takes one number.</summary>
    void Put(int matrix, int row, int column, float sum);
}

/// <summary>The lengths of a product of a left matrix (M x K) and a right one (K x N).</summary>
/// <param name="matrices">How many products there are.</param>
/// <param name="m">Rows of each.</param>
/// <param name="n">Columns of each.</param>
/// <param name="k">Terms of each number's sum.</param>
/// <param name="sumsMatrices">Whether there is one result, the sum of all products.</param>
internal readonly struct TileSizes(int matrices, int m, int n, int k, bool sumsMatrices = false)
{
    public readonly int Matrices = matrices, M = m, N = n, K = k, SumsMatrices = sumsMatrices ? 1 : 0;

    /// <summary>Groups of threads, each of which computes one tile of one result.</summary>
    public int Groups => Tiles.Along(M) * Tiles.Along(N) * (SumsMatrices != 0 ? 1 : Matrices);
}

/// <summary>Four neighbouring numbers, which a thread reads at once.</summary>
internal struct Four
{
    public float A, B, C, D;

    public static Four MultiplyAdd(float x, Four y, Four sum)
    {
        sum.A += x * y.A;
        sum.B += x * y.B;
        sum.C += x * y.C;
        sum.D += x * y.D;
        return sum;
    }
}

/// <summary>
/// A matrix product by tiles of 64 x 64 (Volkov and Demmel 2008). A group of 256 threads fetches what a tile needs of both operands into the memory
/// that it shares, 16 terms at a time, and each thread keeps 4 x 4 sums in registers: what is fetched once is used 64 times, and what is read from the
/// shared memory four times. The grid is one-dimensional: its second and third dimension end at 65,535. Every sum is in the order of its terms.
/// </summary>
internal static class Tiles
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Size = 64;

    /// <summary>Threads of a group.</summary>
    public const int Threads = Side * Side;

    private const int Depth = 16, Each = 4, Side = Size / Each;

    // Four more than a row needs: 16 threads that write a column each to a bank of its own, almost.
    private const int Pitch = Size + Each;

    /// <summary>Tiles that cover a length.</summary>
    public static int Along(int length) => (length + Size - 1) / Size;

    public static void Multiply<TLeft, TRight, TResult>(TLeft left, TRight right, TResult result, TileSizes of)
        where TLeft : struct, ITileOperand where TRight : struct, ITileOperand where TResult : struct, ITileResult
    {
        var lefts = SharedMemory.Allocate<Four>(Pitch / Each * Depth);
        var rights = SharedMemory.Allocate<Four>(Pitch / Each * Depth);
        var leftNumbers = lefts.Cast<float>();
        var rightNumbers = rights.Cast<float>();
        int across = Along(of.N), down = Along(of.M), group = Grid.IdxX, thread = Group.IdxX;
        int firstColumn = group % across * Size, firstRow = group / across % down * Size, first = group / (across * down);
        var last = of.SumsMatrices != 0 ? of.Matrices - 1 : first;
        int column = thread % Side, row = thread / Side;

        Four s0 = default, s1 = default, s2 = default, s3 = default;
        for (var matrix = first; matrix <= last; matrix++)
            for (var depth = 0; depth < of.K; depth += Depth)
            {
                for (var i = thread; i < Size * Depth; i += Threads)
                {
                    // Neighbouring threads fetch neighbouring numbers.
                    int r = left.RunsAlongDepth ? i / Depth : i % Size, p = left.RunsAlongDepth ? i % Depth : i / Size;
                    leftNumbers[p * Pitch + r] = firstRow + r < of.M && depth + p < of.K ? left.At(matrix, firstRow + r, depth + p) : 0;
                    int s = right.RunsAlongDepth ? i / Depth : i % Size, q = right.RunsAlongDepth ? i % Depth : i / Size;
                    rightNumbers[q * Pitch + s] = firstColumn + s < of.N && depth + q < of.K ? right.At(matrix, depth + q, firstColumn + s) : 0;
                }
                Group.Barrier();
                for (var p = 0; p < Depth; p++)
                {
                    var x = lefts[p * (Pitch / Each) + row];
                    var y = rights[p * (Pitch / Each) + column];
                    s0 = Four.MultiplyAdd(x.A, y, s0);
                    s1 = Four.MultiplyAdd(x.B, y, s1);
                    s2 = Four.MultiplyAdd(x.C, y, s2);
                    s3 = Four.MultiplyAdd(x.D, y, s3);
                }
                Group.Barrier();
            }

        Put(result, of, first, firstRow + row * Each, firstColumn + column * Each, s0);
        Put(result, of, first, firstRow + row * Each + 1, firstColumn + column * Each, s1);
        Put(result, of, first, firstRow + row * Each + 2, firstColumn + column * Each, s2);
        Put(result, of, first, firstRow + row * Each + 3, firstColumn + column * Each, s3);
    }

    private static void Put<TResult>(TResult result, TileSizes of, int matrix, int row, int column, Four sums) where TResult : struct, ITileResult
    {
        if (row >= of.M)
            return;
        if (column < of.N)
            result.Put(matrix, row, column, sums.A);
        if (column + 1 < of.N)
            result.Put(matrix, row, column + 1, sums.B);
        if (column + 2 < of.N)
            result.Put(matrix, row, column + 2, sums.C);
        if (column + 3 < of.N)
            result.Put(matrix, row, column + 3, sums.D);
    }
}

/// <summary>One matrix, or one for each product, stored row by row or transposed.</summary>
internal readonly struct MatrixOperand(ArrayView<float> numbers, int next, int columns, bool transposed, bool isLeft) : ITileOperand
{
    private readonly ArrayView<float> numbers = numbers;
    private readonly int next = next, columns = columns, transposed = transposed ? 1 : 0, runsAlongDepth = transposed != isLeft ? 1 : 0;

    public bool RunsAlongDepth => runsAlongDepth != 0;

    public float At(int matrix, int first, int second) => numbers[matrix * next + (transposed != 0 ? second * columns + first : first * columns + second)];
}

/// <summary>A result stored row by row.</summary>
internal readonly struct MatrixResult(ArrayView<float> numbers, int rows, int columns, bool accumulate) : ITileResult
{
    private readonly ArrayView<float> numbers = numbers;
    private readonly int rows = rows, columns = columns, accumulate = accumulate ? 1 : 0;

    public void Put(int matrix, int row, int column, float sum)
    {
        var at = (matrix * rows + row) * columns + column;
        numbers[at] = accumulate != 0 ? numbers[at] + sum : sum;
    }
}
