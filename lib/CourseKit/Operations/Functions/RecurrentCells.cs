using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

/// <summary>What the up to four gates of a recurrent cell are told for one hidden unit; unused ones are 0.</summary>
/// <typeparam name="T">A number, or 16 lanes of numbers.</typeparam>
/// <param name="A">For the first gate.</param>
/// <param name="B">For the second gate.</param>
/// <param name="C">For the third gate.</param>
/// <param name="D">For the fourth gate.</param>
public readonly record struct Gates<T>(T A, T B, T C, T D) where T : struct;

/// <summary>
/// One step in time of a recurrent network, for one hidden unit: from what the input (x) and the last output (h) tell its
/// gates, and the state before, to the output and the state after. Every device applies these to all units of a batch.
/// </summary>
public interface IRecurrentCell
{
    /// <summary>How many gates the cell has, 1 to 4: its weights are that many matrices, one below the other.</summary>
    int GateCount { get; }

    /// <summary>Whether the state is a memory beside the output (LSTM); else it is the last output itself.</summary>
    bool HasMemory { get; }

    /// <summary>The output and the state afterwards.</summary>
    (double Output, double State) Forward(Gates<double> x, Gates<double> h, double state);

    /// <summary>From the gradients of the output and of the state afterwards to those of both messages and of the state before.</summary>
    (Gates<double> X, Gates<double> H, double State) Backward(Gates<double> x, Gates<double> h, double state, double dOutput, double dState);

    /// <summary><see cref="Forward(Gates{double}, Gates{double}, double)"/>, lane by lane.</summary>
    (V Output, V State) Forward(Gates<V> x, Gates<V> h, V state);

    /// <summary><see cref="Backward(Gates{double}, Gates{double}, double, double, double)"/>, lane by lane.</summary>
    (Gates<V> X, Gates<V> H, V State) Backward(Gates<V> x, Gates<V> h, V state, V dOutput, V dState);
}

/// <summary>The plain recurrent unit (Elman 1990): h' = f(x + h) for an activation f.</summary>
internal readonly struct PlainCell<TActivation>(TActivation activation) : IRecurrentCell where TActivation : struct, IUnaryOperation
{
    public int GateCount => 1;
    public bool HasMemory => false;

    public (double Output, double State) Forward(Gates<double> x, Gates<double> h, double state)
    {
        var output = activation.Forward(x.A + h.A);
        return (output, output);
    }

    public (Gates<double> X, Gates<double> H, double State) Backward(Gates<double> x, Gates<double> h, double state, double dOutput, double dState)
    {
        var sum = x.A + h.A;
        var d = new Gates<double>(dOutput * activation.Derivative(sum, activation.Forward(sum)), 0, 0, 0);
        return (d, d, 0);
    }

    public (V Output, V State) Forward(Gates<V> x, Gates<V> h, V state)
    {
        var output = activation.Forward(x.A + h.A);
        return (output, output);
    }

    public (Gates<V> X, Gates<V> H, V State) Backward(Gates<V> x, Gates<V> h, V state, V dOutput, V dState)
    {
        var sum = x.A + h.A;
        var d = new Gates<V>(dOutput * activation.Derivative(sum, activation.Forward(sum)), V.Zero, V.Zero, V.Zero);
        return (d, d, V.Zero);
    }
}

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000):
/// i, f, o = sigmoid(x + h) and g = tanh(x + h) of their gates, in the order i, f, g, o; memory c' = f c + i g, output h' = o tanh c'.
/// </summary>
internal readonly struct LongShortTermMemoryCell : IRecurrentCell
{
    public int GateCount => 4;
    public bool HasMemory => true;

    public (double Output, double State) Forward(Gates<double> x, Gates<double> h, double state)
    {
        var (i, f, g, o) = Open(x, h);
        var memory = f * state + i * g;
        return (o * Math.Tanh(memory), memory);
    }

    public (Gates<double> X, Gates<double> H, double State) Backward(Gates<double> x, Gates<double> h, double state, double dOutput, double dState)
    {
        var (i, f, g, o) = Open(x, h);
        var shown = Math.Tanh(f * state + i * g);
        var dMemory = dState + dOutput * o * (1 - shown * shown);
        var d = new Gates<double>(dMemory * g * i * (1 - i), dMemory * state * f * (1 - f), dMemory * i * (1 - g * g), dOutput * shown * o * (1 - o));
        return (d, d, dMemory * f);
    }

    private static Gates<double> Open(Gates<double> x, Gates<double> h)
    {
        var sigmoid = new LogisticSigmoid();
        return new(sigmoid.Forward(x.A + h.A), sigmoid.Forward(x.B + h.B), Math.Tanh(x.C + h.C), sigmoid.Forward(x.D + h.D));
    }

    public (V Output, V State) Forward(Gates<V> x, Gates<V> h, V state)
    {
        var (i, f, g, o) = Open(x, h);
        var memory = f * state + i * g;
        return (o * Lanes.Tanh(memory), memory);
    }

    public (Gates<V> X, Gates<V> H, V State) Backward(Gates<V> x, Gates<V> h, V state, V dOutput, V dState)
    {
        var (i, f, g, o) = Open(x, h);
        var shown = Lanes.Tanh(f * state + i * g);
        var dMemory = dState + dOutput * o * (V.One - shown * shown);
        var d = new Gates<V>(dMemory * g * i * (V.One - i), dMemory * state * f * (V.One - f), dMemory * i * (V.One - g * g), dOutput * shown * o * (V.One - o));
        return (d, d, dMemory * f);
    }

    private static Gates<V> Open(Gates<V> x, Gates<V> h)
        => new(Lanes.Sigmoid(x.A + h.A), Lanes.Sigmoid(x.B + h.B), Lanes.Tanh(x.C + h.C), Lanes.Sigmoid(x.D + h.D));
}

