using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// Turns frames into requests and answers into frames:
/// <c>[identities..., "&lt;IDS|MSG&gt;", signature, header, parent header, metadata, content, buffers...]</c>.
/// </summary>
internal sealed class MessageCodec
{
    /// <summary>The messaging protocol that the kernel speaks.</summary>
    public const string ProtocolVersion = "5.4";

    // Signature, header, parent header, metadata, content.
    private const int FramesAfterDelimiter = 5;
    private const int MaxDepth = 512;

    private static readonly byte[] s_emptyObject = "{}"u8.ToArray();

    private readonly byte[] _key;
    private readonly byte[] _session = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("D"));
    private int _sent;

    public MessageCodec(string key) => _key = Encoding.UTF8.GetBytes(key);

    private static ReadOnlySpan<byte> Delimiter => "<IDS|MSG>"u8;

    /// <summary>Reads a message that came from the connection of that identity.</summary>
    /// <exception cref="MalformedMessageException">It is none, or not signed with the key.</exception>
    public JupyterRequest Decode(byte[] identity, IReadOnlyList<byte[]> frames)
    {
        var delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter))
            delimiter++;
        if (frames.Count < delimiter + 1 + FramesAfterDelimiter)
            throw new MalformedMessageException($"a message has the frame <IDS|MSG> and at least {FramesAfterDelimiter} after it; this one has {frames.Count} frames{(delimiter == frames.Count ? ", none of them <IDS|MSG>" : "")}");

        var blobs = frames.Skip(delimiter + 2).Take(4).ToArray();
        if (_key.Length > 0 && !CryptographicOperations.FixedTimeEquals(Sign(blobs), frames[delimiter + 1]))
            throw new MalformedMessageException("its signature is not made with the kernel's key");

        var header = ParseObject(blobs[0], "header");
        if (!header.TryGetProperty("msg_type", out var type) || type.ValueKind != JsonValueKind.String)
            throw new MalformedMessageException("its header has no msg_type");
        ParseObject(blobs[1], "parent header");
        ParseObject(blobs[2], "metadata");
        return new JupyterRequest(TextOf(type), [identity, .. frames.Take(delimiter)], blobs[0], ParseObject(blobs[3], "content"));
    }

    /// <summary>Makes the frames of a message, signed, without what a socket puts before them.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="parent">The header of the request it belongs to; null for none.</param>
    /// <param name="content">Its content as JSON.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Encode(string type, byte[]? parent, byte[] content)
    {
        byte[][] blobs = [Header(type), parent ?? s_emptyObject, s_emptyObject, content];
        return [Delimiter.ToArray(), Sign(blobs), .. blobs.Select(blob => (ReadOnlyMemory<byte>)blob)];
    }

    private byte[] Header(string type)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("msg_id", string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(_session)}_{Interlocked.Increment(ref _sent)}"));
            writer.WriteString("msg_type", type);
            writer.WriteString("session", _session);
            writer.WriteString("username", "kernel");
            writer.WriteString("date", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("version", ProtocolVersion);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>The signature in the hexadecimal digits that go over the wire; nothing where there is no key.</summary>
    private byte[] Sign(IEnumerable<byte[]> blobs)
    {
        if (_key.Length == 0)
            return [];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var blob in blobs)
            hash.AppendData(blob);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static JsonElement ParseObject(byte[] json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var element = document.RootElement.Clone();
            return element.ValueKind == JsonValueKind.Object
                ? element
                : throw new MalformedMessageException($"its {name} should be a JSON object, and is {element.ValueKind}");
        }
        catch (JsonException exception)
        {
            throw new MalformedMessageException($"its {name} is no JSON: {exception.Message}");
        }
    }

    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new MalformedMessageException("its msg_type is no valid text");
        }
    }
}
