using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CourseKit.EndToEnd;

/// <summary>
/// Ctrl-C as a terminal sends it, with the system's own calls: a small machine has no program called kill. A process that a
/// script starts in the background ignores it, and so do all that it starts; one that is to be interrupted must not.
/// </summary>
internal static partial class Signals
{
    private const int Interrupted = 2;

    // Larger than the structure is on any system; its beginning is the handler, and all zero is the default.
    private const int ActionSize = 512;
    private const nint Ignored = 1;

    private static readonly Lock s_gate = new();

    /// <summary>Starts a process that Ctrl-C ends or interrupts, however this one was started.</summary>
    public static unsafe Process StartInterruptible(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows())
            return Process.Start(start)!;
        lock (s_gate)
        {
            var before = stackalloc byte[ActionSize];
            var ordinary = stackalloc byte[ActionSize];
            new Span<byte>(before, ActionSize).Clear();
            new Span<byte>(ordinary, ActionSize).Clear();
            var isIgnored = Change(Interrupted, null, before) == 0 && *(nint*)before == Ignored;
            if (isIgnored)
                _ = Change(Interrupted, ordinary, null);
            try
            {
                return Process.Start(start)!;
            }
            finally
            {
                if (isIgnored)
                    _ = Change(Interrupted, before, null);
            }
        }
    }

    /// <summary>Sends Ctrl-C to one process.</summary>
    public static void Interrupt(Process process) => Assert.Equal(0, Send(process.Id, Interrupted));

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int Change(int signal, byte* action, byte* before);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
