namespace CourseKit;

/// <summary>
/// How a library shows a value that changes while it works, knowing no notebook: the host puts a
/// <c>Func&lt;object, Action&lt;object&gt;&gt;</c> under the name <see cref="Name"/> into the process's <see cref="AppContext"/>. It shows
/// a value and returns what puts another in its place.
/// </summary>
public static class HostDisplay
{
    /// <summary>The name in <see cref="AppContext"/>.</summary>
    public const string Name = "CourseKit.Display";

    /// <summary>The name of a <c>Func&lt;bool&gt;</c> beside it: whether a person sees what is shown, while it changes.</summary>
    public const string WatchedName = "CourseKit.IsWatched";

    /// <summary>Whether there is a host that shows values.</summary>
    public static bool IsThere => AppContext.GetData(Name) is Func<object, Action<object>>;

    /// <summary>
    /// Whether a person watches. Only the host knows: the kit's kernel says no where the front end takes no input
    /// (<c>allow_stdin</c> is false: nbconvert, nbclient, <c>jupyter execute</c>), and the headless runner always does. A host
    /// that says nothing is taken for a notebook with a person before it.
    /// </summary>
    public static bool IsWatched => AppContext.GetData(WatchedName) is not Func<bool> watched || watched();

    /// <summary>Shows a value.</summary>
    /// <returns>What puts another value in its place; null where there is no host that shows anything.</returns>
    public static Action<object>? Show(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return AppContext.GetData(Name) is Func<object, Action<object>> show ? show(value) : null;
    }
}
