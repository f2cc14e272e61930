using ILGPU;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    // Which of the tensors a kernel writes to, nobody knows: all count as changed.
    internal void Launch(Action<Index1D, ArrayView<float>> kernel, int count, Tensor a)
        => Kernels.Run(kernel, count, Of(a.ViewToOverwrite));

    internal void Launch(Action<Index1D, ArrayView<float>, ArrayView<float>> kernel, int count, Tensor a, Tensor b)
        => Kernels.Run(kernel, count, Of(a.ViewToOverwrite), Of(b.ViewToOverwrite));

    internal void Launch(Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>> kernel, int count, Tensor a, Tensor b, Tensor c)
        => Kernels.Run(kernel, count, Of(a.ViewToOverwrite), Of(b.ViewToOverwrite), Of(c.ViewToOverwrite));
}
