using ILGPU;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    /// <inheritdoc/>
    public override void Fill(StorageView target, double value) => Kernels.Run(ElementwiseKernels.Fill, target.Length, Of(target), (float)value);

    /// <inheritdoc/>
    public override void Copy(StorageView source, StorageView target, bool accumulate)
        => Kernels.Run(ElementwiseKernels.Copy, source.Length, Of(source), Of(target), accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void CopyStrided(StorageView source, StorageView target, in StridePlan plan, bool accumulate)
    {
        var walk = new Walk { FirstStart = plan.SourceStart, SecondStart = plan.TargetStart };
        var meetsAgain = false;
        for (var axis = 0; axis < plan.Rank; axis++)
        {
            var (length, sourceStep, targetStep) = plan[axis];
            walk.Set(axis, length, sourceStep, targetStep);
            meetsAgain |= targetStep == 0 && length > 1;
        }
        if (meetsAgain || OverlapsItself(plan))
            Kernels.Run(ElementwiseKernels.CopyStridedInOrder, Math.Min(1, plan.Count), Of(source), Of(target), walk, plan.Count, accumulate ? 1 : 0);
        else
            Kernels.Run(ElementwiseKernels.CopyStrided, plan.Count, Of(source), Of(target), walk, accumulate ? 1 : 0);
    }

    /// <summary>Whether a walk may meet a number of the target twice: sorted by their steps, each axis must step beyond all that those before it cover.</summary>
    private static bool OverlapsItself(in StridePlan plan)
    {
        var axes = new (int Step, int Length)[plan.Rank];
        for (var axis = 0; axis < plan.Rank; axis++)
            axes[axis] = (Math.Abs(plan[axis].TargetStep), plan[axis].Length);
        Array.Sort(axes);
        var covered = 1;
        foreach (var (step, length) in axes)
        {
            if (length > 1 && step < covered)
                return true;
            covered += step * (length - 1);
        }
        return false;
    }

    /// <inheritdoc/>
    public override void Map<TOperation>(TOperation operation, StorageView x, StorageView y)
        => Kernels.Run(ElementwiseKernels.Map<TOperation>, x.Length, Of(x), Of(y), operation);

    /// <inheritdoc/>
    public override void MapBackward<TOperation>(TOperation operation, StorageView x, StorageView y, StorageView dy, StorageView dx, bool accumulate)
        => Kernels.Run(ElementwiseKernels.MapBackward<TOperation>, x.Length, Of(x), Of(y), Of(dy), Of(dx), operation, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void Zip<TOperation>(TOperation operation, StorageView a, StorageView b, StorageView y, in BroadcastPlan plan)
        => Kernels.Run(ElementwiseKernels.Zip<TOperation>, y.Length, Of(a), Of(b), Of(y), WalkOf(plan), operation);

    /// <inheritdoc/>
    public override void ZipBackward<TOperation>(TOperation operation, bool left, StorageView a, StorageView b, StorageView dy, StorageView d, in BroadcastPlan plan, bool accumulate)
        => Kernels.Run(ElementwiseKernels.ZipBackward<TOperation>, d.Length, Of(a), Of(b), Of(dy), Of(d), WalkOf(plan), new ZipPart<TOperation>(operation, left, accumulate));

    private static Walk WalkOf(in BroadcastPlan plan)
    {
        var walk = new Walk();
        for (var axis = 0; axis < plan.Rank; axis++)
        {
            var (length, left, right) = plan[axis];
            walk.Set(axis, length, left, right);
        }
        return walk;
    }

    /// <inheritdoc/>
    public override void Update<TStep>(TStep step, StorageView parameter, StorageView gradient, in UpdateState<StorageView> state)
    {
        var parameters = Of(parameter);
        var kept = (state.First.Storage is null ? 0 : 1) + (state.Second.Storage is null ? 0 : 2) + (state.Third.Storage is null ? 0 : 4);
        var memory = new StateViews(OfOptional(state.First, parameters), OfOptional(state.Second, parameters), OfOptional(state.Third, parameters), kept);
        Kernels.Run(UpdateKernels.Update<TStep>, parameter.Length, parameters, Of(gradient), memory, step);
    }

    /// <inheritdoc/>
    public override void RecurrentStep<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView output, StorageView newState, int rows, int width)
        => Kernels.Run(RecurrenceKernels.Step<TCell>, rows * width, Of(x), Of(h), Of(state), Of(output), Of(newState), new CellOf<TCell>(cell, width));

    /// <inheritdoc/>
    public override void RecurrentStepBackward<TCell>(TCell cell, StorageView x, StorageView h, StorageView state, StorageView dOutput, StorageView dState, StorageView dx, StorageView dh, int rows, int width)
        => Kernels.Run(RecurrenceKernels.StepBackward<TCell>, rows * width, new CellInputs(Of(x), Of(h), Of(state)), Of(dOutput), Of(dState), Of(dx), Of(dh), new CellOf<TCell>(cell, width));
}
