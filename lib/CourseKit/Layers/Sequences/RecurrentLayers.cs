namespace CourseKit;

/// <summary>The activation of a plain recurrent unit.</summary>
public enum RNNNonlinearity
{
    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    ReLU,
}

/// <summary>
/// The plain recurrent network (Elman 1990): h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh). What it learns from far back
/// vanishes or explodes with the powers of W_hh; <see cref="LSTM"/> and <see cref="GRU"/> have gates against that.
/// </summary>
public sealed class RNN : RecurrentLayer
{
    private readonly RNNNonlinearity nonlinearity;

    /// <summary>Makes the layers with parameters drawn evenly from plus or minus 1/sqrt(hidden), as PyTorch does.</summary>
    /// <param name="inputs">Features of one step.</param>
    /// <param name="hidden">Hidden units of each layer and direction.</param>
    /// <param name="layers">Layers above one another; each gets the outputs of the one below.</param>
    /// <param name="nonlinearity">The activation.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether sequences are (N, T, features), as here by default, or (T, N, features), as in PyTorch.</param>
    /// <param name="dropout">The probability with which numbers between two layers are dropped in training.</param>
    /// <param name="bidirectional">Whether each layer also runs from the last step to the first; both outputs stand side by side.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public RNN(int inputs, int hidden, int layers = 1, RNNNonlinearity nonlinearity = RNNNonlinearity.Tanh, bool bias = true, bool batchFirst = true, double dropout = 0, bool bidirectional = false, Generator? generator = null, Device? device = null)
        : base(1, inputs, hidden, layers, bias, batchFirst, dropout, bidirectional, generator, device)
        => this.nonlinearity = nonlinearity;

    /// <summary>The outputs of all steps and the last state, from a first state (layers x directions, N, hidden) or zeros.</summary>
    /// <exception cref="ShapeException">The input is no batch of sequences with that many features, or the state does not fit.</exception>
    public RecurrentOutput Run(Tensor input, Tensor? state = null)
    {
        var (output, last, _) = Run(input, state, null);
        return new(output, last!);
    }

    private protected override Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor firstOutput, Tensor firstMemory, bool fromTheEnd)
        => nonlinearity == RNNNonlinearity.Tanh
            ? Tensor.Recur(new PlainCell<HyperbolicTangent>(), told, weight, bias, firstOutput, fromTheEnd: fromTheEnd)
            : Tensor.Recur(new PlainCell<RectifiedLinear>(), told, weight, bias, firstOutput, fromTheEnd: fromTheEnd);
}

/// <summary>
/// The gated recurrent unit (Cho et al. 2014): r, z = sigmoid(W x + U h), n = tanh(W x + b + r (U h + b')), h' = (1 - z) n + z h.
/// As in PyTorch the reset gate acts after the product with U; in the paper before it.
/// </summary>
public sealed class GRU : RecurrentLayer
{
    /// <inheritdoc cref="LSTM(int, int, int, bool, bool, double, bool, Generator?, Device?)"/>
    public GRU(int inputs, int hidden, int layers = 1, bool bias = true, bool batchFirst = true, double dropout = 0, bool bidirectional = false, Generator? generator = null, Device? device = null)
        : base(3, inputs, hidden, layers, bias, batchFirst, dropout, bidirectional, generator, device)
    {
    }

    /// <inheritdoc cref="RNN.Run(Tensor, Tensor?)"/>
    public RecurrentOutput Run(Tensor input, Tensor? state = null)
    {
        var (output, last, _) = Run(input, state, null);
        return new(output, last!);
    }

    private protected override Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor firstOutput, Tensor firstMemory, bool fromTheEnd)
        => Tensor.Recur(new GatedRecurrentCell(), told, weight, bias, firstOutput, fromTheEnd: fromTheEnd);
}

/// <summary>The output of an LSTM and where it ended.</summary>
/// <param name="Output">The last layer's output at every step, (N, T, directions x hidden), or (T, N, ...) where the layer is not batch first.</param>
/// <param name="State">The output h of every layer and direction at its last step, (layers x directions, N, hidden).</param>
/// <param name="Cell">The memory c of every layer and direction after its last step, in the same shape.</param>
public sealed record LSTMOutput(Tensor Output, Tensor State, Tensor Cell);

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000):
/// i, f, o = sigmoid(W x + U h), g = tanh(W x + U h), c' = f c + i g, h' = o tanh c'. The gates stand in the weights in the
/// order i, f, g, o. The memory c is added to, not multiplied, so that its gradient lasts over many steps.
/// </summary>
/// <example><code>
/// var lstm = new LSTM(inputs: 1, hidden: 32);
/// var (output, state, cell) = lstm.Run(series);           // output is (N, T, 32)
/// var next = lstm.Run(continued, state, cell);            // goes on where it stood
/// </code></example>
public sealed class LSTM : RecurrentLayer
{
    /// <summary>Makes the layers with parameters drawn evenly from plus or minus 1/sqrt(hidden), as PyTorch does.</summary>
    /// <param name="inputs">Features of one step.</param>
    /// <param name="hidden">Hidden units of each layer and direction.</param>
    /// <param name="layers">Layers above one another; each gets the outputs of the one below.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether sequences are (N, T, features), as here by default, or (T, N, features), as in PyTorch.</param>
    /// <param name="dropout">The probability with which numbers between two layers are dropped in training.</param>
    /// <param name="bidirectional">Whether each layer also runs from the last step to the first; both outputs stand side by side.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public LSTM(int inputs, int hidden, int layers = 1, bool bias = true, bool batchFirst = true, double dropout = 0, bool bidirectional = false, Generator? generator = null, Device? device = null)
        : base(4, inputs, hidden, layers, bias, batchFirst, dropout, bidirectional, generator, device)
    {
    }

    /// <summary>The outputs of all steps, the last state and the last memory; from a first state and memory (each layers x directions, N, hidden), zeros where one is not given.</summary>
    /// <exception cref="ShapeException">The input is no batch of sequences with that many features, or state or memory do not fit.</exception>
    public LSTMOutput Run(Tensor input, Tensor? state = null, Tensor? cell = null)
    {
        var (output, last, memory) = base.Run(input, state, cell);
        return new(output, last!, memory!);
    }

    private protected override Tensor Recur(Tensor told, Tensor weight, Tensor? bias, Tensor firstOutput, Tensor firstMemory, bool fromTheEnd)
        => Tensor.Recur(new LongShortTermMemoryCell(), told, weight, bias, firstOutput, firstMemory, fromTheEnd);
}
