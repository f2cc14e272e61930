namespace CourseKit;

/// <summary>
/// A piece of a network: a function of a tensor with parameters that are learned. Write your own by deriving from it,
/// giving <see cref="Forward"/>, and registering parameters and parts in the constructor.
/// </summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public abstract class Module
{
    private readonly List<(string Name, Tensor Parameter)> parameters = [];
    private readonly List<(string Name, Module Part)> parts = [];

    /// <summary>Whether this is being trained (the default) or used; some layers behave differently.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The function itself.</summary>
    /// <exception cref="ShapeException">The input's shape does not fit.</exception>
    public abstract Tensor Forward(Tensor input);

    /// <summary>Makes a tensor a parameter of this module: gradients flow to it and optimizers find it.</summary>
    protected Tensor Register(string name, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.RequiresGrad = true;
        parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Makes a module a part of this one, so that its parameters belong to it.</summary>
    protected TModule Register<TModule>(string name, TModule part) where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(part);
        parts.Add((name, part));
        return part;
    }

    /// <summary>Every parameter with its path, for example 0.weight.</summary>
    public IEnumerable<(string Name, Tensor Parameter)> NamedParameters()
        => parameters.Concat(parts.SelectMany(part => part.Part.NamedParameters().Select(inner => ($"{part.Name}.{inner.Name}", inner.Parameter))));

    /// <summary>Every parameter, in the order of registration.</summary>
    public IReadOnlyList<Tensor> Parameters() => [.. NamedParameters().Select(named => named.Parameter)];

    /// <summary>How many numbers are learned.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Count);

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, parameter) in NamedParameters())
            parameter.ZeroGrad();
    }

    /// <summary>Switches this module and its parts to training, or out of it.</summary>
    /// <returns>This module.</returns>
    public Module Train(bool training = true)
    {
        IsTraining = training;
        foreach (var (_, part) in parts)
            part.Train(training);
        return this;
    }

    /// <summary>Switches to using instead of training.</summary>
    /// <returns>This module.</returns>
    public Module Eval() => Train(false);
}
