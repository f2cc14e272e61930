namespace CourseKit;

/// <summary>All parameters of a module as one vector, one after another in the order of <see cref="Module.NamedParameters"/>: the point in weight space where the module stands.</summary>
public static class ParameterVector
{
    /// <summary>A copy of all parameters: one axis, as many numbers as <see cref="Module.ParameterCount"/>.</summary>
    /// <exception cref="ArgumentException">The module has no parameter.</exception>
    public static Tensor Of(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var parameters = ParametersOf(module);
        return Tensor.From([.. parameters.SelectMany(parameter => parameter.ToDoubleArray())], null, parameters[0].Device);
    }

    /// <summary>Overwrites all parameters in place with the numbers of a vector. Not differentiated.</summary>
    /// <exception cref="ArgumentException">The module has no parameter.</exception>
    /// <exception cref="ShapeException">The vector has not one number for each of the parameters.</exception>
    public static void Set(Module module, Tensor vector)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(vector);
        var parameters = ParametersOf(module);
        ShapeCheck.ParameterVector(vector.Shape, module.ParameterCount);
        Set(parameters, vector.ToDoubleArray());
    }

    /// <summary>The gradients of all parameters; zeros for a parameter without one.</summary>
    /// <exception cref="ArgumentException">The module has no parameter.</exception>
    public static Tensor GradientOf(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var parameters = ParametersOf(module);
        return Tensor.From([.. parameters.SelectMany(Gradient)], null, parameters[0].Device);

        static double[] Gradient(Tensor parameter) => parameter.GradUnseen?.ToDoubleArray() ?? new double[parameter.Count];
    }

    /// <summary>The gradient of a loss where the parameters stand. No gradient is left behind.</summary>
    internal static double[] GradientAt(Module module, Func<Tensor> loss)
    {
        module.ZeroGrad();
        using var scope = new TensorScope();
        loss().Backward();
        var gradient = GradientOf(module).ToDoubleArray();
        module.ZeroGrad();
        return gradient;
    }

    /// <summary>Measures something with the parameters at another point, and puts them back.</summary>
    internal static TResult At<TResult>(Module module, double[] point, Func<TResult> measure)
    {
        var parameters = ParametersOf(module);
        var before = Of(module).ToDoubleArray();
        Set(parameters, point);
        try
        {
            return measure();
        }
        finally
        {
            Set(parameters, before);
        }
    }

    /// <summary>Differences of float32 numbers have no digits left: they want the reference device.</summary>
    internal static void ThrowIfNotDouble(string operation, Module module)
    {
        foreach (var parameter in ParametersOf(module))
            if (parameter.Device.Precision < 64)
                throw new ArgumentException($"{operation} takes differences, which want double precision, and got a {module.GetType().Name} on {parameter.Device}: move it there with To(Device.Reference), and the data of its loss as well.");
    }

    private static IReadOnlyList<Tensor> ParametersOf(Module module)
        => module.Parameters() is { Count: > 0 } parameters ? parameters : throw new ArgumentException($"A {module.GetType().Name} has no parameter.");

    private static void Set(IReadOnlyList<Tensor> parameters, double[] numbers)
    {
        var at = 0;
        foreach (var parameter in parameters)
        {
            parameter.Device.Write(numbers.AsSpan(at, parameter.Count), parameter.ViewToOverwrite);
            at += parameter.Count;
        }
    }
}
