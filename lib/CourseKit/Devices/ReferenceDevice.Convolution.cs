namespace CourseKit;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    public override void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate)
    {
        var xs = Of(x);
        var weights = Of(weight);
        var ys = Of(y);
        if (!accumulate)
            ys.Clear();
        foreach (var (atX, atWeight, atY) in Products(plan))
            ys[atY] += weights[atWeight] * (atX is { } at ? xs[at] : 0);
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate)
    {
        var dys = Of(dy);
        var weights = Of(weight);
        var dxs = Of(dx);
        if (!accumulate)
            dxs.Clear();
        foreach (var (atX, atWeight, atY) in Products(plan))
            if (atX is { } at)
                dxs[at] += weights[atWeight] * dys[atY];
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate)
    {
        var xs = Of(x);
        var dys = Of(dy);
        var dws = Of(dw);
        if (!accumulate)
            dws.Clear();
        foreach (var (atX, atWeight, atY) in Products(plan))
            dws[atWeight] += dys[atY] * (atX is { } at ? xs[at] : 0);
    }

    /// <summary>Every product weight * x that a convolution adds to a y: where the three numbers stand, and no x where the window sees padding, which is 0. Its derivatives are sums over the same products.</summary>
    private static IEnumerable<(int? X, int Weight, int Y)> Products(ConvolutionPlan plan)
    {
        for (var image = 0; image < plan.Batch; image++)
            for (var output = 0; output < plan.OutputChannels; output++)
                for (var row = 0; row < plan.Rows.Output; row++)
                    for (var column = 0; column < plan.Columns.Output; column++)
                        for (var input = 0; input < plan.InputsPerGroup; input++)
                            for (var k = 0; k < plan.Rows.Kernel; k++)
                                for (var l = 0; l < plan.Columns.Kernel; l++)
                                {
                                    var channel = output / plan.OutputsPerGroup * plan.InputsPerGroup + input;
                                    var seesInput = plan.Rows.IsInside(row, k) && plan.Columns.IsInside(column, l);
                                    yield return (
                                        seesInput ? ((image * plan.InputChannels + channel) * plan.Rows.Input + plan.Rows.InputAt(row, k)) * plan.Columns.Input + plan.Columns.InputAt(column, l) : null,
                                        ((output * plan.InputsPerGroup + input) * plan.Rows.Kernel + k) * plan.Columns.Kernel + l,
                                        ((image * plan.OutputChannels + output) * plan.Rows.Output + row) * plan.Columns.Output + column);
                                }
    }

    /// <inheritdoc/>
    public override void MaxPool(StorageView x, StorageView y, StorageView places, in PoolingPlan plan)
    {
        var positions = Of(places);
        var xs = Of(x);
        var ys = Of(y);
        for (var image = 0; image < plan.Images; image++)
            for (var row = 0; row < plan.Rows.Output; row++)
                for (var column = 0; column < plan.Columns.Output; column++)
                {
                    var best = -1;
                    for (var k = 0; k < plan.Rows.Kernel; k++)
                        for (var l = 0; l < plan.Columns.Kernel; l++)
                        {
                            if (!plan.Rows.IsInside(row, k) || !plan.Columns.IsInside(column, l))
                                continue;
                            var at = (image * plan.Rows.Input + plan.Rows.InputAt(row, k)) * plan.Columns.Input + plan.Columns.InputAt(column, l);
                            if (best < 0 || xs[at] > xs[best] || double.IsNaN(xs[at]))
                                best = at;
                        }
                    var to = (image * plan.Rows.Output + row) * plan.Columns.Output + column;
                    ys[to] = xs[best];
                    positions[to] = best;
                }
    }

    /// <inheritdoc/>
    public override void MaxPoolBackward(StorageView dy, StorageView places, StorageView dx, in PoolingPlan plan)
    {
        var positions = Of(places);
        for (var i = 0; i < dy.Length; i++)
            Of(dx)[(int)positions[i]] += Of(dy)[i];
    }
}
