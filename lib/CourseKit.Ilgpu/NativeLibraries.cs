using System.Runtime.InteropServices;

namespace CourseKit;

/// <summary>Which of the system's libraries can be loaded.</summary>
internal static class NativeLibraries
{
    public static bool Has(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
