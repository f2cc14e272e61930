namespace CourseKit.Tests;

/// <summary>The devices that the conformance tests run on, and how large they make an operation there.</summary>
internal static partial class TestDevices
{
    // Around one vector of 16 numbers, and around two; and each operation's large size.
    private static readonly int[] Sizes = [1, 15, 16, 17, 33];

    public static Device Named(string name) => All.Single(device => device.Name == name);
}
