using System.Globalization;

namespace CourseKit.Tests;

/// <summary>Runs a piece of work as on a machine set to another language.</summary>
internal static class InCulture
{
    public static T Run<T>(CultureInfo culture, Func<T> work)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
