using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

// A step in time is short and the next one waits for it, so it runs on one thread: 16 hidden units of one example at a time.
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void RecurrentStep<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView output, StorageView newState, int rows, int width)
    {
        ref var xs = ref First(x);
        ref var hs = ref First(h);
        ref var states = ref First(state);
        ref var outputs = ref First(output);
        ref var newStates = ref First(newState);
        for (var row = 0; row < rows; row++)
        {
            ref var before = ref Unsafe.Add(ref states, row * width);
            ref var after = ref Unsafe.Add(ref newStates, row * width);
            ref var y = ref Unsafe.Add(ref outputs, row * width);
            for (var unit = 0; unit < width; unit += Lanes.Width)
            {
                var result = cell.Forward(LoadGates(cell, ref xs, row, unit, width), LoadGates(cell, ref hs, row, unit, width), Lanes.Load(ref before, unit, width));
                Lanes.Store(result.State, ref after, unit, width);
                Lanes.Store(result.Output, ref y, unit, width);
            }
        }
    }

    /// <inheritdoc/>
    public override void RecurrentStepBackward<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView dOutput, StorageView dState, StorageView dx, StorageView dh, int rows, int width)
    {
        ref var xs = ref First(x);
        ref var hs = ref First(h);
        ref var states = ref First(state);
        ref var dOutputs = ref First(dOutput);
        ref var dStates = ref First(dState);
        ref var dxs = ref First(dx);
        ref var dhs = ref First(dh);
        for (var row = 0; row < rows; row++)
        {
            ref var before = ref Unsafe.Add(ref states, row * width);
            ref var dy = ref Unsafe.Add(ref dOutputs, row * width);
            ref var d = ref Unsafe.Add(ref dStates, row * width);
            for (var unit = 0; unit < width; unit += Lanes.Width)
            {
                var result = cell.Backward(LoadGates(cell, ref xs, row, unit, width), LoadGates(cell, ref hs, row, unit, width),
                    Lanes.Load(ref before, unit, width), Lanes.Load(ref dy, unit, width), Lanes.Load(ref d, unit, width));
                StoreGates(cell, result.X, ref dxs, row, unit, width);
                StoreGates(cell, result.H, ref dhs, row, unit, width);
                Lanes.Store(result.State, ref d, unit, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Gates<Vector512<float>> LoadGates<TCell>(TCell cell, ref float start, int row, int unit, int width) where TCell : struct, IRecurrentCell
    {
        ref var first = ref Unsafe.Add(ref start, (nint)row * cell.GateCount * width);
        return new(
            Lanes.Load(ref first, unit, width),
            cell.GateCount > 1 ? Lanes.Load(ref Unsafe.Add(ref first, width), unit, width) : default,
            cell.GateCount > 2 ? Lanes.Load(ref Unsafe.Add(ref first, 2 * width), unit, width) : default,
            cell.GateCount > 3 ? Lanes.Load(ref Unsafe.Add(ref first, 3 * width), unit, width) : default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreGates<TCell>(TCell cell, Gates<Vector512<float>> gates, ref float start, int row, int unit, int width) where TCell : struct, IRecurrentCell
    {
        ref var first = ref Unsafe.Add(ref start, (nint)row * cell.GateCount * width);
        Lanes.Store(gates.A, ref first, unit, width);
        if (cell.GateCount > 1)
            Lanes.Store(gates.B, ref Unsafe.Add(ref first, width), unit, width);
        if (cell.GateCount > 2)
            Lanes.Store(gates.C, ref Unsafe.Add(ref first, 2 * width), unit, width);
        if (cell.GateCount > 3)
            Lanes.Store(gates.D, ref Unsafe.Add(ref first, 3 * width), unit, width);
    }
}
