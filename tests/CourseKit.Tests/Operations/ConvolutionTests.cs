using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>What convolution is, for random sizes, and that its result depends on nothing else.</summary>
[Collection(ProcessWide.Name)]
public sealed class ConvolutionTests : IDisposable
{
    private readonly int threads = Device.Cpu.Threads;

    public void Dispose() => Device.Cpu.Threads = threads;

    /// <summary>A convolution that fits its input; sizes around nothing, one and a few vectors.</summary>
    internal sealed record Sizes(int Batch, int InputsPerGroup, int OutputsPerGroup, int Groups, Size2d Input, Size2d Kernel, Size2d Stride, Size2d Padding, Size2d Dilation, ulong Seed)
    {
        public Tensor Images(Device device) => Tensor.Uniform([Batch, InputsPerGroup * Groups, Input.Height, Input.Width], -1, 1, new Generator(Seed), device);

        public Tensor Weight(Device device) => Tensor.Uniform([OutputsPerGroup * Groups, InputsPerGroup, Kernel.Height, Kernel.Width], -1, 1, new Generator(Seed + 1), device);
    }

    private static readonly Gen<Size2d> Strides = from height in Gen.Choose(1, 3) from width in Gen.Choose(1, 3) select new Size2d(height, width);

    private static readonly Gen<Sizes> AnySizes =
        from batch in Gen.Choose(1, 3)
        from inputs in Gen.Choose(1, 5)
        from outputs in Gen.Choose(1, 14)
        from groups in Gen.Choose(1, 3)
        from kernel in Strides
        from stride in Strides
        from dilation in Strides
        from padTop in Gen.Choose(0, 3)
        from padLeft in Gen.Choose(0, 3)
        from moreRows in Gen.Choose(0, 6)
        from moreColumns in Gen.Choose(0, 40)
        from seed in Gen.Choose(0, 1000)
            // At least as large as the kernel reaches without padding, so that there is always an output.
        select new Sizes(batch, inputs, outputs, groups,
            (dilation.Height * (kernel.Height - 1) + 1 + moreRows, dilation.Width * (kernel.Width - 1) + 1 + moreColumns),
            kernel, stride, (padTop, padLeft), dilation, (ulong)seed);

    [Fact]
    public void A_convolution_is_what_its_definition_says_for_any_sizes()
        => ForAnySizes(60, sizes =>
        {
            var (x, w) = (sizes.Images(Device.Reference).ToDoubleArray(), sizes.Weight(Device.Reference).ToDoubleArray());
            foreach (var device in Device.All)
            {
                var y = sizes.Images(device).Conv2d(sizes.Weight(device), null, sizes.Stride, (sizes.Padding.Height, sizes.Padding.Width), sizes.Dilation, sizes.Groups);
                var (height, width) = (y.Shape[2], y.Shape[3]);
                Assert.Equal((sizes.Input.Height + 2 * sizes.Padding.Height - sizes.Dilation.Height * (sizes.Kernel.Height - 1) - 1) / sizes.Stride.Height + 1, height);
                Assert.Equal((sizes.Input.Width + 2 * sizes.Padding.Width - sizes.Dilation.Width * (sizes.Kernel.Width - 1) - 1) / sizes.Stride.Width + 1, width);
                var found = y.ToDoubleArray();
                for (var i = 0; i < found.Length; i++)
                {
                    var (row, column) = (i / width % height, i % width);
                    var (image, output) = (i / (width * height) / y.Shape[1], i / (width * height) % y.Shape[1]);
                    var sum = 0.0;
                    for (var c = 0; c < sizes.InputsPerGroup; c++)
                        for (var k = 0; k < sizes.Kernel.Height; k++)
                            for (var l = 0; l < sizes.Kernel.Width; l++)
                                sum += w[((output * sizes.InputsPerGroup + c) * sizes.Kernel.Height + k) * sizes.Kernel.Width + l]
                                    * Pixel(image, output / sizes.OutputsPerGroup * sizes.InputsPerGroup + c, row * sizes.Stride.Height + k * sizes.Dilation.Height - sizes.Padding.Height, column * sizes.Stride.Width + l * sizes.Dilation.Width - sizes.Padding.Width);
                    Near.Assert([sum], [found[i]], device.Precision == 64 ? 1e-13 : 2e-6, 1, $"{sizes} on {device}, number {i}");
                }
            }

            double Pixel(int image, int channel, int row, int column)
                => row < 0 || row >= sizes.Input.Height || column < 0 || column >= sizes.Input.Width ? 0
                    : x[((image * sizes.InputsPerGroup * sizes.Groups + channel) * sizes.Input.Height + row) * sizes.Input.Width + column];
        });

