namespace CourseKit;

/// <summary>
/// A recurrent layer over a whole sequence, in one direction, as one operation. Only the product with the last output must
/// wait for the step before it; forward there is one such product a step, and backward the gradients of the weights of all
/// steps are a single product at the end. Backpropagation through time (Werbos 1990).
/// </summary>
/// <param name="cell">What happens in one step.</param>
/// <param name="told">What the input tells the gates, (T, N, gates x width).</param>
/// <param name="weight">What the last output tells the gates: gates x width rows, width columns.</param>
/// <param name="bias">Added to that: gates x width numbers, or none.</param>
/// <param name="firstOutput">The output before the first step, (N, width).</param>
/// <param name="firstMemory">The memory before the first step, for a cell that has one.</param>
/// <param name="fromTheEnd">Whether time runs from the last step to the first.</param>
internal sealed class Recurrence<TCell>(TCell cell, Tensor told, Tensor weight, Tensor? bias, Tensor firstOutput, Tensor? firstMemory, bool fromTheEnd) where TCell : struct, IRecurrentCell
{
    private readonly Device device = told.Device;
    private readonly int steps = told.Shape[0], rows = told.Shape[1], width = weight.Shape[1], gates = weight.Shape[0];

    // What the derivative needs again: W h + b of every step (T, N, gates x width), and the memories (T, N, width).
    private Tensor recalled = null!;
    private Tensor? memories;

    /// <summary>The outputs of all steps, (T, N, width); a cell with a memory has its last memory below them, (T + 1, N, width).</summary>
    public Tensor Run()
    {
        var outputs = Tensor.Empty([steps + (cell.HasMemory ? 1 : 0), rows, width], device);
        recalled = bias?.Detach().Expand(steps, rows, gates) ?? Tensor.Empty([steps, rows, gates], device);
        memories = cell.HasMemory ? Tensor.Empty([steps, rows, width], device) : null;
        // Transposed once: every step reads it along its rows.
        var columns = weight.Detach().Transpose();
        for (var i = 0; i < steps; i++)
        {
            var (before, t) = (PlaceOf(i - 1), PlaceOf(i));
            var last = i == 0 ? firstOutput.View : At(outputs, before);
            device.MatMul(last, false, columns.View, false, At(recalled, t), 1, rows, gates, width, accumulate: bias is not null);
            device.RecurrentStep(cell, At(told, t), At(recalled, t), StateBefore(i, outputs), At(outputs, t), At(memories ?? outputs, t), rows, width);
        }
        if (memories is not null)
            device.Copy(At(memories, PlaceOf(steps - 1)), At(outputs, steps), accumulate: false);
        return outputs;
    }

    /// <summary>Hands the gradient of the outputs on, step by step against the time.</summary>
    public void Backward(Tensor outputs)
    {
        var dOutputs = outputs.GradUnseen!;
        var dTold = Tensor.EmptyOutsideScopes(told.Shape, device);
        var dRecalled = Tensor.EmptyOutsideScopes(told.Shape, device);
        // Of the output and of the memory that the step at hand left to the later ones.
        var dOutput = Tensor.EmptyOutsideScopes([rows, width], device);
        var dMemory = memories is null ? null : Tensor.EmptyOutsideScopes([rows, width], device);
        if (dMemory is not null)
            device.Copy(At(dOutputs, steps), dMemory.View, accumulate: false);
        for (var i = steps - 1; i >= 0; i--)
        {
            var t = PlaceOf(i);
            device.Copy(At(dOutputs, t), dOutput.View, accumulate: i < steps - 1);
            device.RecurrentStepBackward(cell, At(told, t), At(recalled, t), StateBefore(i, outputs), dOutput.View, (dMemory ?? dOutput).View, At(dTold, t), At(dRecalled, t), rows, width);
            // Without a memory dOutput holds what reached the last output past the gates already.
            device.MatMul(At(dRecalled, t), false, weight.View, false, dOutput.View, 1, rows, width, gates, accumulate: dMemory is null);
        }
        HandOn(dTold, told);
        HandOn(dOutput, firstOutput);
        HandOn(dMemory, firstMemory);
        if (weight.RequiresGrad)
            HandOnToWeight(outputs, dRecalled);
        if (bias is { RequiresGrad: true })
            device.Sum(dRecalled.View, bias.GradTarget(out var accumulate), 1, steps * rows, gates, 1, accumulate);
        foreach (var temporary in (ReadOnlySpan<Tensor?>)[dTold, dRecalled, dOutput, dMemory])
            temporary?.Release();
    }

    /// <summary>dW = the sum over steps of dRecalled^T times the output before: one product over all steps that have a step before them, one for the first.</summary>
    private void HandOnToWeight(Tensor outputs, Tensor dRecalled)
    {
        var target = weight.GradTarget(out var accumulate);
        device.MatMul(At(dRecalled, PlaceOf(0)), true, firstOutput.View, false, target, 1, gates, width, rows, accumulate);
        if (steps > 1)
            device.MatMul(At(dRecalled, fromTheEnd ? 0 : 1, steps - 1), true, At(outputs, fromTheEnd ? 1 : 0, steps - 1), false, target, 1, gates, width, (steps - 1) * rows, accumulate: true);
    }

    private void HandOn(Tensor? gradient, Tensor? operand)
    {
        if (operand is { RequiresGrad: true })
            device.Copy(gradient!.View, operand.GradTarget(out var accumulate), accumulate);
    }

    /// <summary>Where the i-th step to be taken stands in the sequence.</summary>
    private int PlaceOf(int i) => fromTheEnd ? steps - 1 - i : i;

    private StorageView StateBefore(int i, Tensor outputs)
        => i == 0 ? (firstMemory ?? firstOutput).View : At(memories ?? outputs, PlaceOf(i - 1));

    /// <summary>One place, or some neighbouring ones, of the first axis.</summary>
    private static StorageView At(Tensor tensor, int place, int count = 1)
    {
        var view = tensor.View;
        var length = tensor.Count / tensor.Shape[0];
        return view with { Offset = view.Offset + place * length, Length = count * length };
    }
}

public sealed partial class Tensor
{
    /// <summary>Runs a recurrent cell over what the input tells its gates; see <see cref="Recurrence{TCell}"/>.</summary>
    internal static Tensor Recur<TCell>(TCell cell, Tensor told, Tensor weight, Tensor? bias, Tensor firstOutput, Tensor? firstMemory = null, bool fromTheEnd = false) where TCell : struct, IRecurrentCell
    {
        var recurrence = new Recurrence<TCell>(cell, told, weight, bias, firstOutput, firstMemory, fromTheEnd);
        var outputs = recurrence.Run();
        Tensor[] operands = [told, weight, firstOutput, .. bias is null ? [] : new[] { bias }, .. firstMemory is null ? [] : new[] { firstMemory }];
        return Records(operands) ? outputs.Record(recurrence.Backward, operands) : outputs;
    }
}
