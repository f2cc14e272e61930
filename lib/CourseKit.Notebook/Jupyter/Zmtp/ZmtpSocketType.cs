namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>The socket types of a Jupyter kernel, and which peers may connect to each.</summary>
internal sealed record ZmtpSocketType(string Name, params string[] Peers)
{
    public static ZmtpSocketType Router { get; } = new("ROUTER", "REQ", "DEALER", "ROUTER");

    public static ZmtpSocketType Reply { get; } = new("REP", "REQ", "DEALER");

    public static ZmtpSocketType Publisher { get; } = new("PUB", "SUB", "XSUB");

    public bool Accepts(string peer) => Peers.Contains(peer, StringComparer.Ordinal);
}
