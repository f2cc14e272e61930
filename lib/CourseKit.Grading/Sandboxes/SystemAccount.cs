using System.Runtime.InteropServices;

namespace CourseKit.Grading.Sandboxes;

/// <summary>The account that this process acts for, on Linux, in the system's numbers.</summary>
internal static partial class SystemAccount
{
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint User();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint Group();
}
