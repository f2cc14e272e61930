namespace CourseKit;

/// <summary>One step of a recurrent network, for loops of your own: what RNNCell, LSTMCell and GRUCell have in common. Parameters are weight_ih, weight_hh, bias_ih and bias_hh.</summary>
public abstract class RecurrentCellLayer : Module
{
    private readonly int inputs, hidden;
    private readonly RecurrentWeights weights;

    private protected RecurrentCellLayer(int gates, int inputs, int hidden, bool bias, Generator? generator, Device? device)
    {
        ArgumentCheck.AtLeast(1, GetType().Name, nameof(inputs), inputs);
        ArgumentCheck.AtLeast(1, GetType().Name, nameof(hidden), hidden);
        (this.inputs, this.hidden) = (inputs, hidden);
        weights = RecurrentWeights.Make(Register, "", gates, inputs, hidden, bias, generator, device);
    }

    /// <summary>A first step (N, inputs), from zeros: the output (N, hidden).</summary>
    /// <exception cref="ShapeException">The input is not (N, inputs).</exception>
    public override Tensor Forward(Tensor input) => Step(input, null, null)[0];

    private protected abstract Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor output, Tensor memory);

    /// <summary>The output and, below it, the memory of a cell that has one.</summary>
    private protected Tensor[] Step(Tensor input, Tensor? state, Tensor? memory)
    {
        ArgumentNullException.ThrowIfNull(input);
        var name = $"{GetType().Name}({inputs} -> {hidden})";
        ShapeCheck.CellInput(name, inputs, input.Shape);
        Shape expected = [input.Shape[0], hidden];
        ShapeCheck.State(name, "state", expected, state?.Shape);
        ShapeCheck.State(name, "cell", expected, memory?.Shape);
        var zeros = Tensor.Full(expected, 0, input.Device);
        var y = Recur(weights.Tell(input.Unsqueeze(0)), weights.Recurrent, weights.RecurrentBias, state ?? zeros, memory ?? zeros);
        return [.. Enumerable.Range(0, y.Shape[0]).Select(i => y.Select(0, i))];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({inputs} -> {hidden}{(weights.InputBias is null ? ", no bias" : "")})";
}

/// <summary>One step of an <see cref="RNN"/>.</summary>
public sealed class RNNCell : RecurrentCellLayer
{
    private readonly RNNNonlinearity nonlinearity;

    /// <inheritdoc cref="RNN(int, int, int, RNNNonlinearity, bool, bool, double, bool, Generator?, Device?)"/>
    public RNNCell(int inputs, int hidden, bool bias = true, RNNNonlinearity nonlinearity = RNNNonlinearity.Tanh, Generator? generator = null, Device? device = null)
        : base(1, inputs, hidden, bias, generator, device)
        => this.nonlinearity = nonlinearity;

    /// <summary>The next state (N, hidden), which is the output, from a step (N, inputs) and the last state (N, hidden) or zeros.</summary>
    /// <exception cref="ShapeException">The input or the state does not fit.</exception>
    public Tensor Forward(Tensor input, Tensor? state) => Step(input, state, null)[0];

    private protected override Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor output, Tensor memory)
        => nonlinearity == RNNNonlinearity.Tanh
            ? Tensor.Recur(new PlainCell<HyperbolicTangent>(), told, weight, bias, output)
            : Tensor.Recur(new PlainCell<RectifiedLinear>(), told, weight, bias, output);
}

/// <summary>One step of a <see cref="GRU"/>.</summary>
public sealed class GRUCell : RecurrentCellLayer
{
    /// <inheritdoc cref="LSTM(int, int, int, bool, bool, double, bool, Generator?, Device?)"/>
    public GRUCell(int inputs, int hidden, bool bias = true, Generator? generator = null, Device? device = null)
        : base(3, inputs, hidden, bias, generator, device)
    {
    }

    /// <inheritdoc cref="RNNCell.Forward(Tensor, Tensor?)"/>
    public Tensor Forward(Tensor input, Tensor? state) => Step(input, state, null)[0];

    private protected override Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor output, Tensor memory)
        => Tensor.Recur(new GatedRecurrentCell(), told, weight, bias, output);
}

/// <summary>One step of an <see cref="LSTM"/>.</summary>
public sealed class LSTMCell : RecurrentCellLayer
{
    /// <inheritdoc cref="LSTM(int, int, int, bool, bool, double, bool, Generator?, Device?)"/>
    public LSTMCell(int inputs, int hidden, bool bias = true, Generator? generator = null, Device? device = null)
        : base(4, inputs, hidden, bias, generator, device)
    {
    }

    /// <summary>The next state, which is the output, and the next memory (each N, hidden), from a step (N, inputs) and the last ones or zeros.</summary>
    /// <exception cref="ShapeException">The input, the state or the memory does not fit.</exception>
    public (Tensor State, Tensor Cell) Forward(Tensor input, Tensor? state, Tensor? cell)
    {
        var next = Step(input, state, cell);
        return (next[0], next[1]);
    }

    private protected override Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor output, Tensor memory)
        => Tensor.Recur(new LongShortTermMemoryCell(), told, weight, bias, output, memory);
}
