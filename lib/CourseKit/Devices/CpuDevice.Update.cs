using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void Update<TStep>(TStep step, StorageView parameter, StorageView gradient, in UpdateState<StorageView> state)
    {
        if (WorthThreads(parameter.Length))
            UpdateInChunks(step, parameter, gradient, state);
        else
            UpdateOne(step, parameter, gradient, state);
    }

    private void UpdateInChunks<TStep>(TStep step, StorageView parameter, StorageView gradient, UpdateState<StorageView> state) where TStep : struct, IUpdateStep
        => InChunks(parameter.Length, (start, length) => UpdateOne(step, Part(parameter, start, length), Part(gradient, start, length),
            new(Part(state.First, start, length), Part(state.Second, start, length), Part(state.Third, start, length))));

    private static void UpdateOne<TStep>(TStep step, StorageView parameter, StorageView gradient, in UpdateState<StorageView> state) where TStep : struct, IUpdateStep
    {
        var length = parameter.Length;
        ref var parameters = ref First(parameter);
        ref var gradients = ref First(gradient);
        // What is not kept is neither read nor written.
        ref var first = ref FirstOrNone(state.First);
        ref var second = ref FirstOrNone(state.Second);
        ref var third = ref FirstOrNone(state.Third);
        for (var i = 0; i < length; i += Lanes.Width)
        {
            var p = Lanes.Load(ref parameters, i, length);
            var s = new UpdateState<Vector512<float>>(LoadKept(ref first, i, length), LoadKept(ref second, i, length), LoadKept(ref third, i, length));
            step.Step(ref p, Lanes.Load(ref gradients, i, length), ref s);
            Lanes.Store(p, ref parameters, i, length);
            StoreKept(s.First, ref first, i, length);
            StoreKept(s.Second, ref second, i, length);
            StoreKept(s.Third, ref third, i, length);
        }
    }

    private static ref float FirstOrNone(StorageView view)
    {
        if (view.Storage is null)
            return ref Unsafe.NullRef<float>();
        return ref First(view);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LoadKept(ref float start, int index, int length)
        => Unsafe.IsNullRef(ref start) ? Vector512<float>.Zero : Lanes.Load(ref start, index, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreKept(Vector512<float> value, ref float start, int index, int length)
    {
        if (!Unsafe.IsNullRef(ref start))
            Lanes.Store(value, ref start, index, length);
    }
}
