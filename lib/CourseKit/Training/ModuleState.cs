namespace CourseKit;

/// <summary>A copy of all that a module has learned and remembers: parameters and buffers by their paths.</summary>
internal static class ModuleState
{
    /// <summary>A copy of the module's state, in the memory of an earlier copy where there is one.</summary>
    public static Dictionary<string, Tensor> Of(Module module, Dictionary<string, Tensor>? into = null)
    {
        if (into is null)
            return Tensors(module).ToDictionary(named => named.Name, named => named.Tensor.Clone().Keep());
        foreach (var (name, tensor) in Tensors(module))
            into[name].CopyFrom(tensor);
        return into;
    }

    /// <summary>Puts a copy back, in place.</summary>
    public static void Restore(Module module, IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (name, tensor) in Tensors(module))
            tensor.CopyFrom(state[name]);
    }

    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(Module module)
    {
        foreach (var (name, parameter) in module.NamedParameters())
            yield return (name, parameter);
        foreach (var (name, buffer) in module.NamedBuffers())
            yield return (name, buffer);
    }
}
