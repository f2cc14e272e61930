using System.Globalization;

namespace CourseKit;

/// <summary>
/// A matrix of which most numbers are 0 and only the others are kept, row by row (compressed sparse rows). It never changes.
/// Its numbers are constants: gradients flow through a product to the dense operand, never to the matrix.
/// </summary>
/// <remarks>
/// A number costs 12 bytes (its column and a double), or 8 where all numbers of the matrix are exact in float32. The first
/// backward pass through a product makes the transpose, which costs as much again and is kept.
/// </remarks>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed partial class SparseMatrix
{
    // ToDense and the like are for looking at: more numbers than this are no matrix to look at.
    private const int LargestDense = 1 << 24;

    // Row r holds the numbers rowStarts[r] to rowStarts[r + 1] - 1, columns ascending.
    private readonly int[] rowStarts;
    private readonly int[] columnOf;
    private readonly double[]? doubles;
    private float[]? singles;
    private SparseMatrix? transpose;

    private SparseMatrix(int rows, int columns, int[] rowStarts, int[] columnOf, double[]? doubles, float[]? singles)
    {
        (Rows, Columns) = (rows, columns);
        (this.rowStarts, this.columnOf, this.doubles, this.singles) = (rowStarts, columnOf, doubles, singles);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>How many numbers are kept. A 0 that was given is kept too.</summary>
    public int StoredCount => columnOf.Length;

    /// <summary>The memory of the numbers and their places, in bytes, without that of the transpose.</summary>
    public long ByteCount => 4L * rowStarts.Length + (doubles is null ? 8L : 12L) * columnOf.Length;

    /// <summary>A matrix of the given numbers at their places; those given for one place are added up.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="entries">Row, column and value of every number that is not 0, in any order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A place is outside the matrix, or a length is negative.</exception>
    /// <exception cref="ArgumentException">A value is infinite or not a number.</exception>
    public static SparseMatrix From(int rows, int columns, IEnumerable<(int Row, int Column, double Value)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ShapeCheck.SparseLengths(rows, columns);
        var given = entries as IReadOnlyList<(int Row, int Column, double Value)> ?? [.. entries];
        var starts = new int[rows + 1];
        foreach (var (row, column, value) in given)
        {
            ShapeCheck.SparsePlace(row, column, value, rows, columns);
            starts[row + 1]++;
        }
        Accumulate(starts);

        // Into their rows, then in order of columns: a stable sort, so that duplicates are added in the order they were given.
        var next = starts[..^1];
        var places = new (int Column, double Value)[given.Count];
        foreach (var (row, column, value) in given)
            places[next[row]++] = (column, value);
        var columnOf = new List<int>(given.Count);
        var values = new List<double>(given.Count);
        var merged = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            foreach (var (column, value) in places[starts[row]..starts[row + 1]].OrderBy(place => place.Column))
            {
                if (columnOf.Count > merged[row] && columnOf[^1] == column)
                {
                    values[^1] += value;
                    continue;
                }
                columnOf.Add(column);
                values.Add(value);
            }
            merged[row + 1] = columnOf.Count;
        }
        return From(rows, columns, merged, [.. columnOf], [.. values]);
    }

    /// <summary>The matrix of a graph: 1 (or the weight) in row target and column source of every edge, so that a product sums over the neighbours that point here. Parallel edges add up.</summary>
    /// <param name="nodes">The number of nodes: rows and columns.</param>
    /// <param name="edges">Source and target of every edge.</param>
    /// <param name="weights">A weight for each edge; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A node is not there.</exception>
    /// <exception cref="ArgumentException">There is not one weight for each edge, or one is infinite or not a number.</exception>
    public static SparseMatrix FromEdges(int nodes, IEnumerable<(int Source, int Target)> edges, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(edges);
        var list = edges as IReadOnlyList<(int Source, int Target)> ?? [.. edges];
        ShapeCheck.EdgeWeights(list.Count, weights?.Count);
        return From(nodes, nodes, [.. list.Select((edge, i) => (edge.Target, edge.Source, weights?[i] ?? 1))]);
    }

    /// <summary>The numbers of a dense matrix that are not 0.</summary>
    public static SparseMatrix FromDense(double[,] dense)
    {
        ArgumentNullException.ThrowIfNull(dense);
        var (rows, columns) = (dense.GetLength(0), dense.GetLength(1));
        return From(rows, columns, from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) where dense[row, column] != 0 select (row, column, dense[row, column]));
    }

    /// <summary>Ones on the diagonal: its product with x is x.</summary>
    public static SparseMatrix Identity(int size) => From(size, size, Enumerable.Range(0, Math.Max(0, size)).Select(i => (i, i, 1.0)));

    /// <summary>Numbers that are in their rows already, columns ascending; kept in float32 where that loses nothing.</summary>
    internal static SparseMatrix From(int rows, int columns, int[] rowStarts, int[] columnOf, double[] values)
        => Array.TrueForAll(values, value => value == (float)value)
            ? new(rows, columns, rowStarts, columnOf, null, Array.ConvertAll(values, value => (float)value))
            : new(rows, columns, rowStarts, columnOf, values, null);

    /// <inheritdoc cref="From(int, int, int[], int[], double[])"/>
    internal static SparseMatrix From(int rows, int columns, int[] rowStarts, int[] columnOf, float[] values) => new(rows, columns, rowStarts, columnOf, null, values);

    /// <summary>Where each row begins among the kept numbers, and after the last one their count.</summary>
    public ReadOnlySpan<int> RowStarts => rowStarts;

    /// <summary>The column of each kept number.</summary>
    public ReadOnlySpan<int> ColumnIndices => columnOf;

    /// <summary>The kept numbers in float32, for a device that computes in it.</summary>
    public ReadOnlySpan<float> SingleValues => singles ??= Array.ConvertAll(doubles!, value => (float)value);

    /// <summary>One kept number, by its place among them.</summary>
    public double Value(int index) => doubles is null ? singles![index] : doubles[index];

    /// <summary>The number in a row and a column; 0 where none is kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is outside the matrix.</exception>
    public double this[int row, int column]
    {
        get
        {
            ShapeCheck.SparsePlace(row, column, 0, Rows, Columns);
            var at = Array.BinarySearch(columnOf, rowStarts[row], rowStarts[row + 1] - rowStarts[row], column);
            return at < 0 ? 0 : Value(at);
        }
    }

    /// <summary>Row, column and value of every kept number, row by row.</summary>
    public IEnumerable<(int Row, int Column, double Value)> Entries()
    {
        for (var row = 0; row < Rows; row++)
            for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
                yield return (row, columnOf[i], Value(i));
    }

    /// <summary>Rows become columns. Made at the first call and then kept.</summary>
    public SparseMatrix Transpose()
    {
        // Two threads may both make it, and one wins: it is the same.
        if (transpose is null)
            Interlocked.CompareExchange(ref transpose, MakeTranspose(), null);
        return transpose;
    }

    private SparseMatrix MakeTranspose()
    {
        var starts = new int[Columns + 1];
        foreach (var column in columnOf)
            starts[column + 1]++;
        Accumulate(starts);
        var next = starts[..^1];
        var rowOf = new int[columnOf.Length];
        var (movedDoubles, movedSingles) = (doubles is null ? null : new double[doubles.Length], doubles is null ? new float[columnOf.Length] : null);
        for (var row = 0; row < Rows; row++)
            for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                var at = next[columnOf[i]]++;
                rowOf[at] = row;
                if (movedDoubles is not null)
                    movedDoubles[at] = doubles![i];
                else
                    movedSingles![at] = singles![i];
            }
        return new SparseMatrix(Columns, Rows, starts, rowOf, movedDoubles, movedSingles) { transpose = this };
    }

    /// <summary>The whole matrix with its zeros, for a small one: a tensor of rows x columns.</summary>
    /// <exception cref="InvalidOperationException">It would have more than 16 million numbers.</exception>
    public Tensor ToDense(Device? device = null)
    {
        ShapeCheck.SparseToDense(Rows, Columns, LargestDense);
        var numbers = new double[Rows * Columns];
        foreach (var (row, column, value) in Entries())
            numbers[row * Columns + column] = value;
        return Tensor.From(numbers, [Rows, Columns], device);
    }

    /// <summary>Counts become starts.</summary>
    private static void Accumulate(int[] starts)
    {
        for (var i = 1; i < starts.Length; i++)
            starts[i] = checked(starts[i] + starts[i - 1]);
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"SparseMatrix {Rows}x{Columns}, {StoredCount:N0} numbers kept ({(Rows == 0 || Columns == 0 ? 0 : 100.0 * StoredCount / Rows / Columns):0.##} %), {ByteCount / 1e6:0.0} MB");
}
