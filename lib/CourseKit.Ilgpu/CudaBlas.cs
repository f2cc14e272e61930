using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace CourseKit;

/// <summary>NVIDIA's matrix product, where its library (libcublas 10, 11 or 12) is on the machine; the kit's own tiles do without.</summary>
internal sealed class CudaBlas : IDisposable
{
    private readonly CuBlas library;

    private CudaBlas(CudaAccelerator accelerator)
    {
        library = new CuBlas(accelerator);
        library.Stream = (CudaStream)accelerator.DefaultStream;
    }

    /// <summary>The library for an accelerator; null where there is none.</summary>
    public static CudaBlas? TryOpen(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda)
            return null;
        try
        {
            return new CudaBlas(cuda);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or CuBlasException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>C (m x n) = A (m x k) B (k x n), or that added to C. The library counts columns first, in which C^T = B^T A^T.</summary>
    public void Multiply(ArrayView<float> a, bool transposeA, ArrayView<float> b, bool transposeB, ArrayView<float> c, int m, int n, int k, bool accumulate)
        => library.Gemm(OperationOf(transposeB), OperationOf(transposeA), n, m, k, 1, b, transposeB ? k : n, a, transposeA ? m : k, accumulate ? 1 : 0, c, n);

    private static CuBlasOperation OperationOf(bool transpose) => transpose ? CuBlasOperation.Transpose : CuBlasOperation.NonTranspose;

    public void Dispose() => library.Dispose();
}
