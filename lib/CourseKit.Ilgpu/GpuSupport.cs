using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace CourseKit;

/// <summary>Whether this build can use graphics processors, and which there are.</summary>
public static class GpuSupport
{
    /// <summary>Why not; null where it can.</summary>
    public static string? Missing => null;

    /// <summary>The graphics processors found: CUDA's first, then OpenCL's, one line each. A processor that OpenCL shows as a device is none.</summary>
    public static IReadOnlyList<string> Find()
    {
        using var context = Context.Create(builder => builder.Cuda().OpenCL());
        var found = new List<string>();
        foreach (var device in context.GetCudaDevices())
            found.Add($"CUDA {device.Name}, {Gigabytes(device)}");
        foreach (var device in context.GetCLDevices())
            if (device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU)
                found.Add($"OpenCL {device.Name}, {Gigabytes(device)}");
        return found;
    }

    /// <summary>ILGPU's simulator of a graphics processor on this machine's own: far slower than <see cref="Device.Cpu"/>, and there to test kernels where there is no other.</summary>
    public static IlgpuDevice OpenSimulator()
    {
        var context = Context.Create(builder => builder.CPU().EnableAlgorithms());
        return new IlgpuDevice("simulator", context, context.CreateCPUAccelerator(0));
    }

    private static string Gigabytes(ILGPU.Runtime.Device device) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{device.MemorySize / 1e9:F0} GB");
}
