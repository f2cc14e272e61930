using ILGPU;

namespace CourseKit;

/// <summary>Whether this build can use graphics processors, which there are, and what stands in the way.</summary>
public static class GpuSupport
{
    /// <summary>Why this build cannot use graphics processors; null where it can.</summary>
    public static string? Missing => "GPU support needs the packages ILGPU and ILGPU.Algorithms (1.5.3 or newer), and this build was made without them, because no package feed of that machine offered them: "
        + "add a feed that does (dotnet nuget add source), then restore and build again";

    /// <summary>The package that does the work, and its version; null in this build.</summary>
    public static string? Package => null;

    /// <summary>The graphics processors found; none in this build.</summary>
    public static IReadOnlyList<Device> Found => [];

    /// <summary>Why there are none.</summary>
    public static IReadOnlyList<string> NotFound => [Missing!];

    /// <summary>Chooses nothing in this build.</summary>
    /// <returns>False.</returns>
    public static bool UseVendorProducts(Device device, bool use) => false;

    /// <summary>Says that this build runs no kernels.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static void Launch(Action<Index1D, ArrayView<float>> kernel, int count, Tensor a) => throw new InvalidOperationException(Missing);

    /// <inheritdoc cref="Launch(Action{Index1D, ArrayView{float}}, int, Tensor)"/>
    public static void Launch(Action<Index1D, ArrayView<float>, ArrayView<float>> kernel, int count, Tensor a, Tensor b) => throw new InvalidOperationException(Missing);

    /// <inheritdoc cref="Launch(Action{Index1D, ArrayView{float}}, int, Tensor)"/>
    public static void Launch(Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>> kernel, int count, Tensor a, Tensor b, Tensor c) => throw new InvalidOperationException(Missing);
}
