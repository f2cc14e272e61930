using Plotly.NET;

namespace CourseKit.Charts.Tests;

/// <summary>What there is to test where the package is missing: that it says so.</summary>
public class WithoutPackagesTests
{
    [Fact]
    public void Figures_survive_the_way_through_Plotly_NET() => Assert.Skip(PlotlyNetSupport.Missing!);

    [Fact]
    public void A_build_without_Plotly_NET_says_so_where_a_cell_goes_on_with_its_methods()
    {
        Assert.Null(PlotlyNetSupport.Package);
        var error = Assert.Throws<InvalidOperationException>(() => (GenericChart)Figure.Line([1.0, 2]).ToGenericChart().WithTitle("Loss"));
        Assert.Equal(PlotlyNetSupport.Missing, error.Message);
        Assert.Contains("add a feed", error.Message, StringComparison.Ordinal);
    }
}
