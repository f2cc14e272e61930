using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace CourseKit;

/// <summary>
/// Tensors by name in one file, in the safetensors format that PyTorch, JAX and others read and write: the length of a JSON
/// header, the header, and the numbers, little-endian. Nothing in such a file can run code. Format: Hugging Face, safetensors, 2022.
/// </summary>
public static class Safetensors
{
    /// <summary>Writes tensors, each in its device's precision: F32 from the CPU device, F64 from the reference device. The file appears whole or not at all.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Anything else that should stand in the header: the model's kind, the epoch, the accuracy.</param>
    /// <exception cref="ArgumentException">A name is not valid text, or is __metadata__, which the format keeps for itself.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(tensors);
        // Longer numbers first, so that every tensor begins at a multiple of its number's size.
        var ordered = tensors.OrderByDescending(named => named.Value.Device.Precision).ThenBy(named => named.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        ReplacedFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
                WriteNumbers(stream, tensor);
        });
    }

    /// <summary>Reads every tensor of a file; where there is none of this path it is looked for as <see cref="DataFiles.Find"/> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors are made, in its precision; the default device by default.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no safetensors file, or holds a number type or a shape that the kit has not; the message says which.</exception>
    public static Dictionary<string, Tensor> Load(string path, Device? device = null)
    {
        using var file = SafetensorsFile.Open(path);
        return file.ReadAll(_ => device ?? Device.Default);
    }

    /// <summary>What stands in a file's header beside the tensors.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    public static IReadOnlyDictionary<string, string> Metadata(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Metadata;
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsFile.MetadataName);
                foreach (var (name, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    json.WriteString(Valid(name), Valid(value));
                json.WriteEndObject();
            }
            var start = 0L;
            foreach (var (name, tensor) in tensors)
            {
                if (name == SafetensorsFile.MetadataName)
                    throw new ArgumentException($"Safetensors.Save got a tensor called {SafetensorsFile.MetadataName}, a name that the format keeps for itself: give it another.");
                json.WriteStartObject(Valid(name));
                json.WriteString("dtype", tensor.Device.Precision == 64 ? "F64" : "F32");
                json.WriteStartArray("shape");
                foreach (var length in tensor.Shape)
                    json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(start);
                json.WriteNumberValue(start += (long)tensor.Count * (tensor.Device.Precision / 8));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Spaces behind the JSON put the first number at a multiple of 8.
        while (bytes.WrittenCount % 8 != 0)
            bytes.Write(" "u8);
        return bytes.WrittenSpan.ToArray();
    }

    // Half a surrogate pair has no UTF-8: two names could become the same.
    private static string Valid(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                throw new ArgumentException("Safetensors.Save got a name or metadata with half a surrogate pair, which is no text: give it another name.");
        return text;
    }

    private static void WriteNumbers(Stream stream, Tensor tensor)
    {
        const int Chunk = 1 << 14;
        var size = tensor.Device.Precision / 8;
        var numbers = new double[Math.Min(Chunk, tensor.Count)];
        var bytes = new byte[numbers.Length * size];
        for (var start = 0; start < tensor.Count; start += Chunk)
        {
            var count = Math.Min(Chunk, tensor.Count - start);
            var view = tensor.View;
            tensor.Device.Read(view with { Offset = view.Offset + start, Length = count }, numbers.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                if (size == 8)
                    BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), numbers[i]);
                else
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (float)numbers[i]);
            }
            stream.Write(bytes, 0, count * size);
        }
    }
}
