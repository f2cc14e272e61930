using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Cli.Runs;

/// <summary>One sum over texts and files. Each part is entered with its length, so that no two lists of parts are one.</summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    public void Add(params IEnumerable<string> texts)
    {
        foreach (var text in texts)
            Add(text);
    }

    /// <summary>The sum, in small letters and digits.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
