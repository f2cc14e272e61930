using ILGPU;

namespace CourseKit;

public static partial class GpuSupport
{
    /// <summary>
    /// Runs a kernel of your own once for each number from 0 to <paramref name="count"/> - 1: a static method that gets the number and the
    /// tensors' memory, and may change it. It is translated for the tensors' device when it is first run.
    /// </summary>
    /// <param name="kernel">The kernel; it may use arithmetic, <see cref="Math"/>, other static methods and structs, but cannot throw or make objects.</param>
    /// <param name="count">How often it runs, each time with another index. An index beyond the tensor's last number ends the process.</param>
    /// <param name="a">The first tensor.</param>
    /// <exception cref="ArgumentException">A tensor is on another device, or the kernel holds what no graphics processor can do.</exception>
    public static void Launch(Action<Index1D, ArrayView<float>> kernel, int count, Tensor a)
        => DeviceOf(kernel, count, a).Launch(kernel, count, a);

    /// <inheritdoc cref="Launch(Action{Index1D, ArrayView{float}}, int, Tensor)"/>
    public static void Launch(Action<Index1D, ArrayView<float>, ArrayView<float>> kernel, int count, Tensor a, Tensor b)
        => DeviceOf(kernel, count, a, b).Launch(kernel, count, a, b);

    /// <inheritdoc cref="Launch(Action{Index1D, ArrayView{float}, ArrayView{float}}, int, Tensor, Tensor)"/>
    public static void Launch(Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>> kernel, int count, Tensor a, Tensor b, Tensor c)
        => DeviceOf(kernel, count, a, b, c).Launch(kernel, count, a, b, c);

    private static IlgpuDevice DeviceOf(Delegate kernel, int count, params ReadOnlySpan<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (tensors[0].Device is not IlgpuDevice device)
            throw new ArgumentException($"A kernel runs on a graphics processor, and this tensor is on {tensors[0].Device.Name}: move it there, x.To(Device.Best), or x.To(Device.Named(\"simulator\")) to try a kernel without one.");
        foreach (var tensor in tensors)
            if (tensor.Device != device)
                throw new ArgumentException($"A kernel runs on one device: one tensor is on {device.Name} and another one on {tensor.Device.Name}.");
        KernelTrial.Check(kernel.Method);
        return device;
    }
}
