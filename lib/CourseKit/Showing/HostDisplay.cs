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

    /// <summary>Shows a value.</summary>
    /// <returns>What puts another value in its place; null where there is no host that shows anything.</returns>
    public static Action<object>? Show(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return AppContext.GetData(Name) is Func<object, Action<object>> show ? show(value) : null;
    }
}
