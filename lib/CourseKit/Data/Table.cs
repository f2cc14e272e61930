using CsvHelper;

namespace CourseKit;

/// <summary>A table of text, as a CSV file holds it: named columns and rows, turned into tensors by <see cref="Numbers(string[])"/> and <see cref="Classes(string, string[])"/>.</summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed partial class Table
{
    private readonly string source;
    private readonly List<string[]> rows;

    private Table(string source, IReadOnlyList<string> columns, List<string[]> rows)
    {
        this.source = source;
        Columns = columns;
        this.rows = rows;
    }

    /// <summary>The names of the columns, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => rows.Count;

    /// <summary>Reads a CSV file with a header line; the file is looked for as <see cref="DataFiles.Find"/> does.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">A row has another number of fields than the header, or the file is empty.</exception>
    public static Table Load(string file)
    {
        var path = DataFiles.Find(file);
        using var reader = new StreamReader(path);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>Reads CSV text with a header line.</summary>
    /// <exception cref="FormatException">A row has another number of fields than the header, or the text is empty.</exception>
    public static Table Read(TextReader reader, string source = "the table")
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var csv = CsvReader.Create(reader, new CsvReaderOptions { TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Allow }, false);
        csv.ReadHeader();
        if (csv.Headers is not { Count: > 0 } header)
            throw new FormatException($"{source} is empty: its first line must name the columns.");
        var rows = new List<string[]>();
        while (csv.Read())
        {
            if (csv.FieldCount != header.Count)
                throw new FormatException($"{source}, line {csv.LineNumber}: {csv.FieldCount} fields where the header names {header.Count} columns.");
            rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        }
        return new Table(source, [.. header], rows);
    }

    /// <summary>The text of one column, row by row.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public string[] this[string column]
    {
        get
        {
            var at = Position(column);
            return [.. rows.Select(row => row[at])];
        }
    }

    /// <summary>The rows whose text in a column is one of the given values.</summary>
    public Table Where(string column, params string[] values)
    {
        var at = Position(column);
        return new Table(source, Columns, [.. rows.Where(row => values.Contains(row[at]))]);
    }

    /// <summary>Columns of numbers as a tensor of shape rows x columns. Nothing may be missing.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="FormatException">A field is missing or no number; the message says where.</exception>
    public Tensor Numbers(params string[] columns) => Numbers(MissingNumbers.Refuse, columns);

    /// <summary>A column of class names as class indices: the place of each row's name in <paramref name="classes"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="ArgumentException">No class is listed.</exception>
    /// <exception cref="FormatException">A row has a class that is not listed.</exception>
    public IntTensor Classes(string column, params string[] classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var names = this[column];
        if (classes.Length == 0)
            throw new ArgumentException($"{source}: Classes wants the names of the classes in the order of their indices, and column {column} holds {Some(names)}.");
        var indices = new int[names.Length];
        for (var row = 0; row < names.Length; row++)
        {
            indices[row] = Array.IndexOf(classes, names[row]);
            if (indices[row] < 0)
                throw new FormatException($"{source}, row {row + 1}: the class \"{names[row]}\" of column {column} is not one of {string.Join(", ", classes)}.");
        }
        return IntTensor.From(indices);
    }

    /// <summary>A column as targets of a binary problem: 1 where it holds <paramref name="positive"/>, else 0, of shape rows x 1.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="ArgumentException">No row holds it, which is a slip of the pen more often than meant.</exception>
    public Tensor Targets(string column, string positive)
    {
        var names = this[column];
        if (names.Length > 0 && !names.Contains(positive))
            throw new ArgumentException($"{source}: no row has \"{positive}\" in column {column}, which holds {Some(names)}: all targets would be 0.");
        return Tensor.From([.. names.Select(name => name == positive ? 1.0 : 0.0)], [rows.Count, 1]);
    }

    /// <summary>The first few different values of a column, for a complaint.</summary>
    private static string Some(string[] values)
    {
        var different = values.Distinct().ToArray();
        return different.Length == 0 ? "nothing" : string.Join(", ", different.Take(8)) + (different.Length > 8 ? ", ..." : "");
    }

    private int Position(string column)
    {
        var at = Columns.Index().Where(named => named.Item == column).Select(named => named.Index).ToArray();
        if (at.Length == 1)
            return at[0];
        if (at.Length > 1)
            throw new FormatException($"{source} has {at.Length} columns called \"{column}\", and it is unclear which is meant: give them different names in the header line.");
        throw new KeyNotFoundException($"{source} has no column \"{column}\"; it has {string.Join(", ", Columns)}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{source}: {RowCount} rows, columns {string.Join(", ", Columns)}";
}
