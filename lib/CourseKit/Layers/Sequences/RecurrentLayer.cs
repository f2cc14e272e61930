using System.Globalization;

namespace CourseKit;

/// <summary>The output of a recurrent layer and where it ended.</summary>
/// <param name="Output">The last layer's output at every step, (N, T, directions x hidden), or (T, N, ...) where the layer is not batch first.</param>
/// <param name="State">The output of every layer and direction at its last step, (layers x directions, N, hidden): the first state of what comes next.</param>
public sealed record RecurrentOutput(Tensor Output, Tensor State);

/// <summary>
/// What RNN, LSTM and GRU have in common: layers above one another, each in one direction of time or in both, with dropout
/// between them. Parameters have PyTorch's names and order: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, then those
/// with _reverse, then layer 1. Sequences are batch first, (N, T, features); PyTorch's default is time first.
/// </summary>
public abstract class RecurrentLayer : Module
{
    private readonly int inputs, hidden, layers, directions;
    private readonly bool batchFirst;
    private readonly double dropout;
    private readonly Generator? generator;
    private readonly RecurrentWeights[] weights; // layer by layer, forward before backward

    private protected RecurrentLayer(int gates, int inputs, int hidden, int layers, bool bias, bool batchFirst, double dropout, bool bidirectional, Generator? generator, Device? device)
    {
        ArgumentCheck.AtLeast(1, GetType().Name, nameof(inputs), inputs);
        ArgumentCheck.AtLeast(1, GetType().Name, nameof(hidden), hidden);
        ArgumentCheck.AtLeast(1, GetType().Name, nameof(layers), layers);
        if (!(dropout is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(dropout), FormattableString.Invariant($"{GetType().Name} got the dropout {dropout}: it is a probability, from 0 to 1."));
        (this.inputs, this.hidden, this.layers, this.batchFirst, this.dropout, this.generator) = (inputs, hidden, layers, batchFirst, dropout, generator);
        directions = bidirectional ? 2 : 1;
        weights = new RecurrentWeights[layers * directions];
        for (var i = 0; i < weights.Length; i++)
        {
            var (layer, direction) = Math.DivRem(i, directions);
            var suffix = string.Create(CultureInfo.InvariantCulture, $"_l{layer}{(direction == 1 ? "_reverse" : "")}");
            weights[i] = RecurrentWeights.Make(Register, suffix, gates, layer == 0 ? inputs : directions * hidden, hidden, bias, generator, device);
        }
    }

    /// <summary>From sequences (N, T, inputs) to the last layer's output at every step, (N, T, directions x hidden), starting from zeros.</summary>
    /// <exception cref="ShapeException">The input is no batch of sequences with that many features.</exception>
    public override Tensor Forward(Tensor input) => Run(input, null, null, wantStates: false).Output;

    /// <summary>One layer in one direction: the outputs (T, N, hidden), with the last memory below them where the cell has one.</summary>
    private protected abstract Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor firstOutput, Tensor firstMemory, bool fromTheEnd);

    /// <summary>The output, and for every layer and direction the last state and (for a cell that has one) the last memory.</summary>
    private protected (Tensor Output, Tensor? State, Tensor? Memory) Run(Tensor input, Tensor? state, Tensor? memory, bool wantStates = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.Sequence(Name, inputs, batchFirst, input.Shape);
        var x = batchFirst ? input.Transpose(0, 1) : input; // (T, N, features)
        var (steps, rows) = (x.Shape[0], x.Shape[1]);
        Shape expected = [weights.Length, rows, hidden];
        ShapeCheck.State(Name, "state", expected, state?.Shape);
        ShapeCheck.State(Name, "cell", expected, memory?.Shape);

        var zeros = Tensor.Full([rows, hidden], 0, input.Device);
        List<Tensor> states = [], memories = [];
        var outputs = new Tensor[directions];
        for (var layer = 0; layer < layers; layer++)
        {
            for (var direction = 0; direction < directions; direction++)
            {
                var i = layer * directions + direction;
                var y = Recur(weights[i].Tell(x), weights[i].Recurrent, weights[i].RecurrentBias, state?.Select(0, i) ?? zeros, memory?.Select(0, i) ?? zeros, fromTheEnd: direction == 1);
                outputs[direction] = y.Shape[0] == steps ? y : y.Rows(0, steps);
                if (wantStates)
                    states.Add(y.Rows(direction == 1 ? 0 : steps - 1, 1));
                if (wantStates && y.Shape[0] > steps)
                    memories.Add(y.Rows(steps, 1));
            }
            x = directions == 1 ? outputs[0] : Tensor.Concatenate(2, outputs);
            if (layer < layers - 1)
                x = x.Dropout(dropout, IsTraining, generator);
        }
        return (batchFirst ? x.Transpose(0, 1) : x, Joined(states), Joined(memories));

        static Tensor? Joined(List<Tensor> parts) => parts.Count == 0 ? null : Tensor.Concatenate(0, [.. parts]);
    }

    private string Name => $"{GetType().Name}({inputs} -> {hidden})";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{GetType().Name}({inputs} -> {hidden}{(layers > 1 ? $", {layers} layers" : "")}{(directions == 2 ? ", both directions" : "")}{(dropout > 0 ? $", dropout {dropout}" : "")}{(batchFirst ? "" : ", time first")}{(weights[0].InputBias is null ? ", no bias" : "")})");
}
