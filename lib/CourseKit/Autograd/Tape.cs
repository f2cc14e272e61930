namespace CourseKit;

/// <summary>One recorded operation: its operands, and how its result's gradient becomes theirs.</summary>
internal sealed class TapeNode(Action<Tensor> backward, Tensor a, Tensor? b)
{
    private static long count;

    /// <summary>Operations are numbered as they are made, so descending numbers are an order in which every result comes before its operands.</summary>
    public long Number { get; } = Interlocked.Increment(ref count);

    public Action<Tensor>? Backward { get; private set; } = backward;
    public Tensor? A { get; private set; } = a;
    public Tensor? B { get; private set; } = b;

    public bool IsUsed => Backward is null;

    /// <summary>Lets go of the operands: the memory of a used tape is free.</summary>
    public void MarkUsed() => (Backward, A, B) = (null, null, null);
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
                tensor.Node!.Backward!(tensor);
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
