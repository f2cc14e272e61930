namespace CourseKit;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    public override void RecurrentStep<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView output, StorageView newState, int rows, int width)
    {
        var gates = cell.GateCount;
        for (var row = 0; row < rows; row++)
            for (var unit = 0; unit < width; unit++)
            {
                var at = row * width + unit;
                var (y, after) = cell.Forward(GatesOf(Of(x), row, unit, gates, width), GatesOf(Of(h), row, unit, gates, width), Of(state)[at]);
                Of(newState)[at] = after;
                Of(output)[at] = y;
            }
    }

    /// <inheritdoc/>
    public override void RecurrentStepBackward<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView dOutput, StorageView dState, StorageView dx, StorageView dh, int rows, int width)
    {
        var gates = cell.GateCount;
        for (var row = 0; row < rows; row++)
            for (var unit = 0; unit < width; unit++)
            {
                var at = row * width + unit;
                var (ofX, ofH, before) = cell.Backward(GatesOf(Of(x), row, unit, gates, width), GatesOf(Of(h), row, unit, gates, width), Of(state)[at], Of(dOutput)[at], Of(dState)[at]);
                SetGates(Of(dx), ofX, row, unit, gates, width);
                SetGates(Of(dh), ofH, row, unit, gates, width);
                Of(dState)[at] = before;
            }
    }

    private static Gates<double> GatesOf(ReadOnlySpan<double> numbers, int row, int unit, int gates, int width)
    {
        Span<double> four = stackalloc double[4];
        for (var gate = 0; gate < gates; gate++)
            four[gate] = numbers[(row * gates + gate) * width + unit];
        return new(four[0], four[1], four[2], four[3]);
    }

    private static void SetGates(Span<double> numbers, Gates<double> values, int row, int unit, int gates, int width)
    {
        ReadOnlySpan<double> four = [values.A, values.B, values.C, values.D];
        for (var gate = 0; gate < gates; gate++)
            numbers[(row * gates + gate) * width + unit] = four[gate];
    }
}
