using System.Buffers.Binary;
using System.Text;

namespace CourseKit;

/// <summary>
/// A volume of numbers, such as a magnetic-resonance scan, from a NIfTI-1 file (.nii or .nii.gz; Cox et al. 2004).
/// The file's x axis is the last of the tensor: a slice across z is an image of rows y and columns x.
/// </summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class Volume
{
    private const int HeaderLength = 348;

    private readonly string name;

    private Volume(string name, Tensor values, double[] voxelSize, NumberFormat format, string description)
    {
        this.name = name;
        (Values, VoxelSize, Format, Description) = (values, voxelSize, format, description);
    }

    /// <summary>The numbers, scaled as the file says, z x y x x; a series over time has t before these.</summary>
    public Tensor Values { get; }

    /// <summary>The lengths of the axes of <see cref="Values"/>.</summary>
    public Shape Shape => Values.Shape;

    /// <summary>The edges of a voxel along z, y and x (and first, for a series, the time between two volumes), in the file's units: nearly always millimetres and seconds.</summary>
    public IReadOnlyList<double> VoxelSize { get; }

    /// <summary>How the file writes a number.</summary>
    public NumberFormat Format { get; }

    /// <summary>What the file says about itself, often empty.</summary>
    public string Description { get; }

    /// <summary>Reads a file, looked for as <see cref="DataFiles.Find"/> does.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no NIfTI-1 file in one part, or of a number type this reader does not take; the message says which.</exception>
    public static Volume Load(string file, Device? device = null)
    {
        using var source = BinaryFile.Open(DataFiles.Find(file));
        return Read(source, device);
    }

    /// <summary>Reads from a stream that knows its length.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    public static Volume Read(Stream stream, string name = "the NIfTI file", Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var source = BinaryFile.Over(stream, name);
        return Read(source, device);
    }

    private static Volume Read(BinaryFile source, Device? device)
    {
        var header = source.Read(HeaderLength, "its header");
        var bigEndian = BinaryPrimitives.ReadInt32BigEndian(header) == HeaderLength;
        if (!bigEndian && BinaryPrimitives.ReadInt32LittleEndian(header) != HeaderLength)
            throw source.Bad($"a NIfTI-1 file begins with the length of its header, {HeaderLength}");
        var magic = header.AsSpan(344, 4);
        if (magic.SequenceEqual("ni1\0"u8))
            throw source.Bad("it is the header of a pair (.hdr and .img): convert the pair to one .nii file");
        if (!magic.SequenceEqual("n+1\0"u8))
            throw source.Bad("it has not the mark n+1 of a NIfTI-1 file");

        var (shape, voxelSize) = Axes(header, bigEndian, source);
        var format = Int16(header, 70, bigEndian) switch
        {
            2 => NumberFormat.UInt8,
            4 => NumberFormat.Int16,
            8 => NumberFormat.Int32,
            16 => NumberFormat.Float32,
            64 => NumberFormat.Float64,
            256 => NumberFormat.Int8,
            512 => NumberFormat.UInt16,
            768 => NumberFormat.UInt32,
            1024 => NumberFormat.Int64,
            var other => throw source.Bad($"its number type {other} is not one this reader takes (2, 4, 8, 16, 64, 256, 512, 768, 1024)"),
        };
        if (Int16(header, 72, bigEndian) != 8 * format.Size())
            throw source.Bad($"it says {Int16(header, 72, bigEndian)} bits for a number of type {format}");

        var offset = Single(header, 108, bigEndian);
        if (!(offset >= HeaderLength && offset <= source.AtMost + HeaderLength) || offset != Math.Floor(offset))
            throw source.Bad(FormattableString.Invariant($"its numbers cannot begin at byte {offset}"));
        source.Read((long)offset - HeaderLength, "what stands before the numbers");
        var bytes = source.Read((long)shape.ElementCount * format.Size(), "numbers");
        source.AtEnd(); // for the checksum of a packed file; what else may follow the numbers is nobody's business

        // A slope of 0, or none, means that the numbers are meant as they stand.
        double slope = Single(header, 112, bigEndian), intercept = Single(header, 116, bigEndian);
        var scaled = double.IsFinite(slope) && slope != 0 && double.IsFinite(intercept);
        var values = format.ToTensor(bytes, bigEndian, shape, device, scaled ? slope : 1, scaled ? intercept : 0);
        return new Volume(source.Name, values, voxelSize, format, Encoding.Latin1.GetString(header, 148, 80).Split('\0')[0]);
    }

    /// <summary>The file's axes, x first, turned round so that the last one runs fastest as in every tensor.</summary>
    private static (Shape Shape, double[] VoxelSize) Axes(byte[] header, bool bigEndian, BinaryFile source)
    {
        var rank = Int16(header, 40, bigEndian);
        if (rank is < 1 or > 7)
            throw source.Bad($"it says it has {rank} axes, and NIfTI has 1 to 7");
        var lengths = new int[Math.Max(3, (int)rank)];
        var sizes = new double[lengths.Length];
        var count = 1L;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = axis < rank ? Int16(header, 42 + 2 * axis, bigEndian) : 1;
            sizes[axis] = Math.Abs(Single(header, 80 + 4 * axis, bigEndian));
            if (lengths[axis] < 1)
                throw source.Bad($"an axis of it has the length {lengths[axis]}");
            count *= lengths[axis];
            if (count > int.MaxValue)
                throw source.Bad($"its axes promise more than {int.MaxValue} numbers");
        }
        while (lengths.Length > 3 && lengths[^1] == 1) // often written, never meant
            (lengths, sizes) = (lengths[..^1], sizes[..^1]);
        if (lengths.Length > 4)
            throw source.Bad($"it has {lengths.Length} axes longer than 1, and this reader takes a volume (3) or a series of volumes (4)");
        Array.Reverse(lengths);
        Array.Reverse(sizes);
        return (Shape.Create(lengths), sizes);
    }

    /// <summary>One slice, as a copy: the image at a place of one axis, without that axis.</summary>
    /// <param name="axis">For a volume 0 is z (in a file with the usual orientation from feet to head: axial slices), 1 is y (coronal), 2 is x (sagittal).</param>
    /// <param name="index">The place along that axis.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    public Tensor Slice(int axis, int index)
    {
        var (outer, length, inner) = Shape.Around(axis);
        if (index < 0 || index >= length)
            throw new ArgumentOutOfRangeException(nameof(index), $"Slice {index} across axis {axis} of {name} was asked for, and there are the slices 0 to {length - 1}.");
        var rows = new int[outer];
        for (var i = 0; i < outer; i++)
            rows[i] = i * length + index;
        var lengths = Shape.ToList();
        lengths.RemoveAt(Shape.Axis(axis));
        return Values.Reshape(outer * length, inner).Rows(IntTensor.From(rows)).Reshape([.. lengths]);
    }

    private static short Int16(byte[] header, int at, bool bigEndian)
        => bigEndian ? BinaryPrimitives.ReadInt16BigEndian(header.AsSpan(at)) : BinaryPrimitives.ReadInt16LittleEndian(header.AsSpan(at));

    private static float Single(byte[] header, int at, bool bigEndian)
        => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(header.AsSpan(at)) : BinaryPrimitives.ReadSingleLittleEndian(header.AsSpan(at));

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{name}: {Shape} voxels of {string.Join(" x ", VoxelSize.Select(size => size.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)))}, {Format}");
}
