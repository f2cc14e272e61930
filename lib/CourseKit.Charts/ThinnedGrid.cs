using System.Numerics;
using System.Runtime.InteropServices;

namespace CourseKit.Charts;

/// <summary>
/// A table of numbers, no more of them than a picture has pixels: of a larger one each cell is the mean of a block, as an
/// image is made smaller.
/// </summary>
/// <param name="Values">The first index counts rows (y), the second columns (x).</param>
/// <param name="X">Where the columns stand; null for 0, 1, 2, ...</param>
/// <param name="Y">Where the rows stand; null for 0, 1, 2, ...</param>
/// <param name="BlockRows">Rows of a block; 1 where nothing was left out.</param>
/// <param name="BlockColumns">Columns of a block.</param>
internal sealed record ThinnedGrid(double[,] Values, double[]? X, double[]? Y, int BlockRows, int BlockColumns)
{
    /// <summary>An image of 512 x 512 is drawn as it is; its numbers take two megabytes of a page.</summary>
    public const int MostCells = 512 * 512;

    /// <summary>In three dimensions every cell is two triangles, lit one by one.</summary>
    public const int MostCellsOfSurface = 256 * 256;

    public static ThinnedGrid Of<T>(T[,] values, double[]? x, double[]? y, int most) where T : INumberBase<T>
    {
        (int blockRows, int blockColumns) = Block(values.GetLength(0), values.GetLength(1), most);
        var means = new double[Blocks(values.GetLength(0), blockRows), Blocks(values.GetLength(1), blockColumns)];
        for (int row = 0; row < means.GetLength(0); row++)
        {
            for (int column = 0; column < means.GetLength(1); column++)
                means[row, column] = Mean(values, row * blockRows, column * blockColumns, blockRows, blockColumns);
        }
        if (blockRows * blockColumns > 1)
            Round(means);
        return new ThinnedGrid(means, Places(x, values.GetLength(1), blockColumns), Places(y, values.GetLength(0), blockRows), blockRows, blockColumns);
    }

    /// <summary>Blocks as square as they can be: a table that is long one way alone is shortened that way.</summary>
    private static (int Rows, int Columns) Block(int rows, int columns, int most)
    {
        if ((long)rows * columns <= most)
            return (1, 1);
        int side = (int)Math.Sqrt(most);
        int keptRows = Math.Min(rows, Math.Max(side, most / columns)), keptColumns = Math.Min(columns, Math.Max(side, most / rows));
        return (Blocks(rows, keptRows), Blocks(columns, keptColumns));
    }

    private static int Blocks(int all, int block) => (all + block - 1) / block;

    /// <summary>The mean of a block's finite numbers; NaN where it has none.</summary>
    private static double Mean<T>(T[,] values, int firstRow, int firstColumn, int rows, int columns) where T : INumberBase<T>
    {
        if (rows == 1 && columns == 1)
            return double.CreateSaturating(values[firstRow, firstColumn]);
        (double sum, int count) = (0, 0);
        for (int row = firstRow; row < Math.Min(firstRow + rows, values.GetLength(0)); row++)
        {
            for (int column = firstColumn; column < Math.Min(firstColumn + columns, values.GetLength(1)); column++)
            {
                double value = double.CreateSaturating(values[row, column]);
                if (!double.IsFinite(value))
                    continue;
                sum += value;
                count++;
            }
        }
        return count == 0 ? double.NaN : sum / count;
    }

    /// <summary>To a ten-thousandth of the range or less: a colour scale has 256 steps, and each digit of a quarter of a million numbers is a quarter of a megabyte.</summary>
    private static void Round(double[,] means)
    {
        Span<double> all = MemoryMarshal.CreateSpan(ref means[0, 0], means.Length);
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double mean in all)
            (low, high) = double.IsNaN(mean) ? (low, high) : (Math.Min(low, mean), Math.Max(high, mean));
        double decimals = 4 - Math.Floor(Math.Log10(high - low));
        if (decimals is not (>= 0 and <= 15))
            return;
        foreach (ref double mean in all)
            mean = Math.Round(mean, (int)decimals);
    }

    /// <summary>The middle of each block, in the numbers of the whole table.</summary>
    private static double[]? Places(double[]? places, int count, int block)
    {
        if (block == 1)
            return places;
        double[] all = places ?? [.. Enumerable.Range(0, count).Select(i => (double)i)];
        return [.. all.Chunk(block).Select(chunk => chunk.Average())];
    }
}
