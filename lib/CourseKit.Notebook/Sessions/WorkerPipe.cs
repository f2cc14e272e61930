using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Notebook.Sessions;

/// <summary>
/// The pipe to a worker. On Unix it is a socket with a file, which is taken away as soon as the worker is connected; one
/// whose owner was killed before that is taken away by the next session.
/// </summary>
internal static class WorkerPipe
{
    // A Unix socket's path may have about a hundred bytes.
    private const int LongestSocketPath = 100;
    private const string Prefix = "ck-";

    // Whether an owner lives can be told of processes that this one sees: a folder of temporary files may be shared with
    // another machine or container, whose numbers mean other processes.
    private static readonly string s_place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        Environment.MachineName + (OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : ""))))[..8];

    /// <summary>Makes one.</summary>
    /// <exception cref="SessionStartException">There is no folder for temporary files to make it in.</exception>
    public static NamedPipeServerStream Create(out string name)
    {
        name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{s_place}-{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        if (!OperatingSystem.IsWindows())
        {
            // A path, so that a sandbox around the worker can let this one file in.
            var path = Path.Combine(Path.GetTempPath(), name);
            name = Encoding.UTF8.GetByteCount(path) <= LongestSocketPath ? path : "/tmp/" + name;
        }

        try
        {
            return new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new SessionStartException($"A session needs a folder for temporary files that it can write to, and {Path.GetDirectoryName(name)} is none ({exception.Message}): set TMPDIR to one.", exception);
        }
    }

    /// <summary>Takes a pipe's file away, once it is connected: the connection holds without it, and it would stay behind if this process were killed.</summary>
    public static void Hide(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.Delete(name);
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(name)!).EnumerateFiles($"{Prefix}{s_place}-*-*").Where(IsAbandoned))
        {
            try
            {
                file.Delete();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or somebody else was quicker.
            }
        }
    }

    private static bool IsAbandoned(FileInfo file)
    {
        var owner = file.Name[(Prefix.Length + s_place.Length + 1)..].Split('-')[0];
        return int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsRunning(id);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
