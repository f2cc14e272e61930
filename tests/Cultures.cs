using System.Globalization;

namespace CourseKit;

/// <summary>
/// Cultures for tests, also on a machine whose .NET has none (globalization is invariant there): a German one can be made by
/// hand, as far as numbers go, and what needs others is skipped.
/// </summary>
internal static class Cultures
{
    private static readonly Lazy<bool> s_areThere = new(() =>
    {
        try
        {
            return CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator == ",";
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    });

    /// <summary>One that writes 1,5 and 1.000.</summary>
    public static CultureInfo German => s_areThere.Value ? CultureInfo.GetCultureInfo("de-DE") : MadeByHand();

    /// <summary>A culture by its name; the test is skipped where there is none.</summary>
    public static CultureInfo Find(string name)
    {
        Assert.SkipUnless(s_areThere.Value, $"The test asks for the culture {name}, and the .NET of this machine has no cultures: globalization is invariant.");
        return CultureInfo.GetCultureInfo(name);
    }

    private static CultureInfo MadeByHand()
    {
        var culture = new CultureInfo("");
        culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = culture.NumberFormat.CurrencyDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = culture.NumberFormat.CurrencyGroupSeparator = ".";
        return culture;
    }
}
