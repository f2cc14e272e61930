namespace CourseKit.Cli.Benchmarks;

/// <summary>The LSTM of the benchmark: a linear layer reads its last output.</summary>
internal sealed class LastStep : Module
{
    private readonly LSTM lstm;
    private readonly Linear head;

    public LastStep(int inputs, int hidden, int outputs, Generator generator)
    {
        lstm = Register("lstm", new LSTM(inputs, hidden, generator: generator));
        head = Register("head", new Linear(hidden, outputs, generator: generator));
    }

    /// <summary>(N, T, inputs) to (N, outputs).</summary>
    public override Tensor Forward(Tensor input) => head.Forward(lstm.Forward(input).Select(1, input.Shape[1] - 1));
}

/// <summary>The transformer of the benchmark: a linear layer reads the mean of the encoder's outputs.</summary>
internal sealed class MeanOfTokens : Module
{
    private readonly TransformerEncoder encoder;
    private readonly Linear head;

    public MeanOfTokens(int width, int heads, int feedForward, int layers, int outputs, Generator generator)
    {
        encoder = Register("encoder", new TransformerEncoder([.. Enumerable.Range(0, layers).Select(_ => new TransformerEncoderLayer(width, heads, feedForward, dropout: 0, generator: generator))]));
        head = Register("head", new Linear(width, outputs, generator: generator));
    }

    /// <summary>(N, T, width) to (N, outputs).</summary>
    public override Tensor Forward(Tensor input) => head.Forward(encoder.Forward(input).Mean(1));
}

/// <summary>A small U-Net (Ronneberger, Fischer, Brox 2015): two halvings, two doublings, and the images of the way down joined to those of the way up.</summary>
internal sealed class UNet : Module
{
    private readonly Sequential down1, down2, bottom, join2, join1;
    private readonly ConvTranspose2d up2, up1;
    private readonly MaxPool2d pool = new(2);
    private readonly Conv2d head;

    public UNet(int width, Generator generator)
    {
        down1 = Register("down1", DoubleConvolution(1, width));
        down2 = Register("down2", DoubleConvolution(width, 2 * width));
        bottom = Register("bottom", DoubleConvolution(2 * width, 4 * width));
        up2 = Register("up2", new ConvTranspose2d(4 * width, 2 * width, 2, 2, generator: generator));
        up1 = Register("up1", new ConvTranspose2d(2 * width, width, 2, 2, generator: generator));
        join2 = Register("join2", DoubleConvolution(4 * width, 2 * width));
        join1 = Register("join1", DoubleConvolution(2 * width, width));
        head = Register("head", new Conv2d(width, 1, 1, generator: generator));

        Sequential DoubleConvolution(int inputs, int outputs) => new(
            new Conv2d(inputs, outputs, 3, padding: 1, generator: generator), new ReLU(),
            new Conv2d(outputs, outputs, 3, padding: 1, generator: generator), new ReLU());
    }

    /// <summary>(N, 1, H, W) to (N, 1, H, W); H and W are multiples of 4.</summary>
    public override Tensor Forward(Tensor input)
    {
        var a = down1.Forward(input);
        var b = down2.Forward(pool.Forward(a));
        var c = bottom.Forward(pool.Forward(b));
        var d = join2.Forward(Tensor.Concatenate(1, up2.Forward(c), b));
        return head.Forward(join1.Forward(Tensor.Concatenate(1, up1.Forward(d), a)));
    }
}
