namespace Plotly.NET;

/// <summary>A chart of Plotly.NET; in this build there are none.</summary>
public sealed class GenericChart
{
    private GenericChart()
    {
    }
}
