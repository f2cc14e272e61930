using Microsoft.DotNet.Interactive;

namespace CourseKit.Session.Interactive;

/// <summary>
/// Lets a library that knows no notebook show a value that changes: under a name in <see cref="AppContext"/> there is a
/// function that shows a value and returns another, which puts a new value in its place; under a second name, one that
/// says whether anybody sees the changes.
/// </summary>
internal static class HostDisplay
{
    private const string Name = "CourseKit.Display";
    private const string WatchedName = "CourseKit.IsWatched";

    public static void PublishToLibraries()
    {
        AppContext.SetData(Name, (Func<object, Action<object>>)(value => Kernel.display(value).Update));
        // Jupyter has no word for "nobody watches", but programs that run notebooks say that they take no input.
        AppContext.SetData(WatchedName, (Func<bool>)(() => InputRequests.Current is { IsAnswered: true }));
    }
}
