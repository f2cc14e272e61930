using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;

namespace CourseKit.Session.Magics;

/// <summary>Hands values of <c>#!set</c> and <c>#!share</c> to the C# that declares them. Not for calling by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SharedValue
{
    private static readonly ConcurrentDictionary<string, object> s_waiting = new(StringComparer.Ordinal);
    private static int s_count;

    /// <summary>Takes a value that was put in; it can be taken once.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="key">What it was put in under.</param>
    public static T Take<T>(string key) => s_waiting.TryRemove(key, out var value) ? (T)value : throw new InvalidOperationException("This value was taken already.");

    internal static string Put(object value)
    {
        var key = Interlocked.Increment(ref s_count).ToString(CultureInfo.InvariantCulture);
        s_waiting[key] = value;
        return key;
    }
}
