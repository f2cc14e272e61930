namespace CourseKit;

/// <summary>One recorded operation: its operands, and how its result's gradient becomes theirs.</summary>
internal sealed class TapeNode
{
    private static long count;

    // Nearly every operation has one or two operands; a list is made only for those with more.
    private readonly int versionOfResult, versionOfA, versionOfB;
    private readonly int[]? versionsOfMore;

    public TapeNode(Action<Tensor> backward, Tensor result, Tensor a, Tensor? b, Tensor[]? more)
    {
        (Backward, A, B, More) = (backward, a, b, more);
        (versionOfResult, versionOfA, versionOfB) = (result.Version, a.Version, b?.Version ?? 0);
        versionsOfMore = more is null ? null : [.. more.Select(operand => operand.Version)];
    }

    /// <summary>Operations are numbered as they are made, so descending numbers are an order in which every result comes before its operands.</summary>
    public long Number { get; } = Interlocked.Increment(ref count);

    public Action<Tensor>? Backward { get; private set; }
    public Tensor? A { get; private set; }
    public Tensor? B { get; private set; }

    /// <summary>The operands after the first two.</summary>
    public Tensor[]? More { get; private set; }

    public bool IsUsed => Backward is null;

    /// <summary>Lets go of the operands: the memory of a used tape is free.</summary>
    public void MarkUsed() => (Backward, A, B, More) = (null, null, null, null);

    /// <summary>A derivative is computed from the numbers the operation saw: were they overwritten since, it would be silently wrong.</summary>
    /// <exception cref="InvalidOperationException">An operand or the result was changed in place.</exception>
    public void ThrowIfChanged(Tensor result)
    {
        Check(result, versionOfResult);
        Check(A!, versionOfA);
        if (B is not null)
            Check(B, versionOfB);
        for (var i = 0; i < More?.Length; i++)
            Check(More[i], versionsOfMore![i]);

        static void Check(Tensor tensor, int version)
        {
            if (tensor.Version != version)
                throw new InvalidOperationException($"A tensor of shape {tensor.Shape} was changed in place between the forward pass and Backward, so its gradient would be wrong: call Backward before the optimizer's Step or CopyFrom, or compute the loss again after the change.");
        }
    }
}

/// <summary>The backward pass: reverse-mode differentiation (Linnainmaa 1970) over the operations recorded as they ran.</summary>
internal static class Tape
{
    [ThreadStatic]
    private static List<Tensor>? reachable;

    [ThreadStatic]
    private static HashSet<Tensor>? visited;

    public static void Walk(Tensor loss)
    {
        var order = reachable ??= [];
        var seen = visited ??= [];
        try
        {
            Collect(loss, order, seen);
            order.Sort(static (x, y) => y.Node!.Number.CompareTo(x.Node!.Number));
            foreach (var tensor in order)
            {
                tensor.Node!.ThrowIfChanged(tensor);
                tensor.Node.Backward!(tensor);
                tensor.DropIntermediateGrad();
            }
            foreach (var tensor in order)
                tensor.Node!.MarkUsed();
        }
        finally
        {
            order.Clear();
            seen.Clear();
        }
    }

    /// <summary>Finds every recorded result that the loss depends on. The list is its own stack: a recurrent network's tape is deeper than a thread's.</summary>
    private static void Collect(Tensor loss, List<Tensor> order, HashSet<Tensor> seen)
    {
        Visit(loss, order, seen);
        for (var i = 0; i < order.Count; i++)
        {
            var node = order[i].Node!;
            Visit(node.A, order, seen);
            Visit(node.B, order, seen);
            foreach (var operand in node.More ?? [])
                Visit(operand, order, seen);
        }
    }

    private static void Visit(Tensor? tensor, List<Tensor> order, HashSet<Tensor> seen)
    {
        if (tensor?.Node is not { } node || !tensor.RequiresGrad || !seen.Add(tensor))
            return;
        if (node.IsUsed)
            throw new InvalidOperationException("Backward was already called on this result and its tape is used up: compute the loss again before calling Backward again.");
        order.Add(tensor);
    }
}