/// <summary>
/// The gated recurrent unit (Cho et al. 2014, in PyTorch's form, where the reset gate acts after the matrix product):
/// r, z = sigmoid(x + h) and n = tanh(x + r h) of their gates, in the order r, z, n; h' = (1 - z) n + z h.
/// </summary>
internal readonly struct GatedRecurrentCell : IRecurrentCell
{
    public int GateCount => 3;
    public bool HasMemory => false;

    public (double Output, double State) Forward(Gates<double> x, Gates<double> h, double state)
    {
        var (_, z, n) = Open(x, h);
        var output = n + z * (state - n);
        return (output, output);
    }

    public (Gates<double> X, Gates<double> H, double State) Backward(Gates<double> x, Gates<double> h, double state, double dOutput, double dState)
    {
        var (r, z, n) = Open(x, h);
        var dNew = dOutput * (1 - z) * (1 - n * n);
        var dReset = dNew * h.C * r * (1 - r);
        var dUpdate = dOutput * (state - n) * z * (1 - z);
        return (new(dReset, dUpdate, dNew, 0), new(dReset, dUpdate, dNew * r, 0), dOutput * z);
    }

    private static (double R, double Z, double N) Open(Gates<double> x, Gates<double> h)
    {
        var sigmoid = new LogisticSigmoid();
        var r = sigmoid.Forward(x.A + h.A);
        return (r, sigmoid.Forward(x.B + h.B), Math.Tanh(x.C + r * h.C));
    }

    public (V Output, V State) Forward(Gates<V> x, Gates<V> h, V state)
    {
        var (_, z, n) = Open(x, h);
        var output = n + z * (state - n);
        return (output, output);
    }

    public (Gates<V> X, Gates<V> H, V State) Backward(Gates<V> x, Gates<V> h, V state, V dOutput, V dState)
    {
        var (r, z, n) = Open(x, h);
        var dNew = dOutput * (V.One - z) * (V.One - n * n);
        var dReset = dNew * h.C * r * (V.One - r);
        var dUpdate = dOutput * (state - n) * z * (V.One - z);
        return (new(dReset, dUpdate, dNew, V.Zero), new(dReset, dUpdate, dNew * r, V.Zero), dOutput * z);
    }

    private static (V R, V Z, V N) Open(Gates<V> x, Gates<V> h)
    {
        var r = Lanes.Sigmoid(x.A + h.A);
        return (r, Lanes.Sigmoid(x.B + h.B), Lanes.Tanh(x.C + r * h.C));
    }
}