    [Fact]
    public void A_convolution_and_its_transpose_are_adjoint()
        => ForAnySizes(60, sizes =>
        {
            // <conv x, y> = <x, convTranspose y>, for the transposed convolution that gives back the input's size.
            var (x, weight) = (sizes.Images(Device.Reference), sizes.Weight(Device.Reference));
            var there = x.Conv2d(weight, null, sizes.Stride, (sizes.Padding.Height, sizes.Padding.Width), sizes.Dilation, sizes.Groups);
            var y = Tensor.Uniform(there.Shape, -1, 1, new Generator(sizes.Seed + 2), Device.Reference);
            Size2d Without(Size2d more) => ((there.Shape[2] - 1) * sizes.Stride.Height - 2 * sizes.Padding.Height + sizes.Dilation.Height * (sizes.Kernel.Height - 1) + 1 + more.Height, (there.Shape[3] - 1) * sizes.Stride.Width - 2 * sizes.Padding.Width + sizes.Dilation.Width * (sizes.Kernel.Width - 1) + 1 + more.Width);
            var least = Without(0);
            Size2d missing = (sizes.Input.Height - least.Height, sizes.Input.Width - least.Width);
            var back = y.ConvTranspose2d(weight, null, sizes.Stride, sizes.Padding, missing, sizes.Groups, sizes.Dilation);
            Assert.Equal(x.Shape, back.Shape);
            var (left, right) = ((there * y).Sum().Item(), (x * back).Sum().Item());
            Near.Assert([left], [right], 1e-12, 1 + Math.Abs(left), $"{sizes}");
        });

    [Fact]
    public void Shifting_the_image_shifts_the_result()
        => ForAnySizes(40, sizes =>
        {
            // Inside a border of zeros that the window does not leave, with stride 1.
            var (rows, columns) = (sizes.Dilation.Height * (sizes.Kernel.Height - 1) + 1, sizes.Dilation.Width * (sizes.Kernel.Width - 1) + 1);
            var weight = sizes.Weight(Device.Reference);
            var channels = sizes.InputsPerGroup * sizes.Groups;
            var blob = Tensor.Uniform([3, 4], -1, 1, new Generator(sizes.Seed + 3)).ToDoubleArray();
            var here = Convolved(0, 0);
            var there = Convolved(2, 3);
            for (var channel = 0; channel < here.Shape[1]; channel++)
                for (var row = 0; row + 2 < here.Shape[2]; row++)
                    for (var column = 0; column + 3 < here.Shape[3]; column++)
                        Assert.Equal(here[0, channel, row, column], there[0, channel, row + 2, column + 3], 1e-13);

            Tensor Convolved(int down, int right)
            {
                Size2d size = (2 * rows + 8, 2 * columns + 10);
                var pixels = new double[channels * size.Height * size.Width];
                for (var channel = 0; channel < channels; channel++)
                    for (var i = 0; i < blob.Length; i++)
                        pixels[(channel * size.Height + rows + down + i / 4) * size.Width + columns + right + i % 4] = blob[i] * (channel + 1);
                return Tensor.From(pixels, [1, channels, size.Height, size.Width], Device.Reference).Conv2d(weight, dilation: sizes.Dilation, groups: sizes.Groups);
            }
        });

