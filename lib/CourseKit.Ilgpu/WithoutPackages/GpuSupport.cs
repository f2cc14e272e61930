namespace CourseKit;

/// <summary>Whether this build can use graphics processors, and which there are.</summary>
public static class GpuSupport
{
    /// <summary>Why not; null where it can.</summary>
    public static string? Missing => "GPU support needs the packages ILGPU and ILGPU.Algorithms (1.5.3 or newer), and this build was made without them, because its package feed does not offer them. "
        + "Add a feed that does (dotnet nuget add source) and build again.";

    /// <summary>The graphics processors found; none in this build.</summary>
    public static IReadOnlyList<string> Find() => [];
}
