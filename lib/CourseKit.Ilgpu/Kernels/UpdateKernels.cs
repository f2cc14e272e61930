using ILGPU;

namespace CourseKit;

/// <summary>What an optimizer remembers; a part that it does not keep is some other view, which is neither read nor written.</summary>
internal readonly struct StateViews(ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, int kept)
{
    public readonly ArrayView<float> First = first, Second = second, Third = third;

    /// <summary>1 for the first part, 2 for the second, 4 for the third.</summary>
    public readonly int Kept = kept;
}

internal static class UpdateKernels
{
    public static void Update<TStep>(Index1D i, ArrayView<float> parameters, ArrayView<float> gradients, StateViews memory, TStep step) where TStep : struct, IUpdateStep
    {
        double parameter = parameters[i];
        var state = new UpdateState<double>(
            (memory.Kept & 1) != 0 ? memory.First[i] : 0,
            (memory.Kept & 2) != 0 ? memory.Second[i] : 0,
            (memory.Kept & 4) != 0 ? memory.Third[i] : 0);
        step.Step(ref parameter, gradients[i], ref state);
        parameters[i] = (float)parameter;
        if ((memory.Kept & 1) != 0)
            memory.First[i] = (float)state.First;
        if ((memory.Kept & 2) != 0)
            memory.Second[i] = (float)state.Second;
        if ((memory.Kept & 4) != 0)
            memory.Third[i] = (float)state.Third;
    }
}
