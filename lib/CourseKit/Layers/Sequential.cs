using System.Globalization;

namespace CourseKit;

/// <summary>Modules one after another: the output of each is the input of the next.</summary>
/// <example><code>var model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));</code></example>
public sealed class Sequential : Module
{
    private readonly Module[] modules;

    /// <summary>Chains the modules.</summary>
    public Sequential(params Module[] modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        this.modules = modules;
        for (var i = 0; i < modules.Length; i++)
            Register($"{i}", modules[i] ?? throw new ArgumentException($"Sequential got null as module {i}: every place wants a module, Identity() for one that does nothing."));
    }

    /// <summary>One of the modules, by its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such module.</exception>
    public Module this[int index] => index >= 0 && index < modules.Length ? modules[index]
        : throw new ArgumentOutOfRangeException(null, $"Module {index} was asked for, but this Sequential has {(modules.Length == 0 ? "none" : $"the modules 0 to {modules.Length - 1}")}.");

    /// <summary>The number of modules.</summary>
    public int Count => modules.Length;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        for (var i = 0; i < modules.Length; i++)
        {
            // A layer and the ReLU after it are one step where the layer has one: nobody sees what is between them.
            if (modules[i] is IRectifiable layer && i + 1 < modules.Length && modules[i + 1] is ReLU && layer.ForwardRectified(input) is { } rectified)
                (input, i) = (rectified, i + 1);
            else
                input = modules[i].Forward(input);
        }
        return input;
    }

    /// <summary>One module a line, and the number of parameters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Sequential, {ParameterCount:N0} parameters\n") + string.Join('\n', modules.Select((module, i) => $"  ({i}) {module}"));
}

/// <summary>A layer that can compute itself and the ReLU after it in one step.</summary>
internal interface IRectifiable
{
    /// <summary>What ReLU makes of the layer's output, or null where the layer cannot do both at once.</summary>
    Tensor? ForwardRectified(Tensor input);
}
