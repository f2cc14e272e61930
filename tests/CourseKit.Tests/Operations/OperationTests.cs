namespace CourseKit.Tests;

/// <summary>Every operation of the catalogue: its gradient against differences.</summary>
public class OperationTests
{
    // 1 and 5 are enough for a formula; what a size does to an implementation is the conformance test's matter.
    private static readonly int[] SizesForDifferences = [1, 5];

    public static TheoryData<string> Names => [.. OperationCatalog.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_central_differences(string name)
    {
        var operation = OperationCatalog.Find(name);
        foreach (var size in SizesForDifferences)
        {
            var result = GradientCheck.Compare(operation.Function, operation.InputsOn(Device.Reference, size));
            Assert.True(result.MaxError < 1e-7, $"{name} at size {size}: {result}");
        }
    }
}
