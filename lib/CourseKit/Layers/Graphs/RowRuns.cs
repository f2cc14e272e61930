namespace CourseKit;

/// <summary>Runs of neighbouring rows, such as the nodes of each graph or the edges that arrive at each node.</summary>
internal static class RowRuns
{
    /// <summary>
    /// The largest number in each column of every run that has rows: (rows x columns) to (such runs x columns). By doubling:
    /// after k steps each row holds the largest of itself and the 2^k - 1 rows after it in its run, so a run of n rows takes
    /// log2 n steps, all of them operations of the device.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="starts">Where each run begins, and after the last one the number of rows.</param>
    public static Tensor Max(Tensor x, ReadOnlySpan<int> starts)
    {
        var last = new int[x.Shape[0]];
        var first = new List<int>();
        var longest = 0;
        for (var run = 0; run + 1 < starts.Length; run++)
        {
            last.AsSpan(starts[run]..starts[run + 1]).Fill(starts[run + 1] - 1);
            longest = Math.Max(longest, starts[run + 1] - starts[run]);
            if (starts[run] < starts[run + 1])
                first.Add(starts[run]);
        }
        for (var step = 1; step < longest; step *= 2)
            x = Tensor.Maximum(x, x.Rows(IntTensor.From([.. last.Select((end, row) => Math.Min(row + step, end))])));
        return x.Rows(IntTensor.From([.. first]));
    }
}
