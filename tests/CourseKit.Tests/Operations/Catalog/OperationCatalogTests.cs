using System.Reflection;

namespace CourseKit.Tests;

/// <summary>The catalogue names everything there is: whoever adds an operation, a layer or a loss is told to add it there.</summary>
public class OperationCatalogTests
{
    // They hand numbers on without a derivative, on purpose, or return the tensor itself.
    private static readonly string[] WithoutDerivative = ["Keep()", "Clone()", "Detach()", "RetainGrad()", "To(Device)"];

    [Fact]
    public void Every_operation_of_a_tensor_is_in_the_catalogue()
    {
        var missing = Operations().Except(OperationCatalog.All.Select(operation => operation.Member)).Except(WithoutDerivative);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_layer_and_every_loss_is_in_the_catalogue()
    {
        var missing = LayersAndLosses().Except(OperationCatalog.All.Select(operation => operation.Member));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_catalogue_names_nothing_that_is_not_there()
    {
        string[] known = [.. Operations(), .. LayersAndLosses(), ""];
        Assert.Empty(OperationCatalog.All.Select(operation => operation.Member).Except(known));
        Assert.Empty(WithoutDerivative.Except(known));
    }

    // 0 and 1 have no derivative to compare; Step's one value is checked beside its definition. Chance is not PyTorch's.
    private static readonly string[] WithoutReferenceValues = ["EqualTo(Tensor)", "Step()", "Dropout(Double, Boolean, Generator)", "StochasticDepth(Double, Boolean, Generator)"];

    [Fact]
    public void Every_differentiable_operation_of_a_tensor_has_values_from_PyTorch()
    {
        var known = ReferenceValues.Operations.Keys.Concat(ReferenceValues.Activations.Keys).Select(OperationCatalog.Find).Select(operation => operation.Member);
        var missing = Operations().Except(known).Except(WithoutDerivative).Except(WithoutReferenceValues)
            .Where(member => !member.Contains("Than", StringComparison.Ordinal)); // comparisons
        Assert.Empty(missing);
    }

    [Fact]
    public void Names_in_the_catalogue_are_unique()
        => Assert.Distinct(OperationCatalog.All.Select(operation => operation.Name));

    /// <summary>Public methods and operators that make a tensor from a tensor. Those that make one from numbers have no derivative.</summary>
    private static IEnumerable<string> Operations()
        => typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(Tensor) || method.ReturnType == typeof(Tensor[]) || method.ReturnType.GetGenericArguments().Contains(typeof(Tensor)))
            .Where(method => !method.IsStatic || method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Tensor) || parameter.ParameterType.GetGenericArguments().Contains(typeof(Tensor))))
            .Where(method => !method.Name.StartsWith("get_", StringComparison.Ordinal))
            .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))})");

    private static IEnumerable<string> LayersAndLosses()
        => typeof(Tensor).Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .Where(type => type.IsSubclassOf(typeof(Module)) || type.Name.EndsWith("Loss", StringComparison.Ordinal))
            .Select(type => type.Name);

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
