namespace CourseKit.Charts;

/// <summary>Where a figure's legend stands.</summary>
public enum LegendPosition
{
    /// <summary>To the right of the plot, Plotly's own choice.</summary>
    Right,

    /// <summary>In a line between title and plot; leaves the right side to a colour bar.</summary>
    Top,

    /// <summary>Inside the plot, at its upper right.</summary>
    Inside,

    /// <summary>Nowhere.</summary>
    Hidden,
}
