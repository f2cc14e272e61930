namespace CourseKit;

/// <summary>What random numbers a device can draw.</summary>
public enum Distribution
{
    /// <summary>Evenly between two ends, the low one included and the high one not.</summary>
    Uniform,

    /// <summary>The normal distribution.</summary>
    Normal,
}
