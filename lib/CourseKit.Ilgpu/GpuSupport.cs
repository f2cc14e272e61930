using System.Reflection;

namespace CourseKit;

/// <summary>Whether this build can use graphics processors, which there are, and what stands in the way.</summary>
public static partial class GpuSupport
{
    /// <summary>Why this build cannot use graphics processors; null where it can.</summary>
    public static string? Missing => null;

    /// <summary>The package that does the work, and its version.</summary>
    public static string? Package => $"ILGPU {typeof(ILGPU.Context).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";

    /// <summary>The graphics processors found, the best first: what <see cref="Device.Best"/> picks from.</summary>
    public static IReadOnlyList<Device> Found => Source.Found;

    /// <summary>One sentence for each kind of graphics processor of which none was found.</summary>
    public static IReadOnlyList<string> NotFound => [.. Source.NotFound().Select(kind => $"{kind.Kind}: {kind.Reason}")];

    /// <summary>Chooses, for a graphics processor of NVIDIA's, between that maker's matrix product (the default where its library libcublas is found) and the kit's own.</summary>
    /// <returns>Whether NVIDIA's is used from now on.</returns>
    public static bool UseVendorProducts(Device device, bool use)
    {
        if (device is not IlgpuDevice processor)
            return false;
        processor.UsesBlas = use;
        return use && processor.HasBlas;
    }

    private static IlgpuDevices Source => (IlgpuDevices)Device.Graphics!;
}
