using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>Where a socket listens: a TCP port, or a file that local processes connect to.</summary>
internal abstract record ZmtpEndpoint
{
    private const int Backlog = 64;

    /// <summary>A port of this machine; 0 lets the system choose one.</summary>
    public static ZmtpEndpoint Tcp(string address, int port) => new TcpEndpoint(Resolve(address), port);

    /// <summary>A Unix socket's file, which is made here and removed at the end.</summary>
    public static ZmtpEndpoint Ipc(string path) => new IpcEndpoint(path);

    /// <summary>Listens, and returns where: the same endpoint, with the port that the system chose.</summary>
    public abstract (Socket Listener, ZmtpEndpoint Bound) Listen();

    /// <summary>Removes what listening left in the file system.</summary>
    public virtual void CleanUp()
    {
    }

    // As ZeroMQ reads addresses: a star is every interface.
    private static IPAddress Resolve(string address) => address == "*" ? IPAddress.Any
        : IPAddress.TryParse(address, out var parsed) ? parsed
        : Dns.GetHostAddresses(address) is { Length: > 0 } found ? Array.Find(found, candidate => candidate.AddressFamily == AddressFamily.InterNetwork) ?? found[0]
        : throw new SocketException((int)SocketError.HostNotFound);

    private sealed record TcpEndpoint(IPAddress Address, int Port) : ZmtpEndpoint
    {
        public override (Socket Listener, ZmtpEndpoint Bound) Listen()
        {
            var listener = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // On Windows two processes could otherwise share one port, and each would get half of the peers.
                if (OperatingSystem.IsWindows())
                    listener.ExclusiveAddressUse = true;
                listener.Bind(new IPEndPoint(Address, Port));
                listener.Listen(Backlog);
                return (listener, this with { Port = ((IPEndPoint)listener.LocalEndPoint!).Port });
            }
            catch
            {
                listener.Dispose();
                throw;
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"tcp://{new IPEndPoint(Address, Port)}");
    }

    private sealed record IpcEndpoint(string Path) : ZmtpEndpoint
    {
        public override (Socket Listener, ZmtpEndpoint Bound) Listen()
        {
            RemoveAbandoned();
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                listener.Bind(new UnixDomainSocketEndPoint(Path));
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                listener.Listen(Backlog);
                return (listener, this);
            }
            catch
            {
                listener.Dispose();
                throw;
            }
        }

        public override void CleanUp() => File.Delete(Path);

        public override string ToString() => "ipc://" + Path;

        // The file of a kernel that was killed; one that answers is somebody's.
        private void RemoveAbandoned()
        {
            if (!File.Exists(Path))
                return;
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(Path));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                File.Delete(Path);
            }
        }
    }
}
