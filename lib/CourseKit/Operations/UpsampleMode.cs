namespace CourseKit;

/// <summary>Where the numbers of an enlarged image come from.</summary>
public enum UpsampleMode
{
    /// <summary>The nearest pixel: each becomes a block.</summary>
    Nearest,

    /// <summary>A mean of the four pixels around, weighted by how near they are.</summary>
    Bilinear,
}
