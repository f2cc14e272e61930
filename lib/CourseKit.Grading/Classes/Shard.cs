using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Grading;

/// <summary>
/// One of several parts of a class, for one of several machines. Whose part a student is in follows from the name alone, so
/// that it stays the same whoever else hands in.
/// </summary>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">How many there are.</param>
public sealed record Shard(int Number, int Count)
{
    /// <summary>Everybody.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Reads <c>2/8</c>: the second of eight parts.</summary>
    public static bool TryParse(string? text, out Shard shard)
    {
        shard = Whole;
        var parts = (text ?? "").Split('/');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || number < 1 || number > count)
            return false;
        shard = new Shard(number, count);
        return true;
    }

    /// <summary>Whether a student belongs to this part.</summary>
    public bool Contains(string student)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(student ?? ""));
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Count) == Number - 1;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
