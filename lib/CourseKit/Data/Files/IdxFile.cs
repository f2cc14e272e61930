using System.Buffers.Binary;

namespace CourseKit;

/// <summary>
/// A file in the IDX format, in which MNIST and its relatives come: a grid of numbers of any rank, big-endian, packed
/// with gzip or not. Format: LeCun, Cortes and Burges, on the MNIST page (1998).
/// </summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class IdxFile
{
    private readonly string name;
    private readonly byte[] bytes;

    private IdxFile(string name, byte[] bytes, Shape shape, NumberFormat format)
    {
        this.name = name;
        this.bytes = bytes;
        (Shape, Format) = (shape, format);
    }

    /// <summary>The lengths of the axes; the first counts the examples.</summary>
    public Shape Shape { get; }

    /// <summary>How the file writes a number.</summary>
    public NumberFormat Format { get; }

    /// <summary>Reads a file, looked for as <see cref="DataFiles.Find"/> does.</summary>
    /// <param name="file">Its name, with or without .gz at the end as it is on the disk.</param>
    /// <param name="rows">Reads only the first so many entries of the first axis; all of them by default.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or no IDX file; the message says where.</exception>
    public static IdxFile Read(string file, int? rows = null)
    {
        using var source = BinaryFile.Open(DataFiles.Find(file));
        return Read(source, rows);
    }

    /// <summary>Reads from a stream that knows its length.</summary>
    /// <exception cref="InvalidDataException">The stream is damaged or no IDX file; the message says where.</exception>
    public static IdxFile Read(Stream stream, string name = "the IDX file", int? rows = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var source = BinaryFile.Over(stream, name);
        return Read(source, rows);
    }

    private static IdxFile Read(BinaryFile source, int? rows)
    {
        if (rows is { } asked)
            ArgumentCheck.AtLeast(0, nameof(IdxFile), nameof(rows), asked);
        var magic = source.Read(4, "its header");
        if (magic is not [0, 0, _, _])
            throw source.Bad("an IDX file begins with two zero bytes, the number type and the number of axes");
        var format = magic[2] switch
        {
            0x08 => NumberFormat.UInt8,
            0x09 => NumberFormat.Int8,
            0x0B => NumberFormat.Int16,
            0x0C => NumberFormat.Int32,
            0x0D => NumberFormat.Float32,
            0x0E => NumberFormat.Float64,
            var other => throw source.Bad($"the number type 0x{other:X2} is none of IDX's (08, 09, 0B, 0C, 0D, 0E)"),
        };
        if (magic[3] is 0 or > Shape.MaximumRank)
            throw source.Bad($"it says it has {magic[3]} axes, and 1 to {Shape.MaximumRank} can be read");
        var header = source.Read(4 * magic[3], "the lengths of its axes");
        var lengths = new int[magic[3]];
        long count = 1;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * axis));
            if (axis == 0 && rows < length)
                length = (uint)rows.Value;
            count = length == 0 ? 0 : count > int.MaxValue / length ? long.MaxValue : count * length;
            if (length > int.MaxValue || count > int.MaxValue)
                throw source.Bad($"its axes promise more than {int.MaxValue} numbers");
            lengths[axis] = (int)length;
        }
        var bytes = source.Read(count * format.Size(), "numbers");
        if (rows is null && !source.AtEnd())
            throw source.Bad("more bytes follow than its header promises");
        return new IdxFile(source.Name, bytes, Shape.Create(lengths), format);
    }

    /// <summary>The numbers as a tensor, each times <paramref name="scale"/>: 1.0 / 255 turns grey values into 0 to 1.</summary>
    public Tensor ToTensor(double scale = 1, Device? device = null) => Format.ToTensor(bytes, bigEndian: true, Shape, device, scale);

    /// <summary>The numbers as whole numbers, such as labels.</summary>
    /// <exception cref="InvalidDataException">They are not written as whole numbers.</exception>
    public IntTensor ToIntTensor()
    {
        if (Format is NumberFormat.Float32 or NumberFormat.Float64)
            throw new InvalidDataException($"{name} holds numbers with fractions ({Format}) where whole numbers are wanted: read them with ToTensor.");
        var numbers = new double[Shape.ElementCount];
        Format.Read(bytes, bigEndian: true, numbers);
        return IntTensor.From(Array.ConvertAll(numbers, number => (int)number), Shape);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{name}: {Shape} numbers, {Format}";
}
