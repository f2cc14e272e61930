using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace CourseKit;

/// <summary>
/// The graphics processors of this machine, each opened when it is first used. All share one context; the simulator has its own, and so has
/// nothing that fails there an effect on the others.
/// </summary>
internal sealed class IlgpuDevices : DeviceSource
{
    private readonly Lazy<List<IlgpuDevice>> found = new(Find);
    private readonly Lock gate = new();
    private IlgpuDevice? simulator;

    /// <inheritdoc/>
    public override IReadOnlyList<Device> Found => [.. found.Value.Where(device => !device.IsLost)];

    /// <inheritdoc/>
    public override Device? OpenOnlyByName(string name)
    {
        if (name != Simulator.Name)
            return null;
        lock (gate)
            return simulator is { IsLost: false } ? simulator : simulator = Simulator.Open();
    }

    /// <inheritdoc/>
    public override string WhyNotMore => string.Join(' ', NotFound().Select(kind => $"{kind.Kind}: {kind.Reason}."));

    /// <summary>The kinds of graphics processors of which none was found, and why.</summary>
    public IEnumerable<(string Kind, string Reason)> NotFound()
    {
        if (!found.Value.Any(device => device.Kind == AcceleratorType.Cuda))
            yield return ("CUDA", NativeLibraries.Has(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1")
                ? "NVIDIA's driver is installed and shows no graphics processor that can be used; nvidia-smi shows what it sees"
                : "NVIDIA's driver is not installed");
        if (!found.Value.Any(device => device.Kind == AcceleratorType.OpenCL))
            yield return ("OpenCL", NativeLibraries.Has(OperatingSystem.IsWindows() ? "OpenCL" : OperatingSystem.IsMacOS() ? "/System/Library/Frameworks/OpenCL.framework/OpenCL" : "libOpenCL.so")
                ? "its loader is installed and shows no graphics processor that computes in double precision"
                : "no loader is installed (on Debian and Ubuntu: ocl-icd-opencl-dev, and the maker's driver)");
    }

    private static List<IlgpuDevice> Find()
    {
        // What OpenCL shows may be a processor, on which the library's own device is faster. NVIDIA's are there twice: CUDA is the better way.
        var context = Contexts.Create(builder => builder.Cuda().OpenCL(IsGraphicsProcessor));
        var devices = new List<IlgpuDevice>();
        foreach (var hardware in context.GetCudaDevices())
            devices.Add(new IlgpuDevice(Numbered("cuda", devices.Count), context, hardware));
        var ofCuda = devices.Count;
        foreach (var hardware in context.GetCLDevices())
            if (ofCuda == 0 || hardware.Vendor != CLDeviceVendor.Nvidia)
                devices.Add(new IlgpuDevice(Numbered("opencl", devices.Count - ofCuda), context, hardware));
        if (devices.Count == 0)
            context.Dispose();
        return devices;
    }

    private static bool IsGraphicsProcessor(CLDevice device)
        => device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU) && device.Capabilities.GenericAddressSpace && device.Capabilities.Float64;

    private static string Numbered(string kind, int number) => number == 0 ? kind : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}:{number}");
}

/// <summary>A context is where ILGPU keeps what it has compiled.</summary>
internal static class Contexts
{
    /// <summary>Makes a context in which kernels have all of <see cref="Math"/>, exact and in finite time.</summary>
    public static Context Create(Func<Context.Builder, Context.Builder> devices) => Context.Create(builder => DeviceMath.Enable(devices(builder).EnableAlgorithms()));
}

/// <summary>A graphics processor played by this machine's own: far slower than the CPU device, and there to test kernels where there is no other.</summary>
internal static class Simulator
{
    public const string Name = "simulator";

    /// <summary>A new simulator, whose memory is its own.</summary>
    /// <param name="threads">Threads of a group at most. Each is one of the system, and a kernel waits at its end for all of a group: with 16 the conformance tests take twice the time of 4.</param>
    public static IlgpuDevice Open(int threads = 4)
    {
        var context = Contexts.Create(builder => builder.CPU(new CPUDevice(Math.Min(threads, 32), Math.Max(1, threads / 32), 1)));
        return new IlgpuDevice(Name, context, context.GetCPUDevice(0), ownsContext: true);
    }
}
