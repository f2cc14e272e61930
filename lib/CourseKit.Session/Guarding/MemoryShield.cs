using System.Runtime.InteropServices;

namespace CourseKit.Session.Guarding;

/// <summary>
/// Linux shows a process its own memory as a file, through which ordinary file functions could change it. A process
/// that may not be dumped has that file closed to everybody but root.
/// </summary>
internal static partial class MemoryShield
{
    private const int SetDumpable = 4;

    public static void Raise()
    {
        if (OperatingSystem.IsLinux())
            _ = Control(SetDumpable, 0, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);
}
