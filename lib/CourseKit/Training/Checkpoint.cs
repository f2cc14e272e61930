using System.Globalization;

namespace CourseKit;

/// <summary>
/// Saves all that training needs to go on, in one safetensors file: parameters and buffers, the optimizer's state, the
/// history, what callbacks remember, and where the generators stand. Training that is resumed from it ends with the same
/// bits as training that was never interrupted. The file appears whole or not at all.
/// </summary>
/// <example><code>
/// // Run again after a crash, this goes on where the last saved epoch ended.
/// Trainer.Fit(model, loss, optimizer, loader, epochs: 100, validation, callbacks: [new Checkpoint("run.safetensors", every: 5, resume: true)]);
/// </code></example>
/// <param name="path">The file; each save replaces the one before.</param>
/// <param name="every">Epochs from one save to the next; the last epoch is always saved.</param>
/// <param name="resume">
/// Whether to go on from the file, where there is one: it must have been saved with the same model, optimizer and data.
/// Otherwise training begins anew and overwrites it.
/// </param>
/// <param name="generators">Generators beside those known by themselves, the loader's and <see cref="Generator.Default"/>: one that a dropout or an augmentation was given, in the same order at each run.</param>
public sealed class Checkpoint(string path, int every = 1, bool resume = false, IReadOnlyList<Generator>? generators = null) : TrainingCallback
{
    private readonly int every = TrainingCheck.Every("Checkpoint", every);

    internal override bool ComesLast => true;

    /// <inheritdoc/>
    public override void OnStart(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (resume && File.Exists(path))
            Load(run);
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Epoch % every == 0 || run.Epoch == run.Epochs || run.StopReason is not null)
            Save(run);
    }

    private void Save(TrainingRun run)
    {
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (prefix, state) in Parts(run))
            foreach (var (name, tensor) in state)
                tensors.Add(prefix + name, tensor);
        var metadata = new Dictionary<string, string> { ["epochs"] = run.EpochsDone.ToString(CultureInfo.InvariantCulture) };
        if (run.StopReason is { } reason)
            metadata["stop_reason"] = reason;
        var known = Generators(run);
        for (var i = 0; i < known.Count; i++)
            metadata[$"generator.{i}"] = Text(known[i].State);
        Safetensors.Save(path, tensors, metadata);
    }

    /// <summary>What is saved, each part under a prefix of its own.</summary>
    private IEnumerable<(string Prefix, IReadOnlyDictionary<string, Tensor> State)> Parts(TrainingRun run)
    {
        yield return ("model.", run.Model.StateDict());
        yield return ("optimizer.", run.Optimizer.StateDict());
        var history = run.History;
        yield return ("history.", new Dictionary<string, Tensor> { ["loss"] = Exact(history.Loss), ["validation_loss"] = Exact(history.ValidationLoss) });
        yield return ("series.", history.Series.ToDictionary(named => named.Key, named => Exact(named.Value)));
        foreach (var (prefix, callback) in Callbacks(run))
            yield return (prefix, callback.StateDict());
    }

    private void Load(TrainingRun run)
    {
        using var file = SafetensorsFile.Open(path);
        // Numbers in double precision are losses, rates and counts: they stay exact on the reference device.
        var isDouble = file.Entries.ToDictionary(entry => entry.Name, entry => entry.Format == NumberFormat.Float64);
        var tensors = file.ReadAll(name => isDouble[name] ? Device.Reference : Device.Cpu);
        IReadOnlyDictionary<string, Tensor> Part(string prefix) => tensors.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(named => named.Key[prefix.Length..], named => named.Value);
        var (history, known) = (Part("history."), Generators(run));
        TrainingCheck.IsCheckpoint(path, history.Keys, file.Metadata.Keys.Count(name => name.StartsWith("generator.", StringComparison.Ordinal)), known.Count);

        run.Model.LoadStateDict(Part("model."));
        run.Optimizer.LoadStateDict(Part("optimizer."));
        foreach (var (prefix, callback) in Callbacks(run))
            if (Part(prefix) is { Count: > 0 } state) // a callback that was not there begins anew
                callback.LoadStateDict(state);
        for (var i = 0; i < known.Count; i++)
            known[i].GoOnFrom(State(file.Metadata.GetValueOrDefault($"generator.{i}")));
        run.Resume(new TrainingHistory(history["loss"].ToDoubleArray(), history["validation_loss"].ToDoubleArray())
        {
            Series = Part("series.").ToDictionary(named => named.Key, named => (IReadOnlyList<double>)named.Value.ToDoubleArray()),
            StopReason = file.Metadata.GetValueOrDefault("stop_reason"),
        });
    }

    private IReadOnlyList<Generator> Generators(TrainingRun run) => [run.Loader.Generator, Generator.Default, .. generators ?? []];

    /// <summary>The other callbacks, each with a name that stays the same when one of another kind is added.</summary>
    private IEnumerable<(string Prefix, TrainingCallback Callback)> Callbacks(TrainingRun run)
        => run.Callbacks.Where(callback => callback != this).GroupBy(callback => callback.GetType().Name)
            .SelectMany(kind => kind.Select((callback, i) => ($"callback.{kind.Key}.{i}.", callback)));

    private static Tensor Exact(IReadOnlyList<double> numbers) => Tensor.From((double[])[.. numbers], null, Device.Reference);

    // A normal number that waits is written as its bits: NaN, where none does, comes back too.
    private static string Text(GeneratorState state)
        => string.Create(CultureInfo.InvariantCulture, $"{state.Seed} {state.Position} {BitConverter.DoubleToUInt64Bits(state.SpareNormal)}");

    private GeneratorState State(string? text)
    {
        var words = text?.Split(' ') ?? [];
        var numbers = words.Select(word => ulong.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : (ulong?)null).OfType<ulong>().ToArray();
        TrainingCheck.IsGeneratorState(path, numbers.Length);
        return new GeneratorState(numbers[0], numbers[1], BitConverter.UInt64BitsToDouble(numbers[2]));
    }
}
