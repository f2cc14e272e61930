namespace CourseKit;

/// <summary>What was not loaded: names that the module has and the file has not, and the other way round.</summary>
/// <param name="Missing">Parameters and buffers of the module that stayed as they were.</param>
/// <param name="Unexpected">Tensors that the module has no place for.</param>
public sealed record LoadReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    /// <summary>What is missing and unexpected, by name.</summary>
    public override string ToString() => Missing.Count + Unexpected.Count == 0 ? "All was loaded."
        : $"Not in the file: {List(Missing)}. Without a place in the module: {List(Unexpected)}.";

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);
}

public abstract partial class Module
{
    // PyTorch's batch normalization counts its batches; only its cumulative average, which the kit has not, reads the count.
    private const string BatchCounter = "num_batches_tracked";

    /// <summary>Every parameter and buffer by its path, under PyTorch's names: the tensors themselves, no copies.</summary>
    public Dictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in NamedParameters().Concat(NamedBuffers()))
            if (!state.TryAdd(name, tensor))
                throw new InvalidOperationException($"{GetType().Name} has registered two tensors under the name {name}: each needs a name of its own to be saved.");
        return state;
    }

    /// <summary>Writes every parameter and buffer into a safetensors file, which PyTorch reads too.</summary>
    /// <param name="path">The file; what was there is replaced once all is written.</param>
    /// <param name="metadata">Anything else worth keeping: the epoch, the accuracy.</param>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) => Safetensors.Save(path, StateDict(), metadata);

    /// <summary>Overwrites every parameter and buffer with what a safetensors file holds under its name. Where that fails, nothing is changed.</summary>
    /// <param name="path">The file; where there is none of this path it is looked for as <see cref="DataFiles.Find"/> does.</param>
    /// <param name="strict">Whether names must agree exactly. Otherwise what has the same name is loaded and the report tells the rest.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, a shape is another, or, where strict, a name is missing or unexpected; the message lists them.</exception>
    public LoadReport Load(string path, bool strict = true)
    {
        using var file = SafetensorsFile.Open(path);
        var state = StateDict();
        var report = Compare(state, [.. file.Entries.Select(entry => (entry.Name, entry.Shape))], file.Name, strict);
        var loaded = file.ReadAll(name => state.TryGetValue(name, out var tensor) ? tensor.Device : Device.Default);
        CopyInto(state, loaded);
        return report;
    }

    /// <summary>Overwrites every parameter and buffer with the tensor of its name, on any device, as <see cref="Load"/> does from a file.</summary>
    /// <exception cref="InvalidDataException">A shape is another, or, where strict, a name is missing or unexpected; the message lists them.</exception>
    public LoadReport LoadStateDict(IReadOnlyDictionary<string, Tensor> tensors, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var state = StateDict();
        var report = Compare(state, [.. tensors.Select(named => (named.Key, named.Value.Shape))], "The state dictionary", strict);
        CopyInto(state, tensors);
        return report;
    }

    private static void CopyInto(Dictionary<string, Tensor> state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var (name, tensor) in state)
            if (tensors.TryGetValue(name, out var value))
                tensor.CopyFrom(value);
    }

    private LoadReport Compare(Dictionary<string, Tensor> state, IReadOnlyList<(string Name, Shape Shape)> given, string source, bool strict)
    {
        var names = given.Select(tensor => tensor.Name).ToHashSet();
        var missing = state.Keys.Where(name => !names.Contains(name) && !IsBatchCounter(name)).ToList();
        var unexpected = given.Where(tensor => !state.ContainsKey(tensor.Name) && !IsBatchCounter(tensor.Name)).Select(tensor => tensor.Name).ToList();
        var others = given.Where(tensor => state.TryGetValue(tensor.Name, out var mine) && !mine.Shape.Equals(tensor.Shape))
            .Select(tensor => $"{tensor.Name} is {tensor.Shape} there and {state[tensor.Name].Shape} here").ToList();
        List<string> complaints = [];
        if (strict && missing.Count > 0)
            complaints.Add($"it lacks {List(missing)}");
        if (strict && unexpected.Count > 0)
            complaints.Add($"it has {List(unexpected)}, for which there is no place");
        if (others.Count > 0)
            complaints.Add($"shapes differ: {List(others)}");
        if (complaints.Count > 0)
            throw new InvalidDataException($"{source} does not fit this {GetType().Name}: {string.Join("; ", complaints)}. Build the model as it was when it was saved{(others.Count == 0 ? ", or load with strict: false what has the same name" : "")}.");
        return new LoadReport(missing, unexpected);

        static bool IsBatchCounter(string name) => name == BatchCounter || name.EndsWith($".{BatchCounter}", StringComparison.Ordinal);

        static string List(List<string> names) => names.Count <= 8 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(8))} and {names.Count - 8} more";
    }
}
