using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CourseKit.Cli.Benchmarks;

/// <summary>Somebody else's implementation of the same workloads.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Its name and version, as a claim must name it.</summary>
    string Name { get; }

    /// <summary>How it was built: the libraries and vector instructions it uses.</summary>
    string Build { get; }

    /// <summary>Makes a workload ready to run.</summary>
    void Prepare(Workload workload);

    /// <summary>Runs it some times.</summary>
    /// <returns>How long all took, in seconds, by the peer's own clock.</returns>
    double Run(int repeats);
}

/// <summary>PyTorch in a Python process of its own (build/peers/torch_peer.py, which the command carries along).</summary>
internal sealed class TorchPeer : IPeer
{
    private readonly PythonPeer python;

    private TorchPeer(PythonPeer python) => this.python = python;

    public string Name => $"PyTorch {python.Version}";

    public string Build => python.Build;

    private sealed record Answer(double Seconds);

    /// <summary>Starts the peer with a number of threads, or gives null where no Python has PyTorch.</summary>
    /// <param name="python">The only Python to try; null for those a machine usually has.</param>
    /// <param name="threads">Threads of the processor.</param>
    /// <param name="device">PyTorch's name of the device that computes.</param>
    public static TorchPeer? Start(string? python, int threads, string device = "cpu") =>
        PythonPeer.Start(python, "torch_peer.py", [$"{threads}", device]) is { } peer ? new TorchPeer(peer) : null;

    public void Prepare(Workload workload) => python.Ask<object>(new { prepare = workload });

    public double Run(int repeats) => python.Ask<Answer>(new { run = repeats }).Seconds;

    public void Dispose() => python.Dispose();
}

/// <summary>The kit on this machine's processor: what a graphics processor has to overtake.</summary>
internal sealed class ProcessorPeer : IPeer
{
    private Action once = () => { };

    public string Name => "CourseKit on the CPU";

    public string Build => Device.Cpu.Description;

    public void Prepare(Workload workload) => OnProcessor(() =>
    {
        once = OurWorkload.Prepare(workload);
        return 0;
    });

    public double Run(int repeats) => OnProcessor(() => OurWorkload.Run(once, repeats));

    private static double OnProcessor(Func<double> work)
    {
        var before = Device.Default;
        Device.Default = Device.Cpu;
        try
        {
            return work();
        }
        finally
        {
            Device.Default = before;
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>Matrix products by OpenBLAS, through its C interface. Loaded by the benchmark alone; nothing of the kit needs it.</summary>
internal sealed unsafe class OpenBlasPeer : IPeer
{
    private const int RowMajor = 101, AsItIs = 111, Transposed = 112;
    private const nuint CacheLine = 64;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> multiply;
    private float* a, b, c;
    private Workload workload = new("", "");

    private OpenBlasPeer(IntPtr library)
    {
        multiply = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        var setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        var config = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_config");
        setThreads(1);
        Build = Marshal.PtrToStringUTF8((IntPtr)config()) ?? "";
        Name = string.Join(' ', Build.Split(' ').Take(2));
    }

    public string Name { get; }

    public string Build { get; }

    public static OpenBlasPeer? Load()
    {
        foreach (var name in new[] { "libopenblas.so.0", "libopenblas", "openblas" })
            if (NativeLibrary.TryLoad(name, out var library))
                return new OpenBlasPeer(library);
        return null;
    }

    public void Prepare(Workload workload)
    {
        this.workload = workload;
        Free();
        var (m, n, k) = (workload.Lengths[0], workload.Lengths[1], workload.Lengths[2]);
        a = Filled(m * k);
        b = Filled(k * n);
        c = Filled(m * n);

        static float* Filled(int count)
        {
            var numbers = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), CacheLine);
            for (var i = 0; i < count; i++)
                numbers[i] = i % 17 / 17f - 0.5f;
            return numbers;
        }
    }

    public double Run(int repeats)
    {
        var (m, n, k) = (workload.Lengths[0], workload.Lengths[1], workload.Lengths[2]);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            multiply(RowMajor, workload.TransposeLeft ? Transposed : AsItIs, workload.TransposeRight ? Transposed : AsItIs, m, n, k,
                1, a, workload.TransposeLeft ? m : k, b, workload.TransposeRight ? k : n, 0, c, n);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
        a = b = c = null;
    }

    public void Dispose() => Free();
}
