using ILGPU;

namespace CourseKit;

/// <summary>A cell and the width of its layer.</summary>
internal readonly struct CellOf<TCell>(TCell cell, int width) where TCell : struct, IRecurrentCell
{
    public readonly TCell Cell = cell;
    public readonly int Width = width;
}

/// <summary>What a step of a recurrent layer was computed from.</summary>
internal readonly struct CellInputs(ArrayView<float> x, ArrayView<float> h, ArrayView<float> state)
{
    public readonly ArrayView<float> X = x, H = h, State = state;
}

// One thread for each hidden unit of each example.
internal static class RecurrenceKernels
{
    public static void Step<TCell>(Index1D i, ArrayView<float> x, ArrayView<float> h, ArrayView<float> state, ArrayView<float> output, ArrayView<float> newState, CellOf<TCell> of) where TCell : struct, IRecurrentCell
    {
        int row = i / of.Width, unit = i % of.Width, gates = of.Cell.GateCount;
        var (y, after) = of.Cell.Forward(GatesOf(x, row, unit, gates, of.Width), GatesOf(h, row, unit, gates, of.Width), (double)state[i]);
        newState[i] = (float)after;
        output[i] = (float)y;
    }

    public static void StepBackward<TCell>(Index1D i, CellInputs inputs, ArrayView<float> dOutput, ArrayView<float> dState, ArrayView<float> dx, ArrayView<float> dh, CellOf<TCell> of) where TCell : struct, IRecurrentCell
    {
        int row = i / of.Width, unit = i % of.Width, gates = of.Cell.GateCount;
        var (ofX, ofH, before) = of.Cell.Backward(GatesOf(inputs.X, row, unit, gates, of.Width), GatesOf(inputs.H, row, unit, gates, of.Width), (double)inputs.State[i], (double)dOutput[i], (double)dState[i]);
        SetGates(dx, ofX, row, unit, gates, of.Width);
        SetGates(dh, ofH, row, unit, gates, of.Width);
        dState[i] = (float)before;
    }

    private static Gates<double> GatesOf(ArrayView<float> numbers, int row, int unit, int gates, int width)
    {
        var at = row * gates * width + unit;
        return new(
            numbers[at],
            gates > 1 ? numbers[at + width] : 0,
            gates > 2 ? numbers[at + 2 * width] : 0,
            gates > 3 ? numbers[at + 3 * width] : 0);
    }

    private static void SetGates(ArrayView<float> numbers, Gates<double> values, int row, int unit, int gates, int width)
    {
        var at = row * gates * width + unit;
        numbers[at] = (float)values.A;
        if (gates > 1)
            numbers[at + width] = (float)values.B;
        if (gates > 2)
            numbers[at + 2 * width] = (float)values.C;
        if (gates > 3)
            numbers[at + 3 * width] = (float)values.D;
    }
}
