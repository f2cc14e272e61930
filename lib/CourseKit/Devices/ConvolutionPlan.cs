namespace CourseKit;

/// <summary>
/// How a window slides along one axis: at output o, tap t of the window looks at input o * Stride - Padding + t * Dilation.
/// What lies outside the input is padding. The padding behind the input is whatever the output's length asks for, so the
/// two sides may differ.
/// </summary>
/// <param name="Input">Length of the input.</param>
/// <param name="Output">Length of the output.</param>
/// <param name="Kernel">Taps of the window.</param>
/// <param name="Stride">How far the window moves from one output to the next.</param>
/// <param name="Padding">How many positions lie before the input.</param>
/// <param name="Dilation">Distance between two taps.</param>
public readonly record struct SlidingAxis(int Input, int Output, int Kernel, int Stride, int Padding, int Dilation)
{
    /// <summary>
    /// How often a window of M taps, d apart, fits into J inputs with P positions of padding on each side, moving by S:
    /// floor((J + 2P - d(M - 1) - 1) / S) + 1, and 0 where it does not fit at all.
    /// </summary>
    public static int OutputLength(int input, int kernel, int stride, int paddingOnBothSides, int dilation)
    {
        var room = (long)input + paddingOnBothSides - (long)dilation * (kernel - 1) - 1;
        return room < 0 ? 0 : (int)(room / stride) + 1;
    }

    /// <summary>The input that a tap looks at; outside 0 to Input - 1 it is padding.</summary>
    public int InputAt(int output, int tap) => output * Stride - Padding + tap * Dilation;

    /// <summary>Whether a tap looks at an input and not at padding.</summary>
    public bool IsInside(int output, int tap) => (uint)InputAt(output, tap) < (uint)Input;

    /// <summary>The outputs, from Start up to but not including End, at which a tap looks at an input.</summary>
    public (int Start, int End) OutputsInside(int tap)
    {
        var first = Padding - tap * Dilation; // o * Stride must reach this, and stay below it plus Input
        var start = first <= 0 ? 0 : (first + Stride - 1) / Stride;
        var end = first + Input <= 0 ? 0 : Math.Min(Output, (first + Input - 1) / Stride + 1);
        return (start, Math.Max(start, end));
    }
}

/// <summary>
/// The geometry of a convolution y[n, o, i, j] = sum over c, k, l of weight[o, c, k, l] x[n, c, i + k, j + l] (with stride,
/// padding and dilation as the two axes say; no flipped kernel, as everywhere in deep learning). x has shape
/// (Batch, InputChannels, Rows.Input, Columns.Input), weight (OutputChannels, InputChannels / Groups, Rows.Kernel, Columns.Kernel)
/// and y (Batch, OutputChannels, Rows.Output, Columns.Output). With several groups, each group of outputs sees its own group of inputs.
/// </summary>
/// <param name="Batch">Images.</param>
/// <param name="InputChannels">Channels of x.</param>
/// <param name="OutputChannels">Channels of y.</param>
/// <param name="Groups">Groups the channels are divided into.</param>
/// <param name="Rows">How the window slides downwards.</param>
/// <param name="Columns">How the window slides to the right.</param>
public readonly record struct ConvolutionPlan(int Batch, int InputChannels, int OutputChannels, int Groups, SlidingAxis Rows, SlidingAxis Columns)
{
    /// <summary>Input channels that one output sees.</summary>
    public int InputsPerGroup => InputChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int OutputsPerGroup => OutputChannels / Groups;

    /// <summary>Numbers in one channel of x.</summary>
    public int InputArea => Rows.Input * Columns.Input;

    /// <summary>Numbers in one channel of y.</summary>
    public int OutputArea => Rows.Output * Columns.Output;

    /// <summary>Taps of the window in one channel.</summary>
    public int KernelArea => Rows.Kernel * Columns.Kernel;

    /// <summary>Weights of one output channel: what each number of y is a sum over.</summary>
    public int Terms => InputsPerGroup * KernelArea;

    /// <summary>Multiplications of the whole convolution, those with padding counted.</summary>
    public long Multiplications => (long)Batch * OutputChannels * OutputArea * Terms;
}

/// <summary>The geometry of pooling: a window slides over each of many images by itself, one channel of one example being one image.</summary>
/// <param name="Images">Images: examples times channels.</param>
/// <param name="Rows">How the window slides downwards.</param>
/// <param name="Columns">How the window slides to the right.</param>
public readonly record struct PoolingPlan(int Images, SlidingAxis Rows, SlidingAxis Columns)
{
    /// <summary>Numbers in one image of the input.</summary>
    public int InputArea => Rows.Input * Columns.Input;

    /// <summary>Numbers in one image of the output.</summary>
    public int OutputArea => Rows.Output * Columns.Output;
}
