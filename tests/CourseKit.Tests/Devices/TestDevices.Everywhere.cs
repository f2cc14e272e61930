namespace CourseKit.Tests;

internal static partial class TestDevices
{
    public static IReadOnlyList<Device> All => Device.All;

    public static IEnumerable<int> SizesOn(Device _, Operation operation) => Sizes.Append(operation.LargeSize);
}
