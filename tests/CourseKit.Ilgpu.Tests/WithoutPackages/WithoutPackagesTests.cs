namespace CourseKit.Tests;

/// <summary>What there is to test where the package is missing: that it says so.</summary>
public class WithoutPackagesTests
{
    [Fact]
    public void Kernels_agree_with_the_reference_device() => Assert.Skip(GpuSupport.Missing!);

    [Fact]
    public void A_build_without_ILGPU_says_so_and_works_on_the_processor()
    {
        Assert.Contains("ILGPU", GpuSupport.Missing, StringComparison.Ordinal);
        Assert.Empty(GpuSupport.Found);
        Assert.Same(Device.Cpu, Device.Best);
        var error = Assert.Throws<ArgumentException>(() => Device.Named("cuda"));
        Assert.Contains("cpu, reference, meta", error.Message, StringComparison.Ordinal);
    }
}
