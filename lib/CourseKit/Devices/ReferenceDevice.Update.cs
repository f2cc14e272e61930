namespace CourseKit;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    public override void Update<TStep>(TStep step, StorageView parameter, StorageView gradient, in UpdateState<StorageView> state)
    {
        var parameters = Of(parameter);
        var gradients = Of(gradient);
        var first = OfKept(state.First);
        var second = OfKept(state.Second);
        var third = OfKept(state.Third);
        for (var i = 0; i < parameters.Length; i++)
        {
            var s = new UpdateState<double>(At(first, i), At(second, i), At(third, i));
            step.Step(ref parameters[i], gradients[i], ref s);
            Put(s.First, first, i);
            Put(s.Second, second, i);
            Put(s.Third, third, i);
        }

        // What an optimizer does not keep has no memory.
        static Span<double> OfKept(StorageView view) => view.Storage is null ? [] : Of(view);

        static double At(Span<double> numbers, int i) => numbers.IsEmpty ? 0 : numbers[i];

        static void Put(double value, Span<double> numbers, int i)
        {
            if (!numbers.IsEmpty)
                numbers[i] = value;
        }
    }
}
