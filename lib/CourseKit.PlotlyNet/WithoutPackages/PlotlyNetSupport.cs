using Plotly.NET;

namespace CourseKit.Charts;

/// <summary>Figures as charts of Plotly.NET and back, for readers who go on with that library's own methods.</summary>
public static class PlotlyNetSupport
{
    /// <summary>Why this build has no Plotly.NET; null where it has.</summary>
    public static string? Missing => "Charts of Plotly.NET need the package Plotly.NET (5.1.0 or a later 5.x), and this build was made without it, because no package feed of that machine offered it: "
        + "add a feed that does (dotnet nuget add source), then restore and build again";

    /// <summary>The package that does the work, and its version; null in this build.</summary>
    public static string? Package => null;

    /// <summary>Says that this build makes no charts of Plotly.NET.</summary>
    /// <returns>Nothing. It has no type, so that a cell which goes on with Plotly.NET's methods compiles and says why it does not run.</returns>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static dynamic ToGenericChart(this Figure figure) => throw new InvalidOperationException(Missing);

    /// <summary>Says that this build reads no charts of Plotly.NET.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static Figure ToFigure(this GenericChart chart) => throw new InvalidOperationException(Missing);
}