    [Theory]
    [InlineData(17, 8, 16, 1, 12, 5, 0)] // several images in a block, and columns of taps apart
    [InlineData(3, 40, 50, 1, 21, 3, 1)] // three images in bands, a tail of two channels
    [InlineData(1, 9, 12, 1, 90, 3, 1)] // one image in many bands, and chunks of them
    [InlineData(40, 5, 7, 1, 7, 3, 1)] // small images that share the padding between them
    [InlineData(2, 450, 30, 1, 6, 1, 0)] // many terms
    [InlineData(2, 10, 420, 1, 8, 3, 1)] // many outputs
    [InlineData(5, 24, 24, 24, 40, 3, 1)] // each channel by itself
    public void Every_number_of_threads_gives_the_bits_of_one(int batch, int inputs, int outputs, int groups, int size, int kernel, int padding)
    {
        var fingerprints = new HashSet<string>();
        foreach (var count in new[] { 1, 2, 3 })
        {
            Device.Cpu.Threads = count;
            var results = Run(Device.Cpu);
            fingerprints.Add(Fingerprint.Of(results));
            if (count > 1)
                continue;
            var expected = Run(Device.Reference);
            for (var i = 0; i < expected.Length; i++)
                Near.Assert(expected[i].ToDoubleArray(), results[i].ToDoubleArray(), 3e-6, Near.Largest(expected[i].ToDoubleArray()), $"result {i}");
        }
        Assert.Single(fingerprints);

        Tensor[] Run(Device device)
        {
            var x = Tensor.Uniform([batch, inputs, size, size], -1, 1, new Generator(1), device);
            var layer = new Conv2d(inputs, outputs, kernel, padding: padding, groups: groups, generator: new Generator(2), device: device);
            x.RequiresGrad = true;
            var y = layer.Forward(x);
            y.Backward(Tensor.Uniform(y.Shape, -1, 1, new Generator(3), device));
            return [y, x.Grad!, layer.Weight.Grad!, layer.Bias!.Grad!];
        }
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result_and_zero_gradients()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.Full([0, 2, 5, 6], 0, device);
            x.RequiresGrad = true;
            var model = new Sequential(new Conv2d(2, 3, 3, device: device), new MaxPool2d(2), new GroupNorm(1, 3, device: device), new ConvTranspose2d(3, 2, 2, device: device), new AvgPool2d(2), new Flatten());
            var y = model.Forward(x);
            Assert.Equal([0, 2], y.Shape);
            y.Sum().Backward();
            Assert.All(model.Parameters().SelectMany(parameter => parameter.Grad!.ToArray()), number => Assert.Equal(0, number));
        }
    }

    [Fact]
    public void What_is_not_a_number_reaches_only_the_windows_that_see_it()
    {
        foreach (var device in Device.All)
        {
            var pixels = new double[36];
            pixels[14] = double.NaN; // row 2, column 2 of 6 x 6
            var image = Tensor.From(pixels, [1, 1, 6, 6], device);
            foreach (var outputs in new[] { 1, 3 })
            {
                var y = image.Conv2d(Tensor.Full([outputs, 1, 2, 2], 0.5, device), padding: 1).ToDoubleArray();
                for (var i = 0; i < y.Length; i++)
                    Assert.Equal(i / 7 % 7 is 2 or 3 && i % 7 is 2 or 3, double.IsNaN(y[i]));
            }
        }
    }

    /// <summary>What must have the same bits on every machine.</summary>
    internal static Tensor[] Results()
    {
        var x = Tensor.Uniform([3, 6, 9, 23], -1, 1, new Generator(7), Device.Cpu);
        x.RequiresGrad = true;
        var model = new Sequential(new Conv2d(6, 17, 3, stride: (1, 2), padding: 1, generator: new Generator(8), device: Device.Cpu), new BatchNorm2d(17, device: Device.Cpu), new Tanh(),
            new Conv2d(17, 17, 3, groups: 17, generator: new Generator(9), device: Device.Cpu), new MaxPool2d(2, stride: 1), new GroupNorm(1, 17, device: Device.Cpu),
            new ConvTranspose2d(17, 5, 2, stride: 2, generator: new Generator(10), device: Device.Cpu), new AvgPool2d(2), new Flatten(), new LayerNorm(270, device: Device.Cpu), new BatchNorm1d(270, device: Device.Cpu));
        var y = model.Forward(x);
        y.Backward(Tensor.Uniform(y.Shape, -1, 1, new Generator(11), Device.Cpu));
        return [y, x.Grad!, .. model.Parameters().Select(parameter => parameter.Grad!), .. model.NamedBuffers().Select(named => named.Buffer)];
    }

    private static void ForAnySizes(int count, Action<Sizes> property)
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20, 41), Prop.ForAll(AnySizes.ToArbitrary(), property));
}
