using System.Globalization;

namespace CourseKit;

/// <summary>What a table does with a missing number: a field that is blank, or holds NA or NaN.</summary>
public enum MissingNumbers
{
    /// <summary>It is an error; the message says where the field is.</summary>
    Refuse,

    /// <summary>It becomes NaN, to be filled in by an <see cref="Imputer"/>.</summary>
    AsNaN,
}

public sealed partial class Table
{
    /// <summary>Columns of numbers as a tensor of shape rows x columns, in which a missing number may become NaN.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="FormatException">A field is no number, or is missing and that is refused; the message says where.</exception>
    public Tensor Numbers(MissingNumbers missing, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Length == 0)
            throw new ArgumentException($"{source}: Numbers wants the names of columns, and none was given; there are {string.Join(", ", Columns)}.");
        var positions = columns.Select(Position).ToArray();
        var values = new double[rows.Count * columns.Length];
        for (var row = 0; row < rows.Count; row++)
            for (var column = 0; column < columns.Length; column++)
            {
                var text = rows[row][positions[column]];
                ref var value = ref values[row * columns.Length + column];
                if (IsMissing(text))
                    value = missing == MissingNumbers.AsNaN
                        ? double.NaN
                        : throw new FormatException($"{source}, row {row + 1}, column {columns[column]}: the number is missing (\"{text}\"). Leave such rows out with DropMissing(), or read with MissingNumbers.AsNaN and fill the gaps with an Imputer.");
                else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                    throw new FormatException($"{source}, row {row + 1}, column {columns[column]}: \"{text}\" is not a number{(text.Contains(',', StringComparison.Ordinal) ? ": the decimal sign is a point" : "")}.");
            }
        return Tensor.From((ReadOnlySpan<double>)values, [rows.Count, columns.Length]);
    }

    /// <summary>The rows in which nothing is missing in the given columns; in no column where none is named.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public Table DropMissing(params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var positions = columns.Length == 0 ? [.. Enumerable.Range(0, Columns.Count)] : columns.Select(Position).ToArray();
        return new Table(source, Columns, [.. rows.Where(row => !positions.Any(at => IsMissing(row[at])))]);
    }

    /// <summary>How many fields of a column are missing.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public int MissingCount(string column)
    {
        var at = Position(column);
        return rows.Count(row => IsMissing(row[at]));
    }

    private static bool IsMissing(string text)
        => text.AsSpan().Trim() is var field && (field.IsEmpty || field.Equals("NA", StringComparison.Ordinal) || field.Equals("NaN", StringComparison.OrdinalIgnoreCase));
}
