using System.Text;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>The 64 bytes that each side sends first: signature, version 3.1, security mechanism NULL.</summary>
internal static class ZmtpGreeting
{
    public const int Length = 64;

    /// <summary>As much of it as tells a peer of version 3 from an older one, which would never send the rest.</summary>
    public const int VersionLength = 11;

    private const int SignatureEnd = 9;
    private const int MajorVersion = 10;
    private const int MinorVersion = 11;
    private const int Mechanism = 12;
    private const int MechanismLength = 20;

    public static byte[] Create()
    {
        var greeting = new byte[Length];
        greeting[0] = 0xFF;
        greeting[SignatureEnd] = 0x7F;
        greeting[MajorVersion] = 3;
        greeting[MinorVersion] = 1;
        "NULL"u8.CopyTo(greeting.AsSpan(Mechanism));
        return greeting;
    }

    public static void CheckVersion(ReadOnlySpan<byte> greeting)
    {
        if (greeting[0] != 0xFF || (greeting[SignatureEnd] & 1) != 1)
            throw new ZmtpProtocolException("it does not speak ZMTP: its first bytes are not the signature that ZeroMQ sends");
        if (greeting[MajorVersion] < 3)
            throw new ZmtpProtocolException("it speaks a version of ZMTP before 3, as libzmq did before 4.0");
    }

    public static void CheckMechanism(ReadOnlySpan<byte> greeting)
    {
        var mechanism = Encoding.ASCII.GetString(greeting.Slice(Mechanism, MechanismLength)).TrimEnd('\0');
        if (mechanism != "NULL")
            throw new ZmtpProtocolException($"it wants the security mechanism \"{Printable.Of(mechanism)}\", and there is only NULL");
    }
}
