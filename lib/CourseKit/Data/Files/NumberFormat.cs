using System.Buffers;
using System.Buffers.Binary;

namespace CourseKit;

/// <summary>How a file writes one number.</summary>
public enum NumberFormat
{
    /// <summary>A byte, 0 to 255.</summary>
    UInt8,

    /// <summary>A byte with a sign.</summary>
    Int8,

    /// <summary>16 bits.</summary>
    UInt16,

    /// <summary>16 bits with a sign.</summary>
    Int16,

    /// <summary>32 bits.</summary>
    UInt32,

    /// <summary>32 bits with a sign.</summary>
    Int32,

    /// <summary>64 bits with a sign. Beyond 2^53 it is rounded.</summary>
    Int64,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a 32-bit floating-point number.</summary>
    BFloat16,

    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE double precision.</summary>
    Float64,
}

/// <summary>Bytes into numbers.</summary>
internal static class NumberFormats
{
    private const int Chunk = 1 << 14;

    /// <summary>Bytes of one number.</summary>
    public static int Size(this NumberFormat format) => format switch
    {
        NumberFormat.UInt8 or NumberFormat.Int8 => 1,
        NumberFormat.UInt16 or NumberFormat.Int16 or NumberFormat.Float16 or NumberFormat.BFloat16 => 2,
        NumberFormat.Int64 or NumberFormat.Float64 => 8,
        _ => 4,
    };

    /// <summary>A tensor of the numbers in the bytes, each times <paramref name="scale"/> plus <paramref name="shift"/>.</summary>
    public static Tensor ToTensor(this NumberFormat format, ReadOnlySpan<byte> bytes, bool bigEndian, Shape shape, Device? device, double scale = 1, double shift = 0)
    {
        var tensor = Tensor.Empty(shape, device ?? Device.Default);
        var size = format.Size();
        var numbers = ArrayPool<double>.Shared.Rent(Chunk);
        // In pieces: a second copy of a large file in double precision would be eight times the bytes.
        for (var start = 0; start < tensor.Count; start += Chunk)
        {
            var piece = numbers.AsSpan(0, Math.Min(Chunk, tensor.Count - start));
            format.Read(bytes.Slice(start * size, piece.Length * size), bigEndian, piece);
            if (scale != 1 || shift != 0)
                foreach (ref var number in piece)
                    number = number * scale + shift;
            tensor.Device.Write((ReadOnlySpan<double>)piece, tensor.View with { Offset = start, Length = piece.Length });
        }
        ArrayPool<double>.Shared.Return(numbers);
        return tensor;
    }

    /// <summary>The numbers in the bytes.</summary>
    public static void Read(this NumberFormat format, ReadOnlySpan<byte> bytes, bool bigEndian, Span<double> numbers)
    {
        var size = format.Size();
        if (format == NumberFormat.UInt8) // most of all data there is
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = bytes[i];
            return;
        }
        scoped ReadOnlySpan<byte> one;
        Span<byte> swapped = stackalloc byte[8];
        for (var i = 0; i < numbers.Length; i++)
        {
            one = bytes.Slice(i * size, size);
            if (bigEndian)
            {
                one.CopyTo(swapped);
                swapped[..size].Reverse();
                one = swapped[..size];
            }
            numbers[i] = format switch
            {
                NumberFormat.Int8 => (sbyte)one[0],
                NumberFormat.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(one),
                NumberFormat.Int16 => BinaryPrimitives.ReadInt16LittleEndian(one),
                NumberFormat.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(one),
                NumberFormat.Int32 => BinaryPrimitives.ReadInt32LittleEndian(one),
                NumberFormat.Int64 => BinaryPrimitives.ReadInt64LittleEndian(one),
                NumberFormat.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(one),
                NumberFormat.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(one) << 16),
                NumberFormat.Float32 => BinaryPrimitives.ReadSingleLittleEndian(one),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(one),
            };
        }
    }
}
