namespace CourseKit;

/// <summary>
/// While a scope is open on a thread, the memory of every tensor made there is given back at the scope's end, so a training
/// loop runs in the same few blocks at every step. What must outlive the scope is kept with <see cref="Tensor.Keep"/>;
/// parameters, their gradients and an optimizer's state outlive it by themselves. Outside scopes the collector owns the memory.
/// </summary>
/// <example><code>
/// using (new TensorScope())
/// {
///     var loss = model.Forward(x).Mean();
///     loss.Backward();
///     optimizer.Step();
///     total += loss.Item();
/// }
/// </code></example>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? current;

    // The list of a closed scope serves the next one: a scope at every step allocates next to nothing.
    [ThreadStatic]
    private static List<Storage>? spare;

    private readonly TensorScope? outer;
    private readonly List<Storage> storages;
    private bool closed;

    /// <summary>Opens a scope on this thread; scopes nest.</summary>
    public TensorScope()
    {
        outer = current;
        storages = spare ?? [];
        spare = null;
        current = this;
    }

    internal static TensorScope? Current => current;

    internal void Own(Storage storage)
    {
        storage.Scope = this;
        storages.Add(storage);
    }

    /// <summary>Gives the memory back. A tensor of this scope that is read afterwards says so.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later is still open, or this is another thread.</exception>
    public void Dispose()
    {
        if (closed)
            return;
        if (current != this)
            throw new InvalidOperationException("Scopes close in the reverse order of opening, on the thread that opened them: use `using`.");
        closed = true;
        current = outer;
        foreach (var storage in storages)
            if (storage.Scope == this)
                storage.Device.Return(storage);
        storages.Clear();
        spare = storages;
    }
}
