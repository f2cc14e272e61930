namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>How much of memory and time one peer may take.</summary>
internal sealed record ZmtpLimits
{
    /// <summary>Bytes of one message, all its frames together.</summary>
    public int LongestMessage { get; init; } = 128 * 1024 * 1024;

    /// <summary>Frames of one message.</summary>
    public int MostFrames { get; init; } = 1024;

    /// <summary>Connections of one socket.</summary>
    public int MostConnections { get; init; } = 512;

    /// <summary>Topics one subscriber may name.</summary>
    public int MostSubscriptions { get; init; } = 1024;

    /// <summary>How long a new peer may take to introduce itself.</summary>
    public TimeSpan HandshakePatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a peer that began a message may be silent before it goes on.</summary>
    public TimeSpan SilencePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes that wait for a peer who reads slowly. What is sent above that is discarded, except what must not be
    /// missed, which has as much room again; a peer for whom even that is too little is disconnected.
    /// </summary>
    public long LongestQueue { get; init; } = 128 * 1024 * 1024;
}
