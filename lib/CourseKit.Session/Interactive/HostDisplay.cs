using Microsoft.DotNet.Interactive;

namespace CourseKit.Session.Interactive;

/// <summary>
/// Lets a library that knows no notebook show a value that changes: under a name in <see cref="AppContext"/> there is a
/// function that shows a value and returns another, which puts a new value in its place.
/// </summary>
internal static class HostDisplay
{
    private const string Name = "CourseKit.Display";

    public static void PublishToLibraries() => AppContext.SetData(Name, (Func<object, Action<object>>)(value => Kernel.display(value).Update));
}
