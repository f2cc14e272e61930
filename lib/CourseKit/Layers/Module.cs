namespace CourseKit;

/// <summary>
/// A piece of a network: a function of a tensor with parameters that are learned. Write your own by deriving from it,
/// giving <see cref="Forward"/>, and registering parameters and parts in the constructor.
/// </summary>
[TypeFormatterSource(typeof(ModuleFormatterSource))]
public abstract partial class Module
{
    private readonly List<(string Name, Tensor Parameter)> parameters = [];
    private readonly List<(string Name, Tensor Buffer)> buffers = [];
    private readonly List<(string Name, Module Part)> parts = [];

    /// <summary>Whether this is being trained (the default) or used; some layers behave differently.</summary>
    public bool IsTraining { get; internal set; } = true;

    /// <summary>The function itself. A module that needs more than one input, such as a graph, has another Forward and not this one.</summary>
    /// <exception cref="ShapeException">The input's shape does not fit.</exception>
    /// <exception cref="NotSupportedException">The module needs more than one input.</exception>
    public virtual Tensor Forward(Tensor input)
    {
        var others = GetType().GetMethods().Where(method => method.Name == nameof(Forward) && method.DeclaringType != typeof(Module))
            .Select(method => $"Forward({string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"))})").ToArray();
        throw new NotSupportedException(others.Length == 0
            ? $"{GetType().Name} has no Forward: a module of your own overrides Forward(Tensor input) and says there what it computes."
            : $"{GetType().Name} is not a function of one tensor, so it cannot stand in a Sequential: call {string.Join(" or ", others)}, in the Forward of a module of your own.");
    }

    /// <summary>Makes a tensor a parameter of this module: gradients flow to it and optimizers find it.</summary>
    /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
    protected Tensor Register(string name, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ThrowIfTaken(name);
        parameter.RequiresGrad = true;
        parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Makes a tensor a buffer of this module: saved and loaded with it, and not learned (a running average).</summary>
    /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
    protected Tensor RegisterBuffer(string name, Tensor buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ThrowIfTaken(name);
        buffers.Add((name, buffer.Keep()));
        return buffer;
    }

    /// <summary>Makes a module a part of this one, so that its parameters belong to it.</summary>
    /// <param name="name">Its name; one of a list has its number after a dot, layers.0.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the part is this module or made of it.</exception>
    protected TModule Register<TModule>(string name, TModule part) where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(part);
        ThrowIfTaken(name, isPart: true);
        if (part.All().Contains(this))
            throw new ArgumentException($"{GetType().Name} registers itself as its part {name}: a network that contains itself has no end.");
        parts.Add((name, part));
        return part;
    }

    // A path such as 0.weight names one tensor: state dictionaries and files rely on it.
    private void ThrowIfTaken(string name, bool isPart = false)
    {
        if (string.IsNullOrEmpty(name) || (!isPart && name.Contains('.', StringComparison.Ordinal)))
            throw new ArgumentException($"{GetType().Name} registers something under the name \"{name}\": a name is not empty and has no dot, which separates a part from what is in it.");
        if (parameters.Concat(buffers).Select(known => known.Item1).Concat(parts.Select(known => known.Name)).Contains(name))
            throw new ArgumentException($"{GetType().Name} registers two things under the name {name}: each needs a name of its own to be saved and loaded.");
    }

    /// <summary>Every parameter with its path, for example 0.weight.</summary>
    public IEnumerable<(string Name, Tensor Parameter)> NamedParameters()
        => parameters.Concat(parts.SelectMany(part => part.Part.NamedParameters().Select(inner => ($"{part.Name}.{inner.Name}", inner.Parameter))));

    /// <summary>Every buffer with its path, for example 1.running_mean.</summary>
    public IEnumerable<(string Name, Tensor Buffer)> NamedBuffers()
        => buffers.Concat(parts.SelectMany(part => part.Part.NamedBuffers().Select(inner => ($"{part.Name}.{inner.Name}", inner.Buffer))));

    /// <summary>The modules this one is made of, with their names.</summary>
    public IReadOnlyList<(string Name, Module Part)> Parts => parts;

    /// <summary>Every parameter, in the order of registration; one shared by two parts once, so that an optimizer changes it once.</summary>
    public IReadOnlyList<Tensor> Parameters() => [.. NamedParameters().Select(named => named.Parameter).Distinct()];

    /// <summary>How many numbers are learned; a parameter shared by two parts counts once.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Count);

    /// <summary>This module and all it is made of.</summary>
    internal IEnumerable<Module> All() => parts.SelectMany(part => part.Part.All()).Prepend(this);

    /// <summary>Parameters and buffers.</summary>
    internal IEnumerable<Tensor> Tensors() => NamedParameters().Concat(NamedBuffers()).Select(named => named.Item2);

    /// <summary>Moves all parameters and buffers to a device, in place, and forgets the gradients. Do this before an optimizer is made: its state stays where it is.</summary>
    /// <returns>This module.</returns>
    public Module To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ZeroGrad();
        foreach (var tensor in Tensors().Distinct())
            tensor.MoveTo(device);
        return this;
    }

    /// <summary>The model as a table, for an input of the given shape (with the batch): each module's output shape, parameters, memory and operations. Nothing is computed.</summary>
    /// <exception cref="ShapeException">The input's shape does not fit.</exception>
    /// <example><code>model.Summary(1, 3, 224, 224)</code></example>
    public ModelSummary Summary(params ReadOnlySpan<int> inputShape) => ModelSummary.Of(this, Shape.Create(inputShape));

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

    /// <summary>
    /// Switches to using instead of training. As in PyTorch, a forgotten call is not noticed: dropout goes on dropping and batch
    /// normalization goes on learning from what it sees. <see cref="Trainer"/> switches both ways by itself.
    /// </summary>
    /// <returns>This module.</returns>
    public Module Eval() => Train(false);
}
