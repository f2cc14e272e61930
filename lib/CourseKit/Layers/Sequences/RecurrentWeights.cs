namespace CourseKit;

/// <summary>The parameters of one recurrent layer in one direction, by PyTorch's names.</summary>
/// <param name="Input">What the input tells the gates: gates x hidden rows, one column for each feature.</param>
/// <param name="Recurrent">What the last output tells the gates: gates x hidden rows, hidden columns.</param>
/// <param name="InputBias">Added to the first, or none.</param>
/// <param name="RecurrentBias">Added to the second, or none.</param>
internal sealed record RecurrentWeights(Tensor Input, Tensor Recurrent, Tensor? InputBias, Tensor? RecurrentBias)
{
    /// <summary>Draws them evenly from plus or minus 1/sqrt(hidden) and registers them, with a suffix such as _l0_reverse.</summary>
    public static RecurrentWeights Make(Func<string, Tensor, Tensor> register, string suffix, int gates, int inputs, int hidden, bool bias, Generator? generator, Device? device)
    {
        var bound = 1 / Math.Sqrt(hidden);
        return new(
            Draw("weight_ih", [gates * hidden, inputs]),
            Draw("weight_hh", [gates * hidden, hidden]),
            bias ? Draw("bias_ih", [gates * hidden]) : null,
            bias ? Draw("bias_hh", [gates * hidden]) : null);

        Tensor Draw(string name, Shape shape) => register(name + suffix, Tensor.Uniform(shape, -bound, bound, generator, device));
    }

    /// <summary>What the inputs of all steps (T, N, features) tell the gates, in one product: (T, N, gates x hidden).</summary>
    public Tensor Tell(Tensor input)
    {
        var x = input.Reshape(-1, input.Shape[-1]);
        var rows = InputBias is null ? x.MatMul(Input, transposeRight: true) : Tensor.Linear(x, Input, InputBias);
        return rows.Reshape(input.Shape[0], input.Shape[1], Input.Shape[0]);
    }
}
