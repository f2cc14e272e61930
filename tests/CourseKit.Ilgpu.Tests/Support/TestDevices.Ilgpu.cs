namespace CourseKit.Tests;

internal static partial class TestDevices
{
    /// <summary>The simulator, and the graphics processors of this machine.</summary>
    public static IReadOnlyList<Device> All { get; } = [Device.Named("simulator"), .. GpuSupport.Found];

    /// <summary>Large sizes are for what can compute them.</summary>
    public static IEnumerable<int> SizesOn(Device device, Operation operation) => device.Name == "simulator" ? [1, 17, 33] : Sizes.Append(operation.LargeSize);
}
