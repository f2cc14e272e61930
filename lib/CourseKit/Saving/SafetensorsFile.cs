using System.Buffers.Binary;
using System.Text.Json;

namespace CourseKit;

/// <summary>One tensor as the header describes it; checked, so that its numbers are really there.</summary>
internal readonly record struct SafetensorsEntry(string Name, NumberFormat Format, Shape Shape, long Start, long End);

/// <summary>An open safetensors file whose header has been read and found sound.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    public const string MetadataName = "__metadata__";

    // The format's own limit, and more nesting than it has.
    private const long LongestHeader = 100_000_000;
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly BinaryFile source;

    private SafetensorsFile(BinaryFile source) => this.source = source;

    /// <summary>The tensors in the order in which their numbers stand.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    public string Name => source.Name;

    // What was just saved here comes before a file of the same name among the course's data.
    public static SafetensorsFile Open(string path) => Read(BinaryFile.Open(File.Exists(path) ? path : DataFiles.Find(path), unpack: false));

    public static SafetensorsFile Read(BinaryFile source)
    {
        var file = new SafetensorsFile(source);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Every tensor by its name, each on the device that is named for it.</summary>
    public Dictionary<string, Tensor> ReadAll(Func<string, Device> device)
    {
        var tensors = new Dictionary<string, Tensor>(Entries.Count);
        foreach (var entry in Entries)
            tensors.Add(entry.Name, entry.Format.ToTensor(source.Read(entry.End - entry.Start, entry.Name), bigEndian: false, entry.Shape, device(entry.Name)));
        return tensors;
    }

    private void ReadHeader()
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(source.Read(8, "the length of its header"));
        if (length > LongestHeader || (long)length > source.AtMost)
            throw source.Bad($"it says its header has {length} bytes, and {Math.Min(source.AtMost, LongestHeader)} are the most that can be");
        var bytes = source.Read((long)length, "its header");
        try
        {
            using var json = JsonDocument.Parse(bytes, JsonOptions);
            if (bytes is not [(byte)'{', ..])
                throw source.Bad("its header is no JSON object");
            var entries = new List<SafetensorsEntry>();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataName)
                    Metadata = ReadMetadata(property.Value);
                else
                    entries.Add(ReadEntry(property.Name, property.Value));
            }
            Entries = [.. entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with an escape that is half a surrogate pair.
            throw source.Bad("its header is not the JSON of a safetensors file", exception);
        }

        // The numbers stand one tensor behind the other and fill the file: nothing twice, nothing between, nothing behind.
        var end = 0L;
        foreach (var entry in Entries)
        {
            if (entry.Start != end)
                throw source.Bad($"the numbers of {Shown(entry.Name)} begin at byte {entry.Start} and the ones before end at {end}");
            end = entry.End;
        }
        if (end != source.AtMost)
            throw source.Bad($"its header describes {end} bytes of numbers, and {source.AtMost} are there");
    }

    private SafetensorsEntry ReadEntry(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("shape", out var axes) || axes.ValueKind != JsonValueKind.Array
            || !json.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2)
            throw source.Bad($"the header says nothing usable about {Shown(name)}: dtype, shape and two data_offsets are wanted");
        var format = type.GetString() switch
        {
            "BOOL" or "U8" => NumberFormat.UInt8,
            "I8" => NumberFormat.Int8,
            "U16" => NumberFormat.UInt16,
            "I16" => NumberFormat.Int16,
            "U32" => NumberFormat.UInt32,
            "I32" => NumberFormat.Int32,
            "I64" => NumberFormat.Int64,
            "F16" => NumberFormat.Float16,
            "BF16" => NumberFormat.BFloat16,
            "F32" => NumberFormat.Float32,
            "F64" => NumberFormat.Float64,
            var other => throw source.Bad($"{Shown(name)} has the number type {Shown(other!)}, which the kit does not read"),
        };
        if (axes.GetArrayLength() > Shape.MaximumRank)
            throw source.Bad($"{Shown(name)} has {axes.GetArrayLength()} axes, and a tensor has at most {Shape.MaximumRank}");
        var lengths = new List<int>();
        var count = 1L;
        foreach (var axis in axes.EnumerateArray())
        {
            var length = Number(name, axis);
            count = length == 0 ? 0 : count > int.MaxValue / length ? long.MaxValue : count * length;
            if (length > int.MaxValue || count > int.MaxValue)
                throw source.Bad($"the shape of {Shown(name)} has more than {int.MaxValue} numbers");
            lengths.Add((int)length);
        }
        var (start, end) = (Number(name, offsets[0]), Number(name, offsets[1]));
        if (start > end || end > source.AtMost)
            throw source.Bad($"the numbers of {Shown(name)} would stand from byte {start} to {end}, and there are {source.AtMost} bytes");
        if (end - start != count * format.Size())
            throw source.Bad($"{Shown(name)} of shape {string.Join('x', lengths)} and type {format} needs {count * format.Size()} bytes, and has {end - start}");
        return new SafetensorsEntry(name, format, Shape.Create([.. lengths]), start, end);
    }

    private Dictionary<string, string> ReadMetadata(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String))
            throw source.Bad($"its {MetadataName} is not a list of texts by name");
        return json.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
    }

    private long Number(string name, JsonElement json)
        => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number) && number >= 0
            ? number
            : throw source.Bad($"a length or offset of {Shown(name)} is not a whole number from 0 on");

    // A hostile name must not fill a screen.
    private static string Shown(string name) => name.Length <= 80 ? name : $"{name[..77]}...";

    public void Dispose() => source.Dispose();
}
