using System.Buffers;

namespace CourseKit;

/// <summary>
/// Random changes of images that leave their meaning: the network sees more of the world than was photographed. Works on
/// batches of shape N x channels x height x width; masks can be taken along and stay whole numbers (a pixel of a mask is
/// never mixed of two). Each image draws from a generator of its own, so the same seed gives the same images whatever
/// else was drawn, and steps are put together with <see cref="Compose"/>.
/// </summary>
/// <example><code>
/// var augmentation = Augmentation.Compose(new RandomHorizontalFlip(), new RandomRotation(10), new GaussianNoise(0.02));
/// var loader = new DataLoader(train, 64, transform: augmentation.ForInputs(new Generator(1)));
/// </code></example>
public abstract class Augmentation
{
    private protected Augmentation()
    {
    }

    /// <summary>Several steps, one after the other.</summary>
    public static Augmentation Compose(params IReadOnlyList<Augmentation> steps) => new Composition(steps);

    /// <summary>Changes each image. Gradients do not flow through it.</summary>
    /// <exception cref="ShapeException">The images have another number of axes than four.</exception>
    public Tensor Apply(Tensor images, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ShapeCheck.ImageBatch(GetType().Name, images.Shape);
        var result = Tensor.Empty(images.Shape, images.Device);
        Apply(images, result, isMask: false, Seeds(images.Shape[0], generator));
        return result;
    }

    /// <summary>Changes each image and, in the same way, its mask; noise is for images alone.</summary>
    /// <exception cref="ShapeException">There is not one mask of the same height and width for each image.</exception>
    public (Tensor Images, Tensor Masks) Apply(Tensor images, Tensor masks, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(masks);
        ShapeCheck.ImageBatch(GetType().Name, images.Shape);
        ShapeCheck.Masks(images.Shape, masks.Shape);
        var seeds = Seeds(images.Shape[0], generator);
        var results = (Images: Tensor.Empty(images.Shape, images.Device), Masks: Tensor.Empty(masks.Shape, masks.Device));
        Apply(images, results.Images, isMask: false, seeds);
        Apply(masks, results.Masks, isMask: true, seeds);
        return results;
    }

    /// <summary>For a <see cref="DataLoader"/> of images with targets or classes: the inputs of every batch are changed.</summary>
    public Func<TensorDataset, TensorDataset> ForInputs(Generator? generator = null) => batch => batch.WithInputs(Apply(batch.Inputs, generator));

    /// <summary>For a <see cref="DataLoader"/> of images with masks as targets: both are changed alike.</summary>
    public Func<TensorDataset, TensorDataset> ForInputsAndMasks(Generator? generator = null) => batch =>
    {
        var (images, masks) = Apply(batch.Inputs, batch.Targets, generator);
        return new TensorDataset(images, masks);
    };

    /// <summary>Changes one image in place. Draws the same numbers for a mask as for its image, as far as both are moved.</summary>
    internal abstract void Change(Raster image, Generator generator);

    private static ulong[] Seeds(int count, Generator? generator)
    {
        generator ??= Generator.Default;
        var seeds = new ulong[count];
        foreach (ref var seed in seeds.AsSpan())
            seed = (ulong)generator.NextUInt32() << 32 | generator.NextUInt32();
        return seeds;
    }

    private void Apply(Tensor images, Tensor result, bool isMask, ulong[] seeds)
    {
        var shape = images.Shape;
        var raster = new Raster(new double[shape[1] * shape[2] * shape[3]], shape[1], shape[2], shape[3], isMask);
        for (var n = 0; n < seeds.Length; n++)
        {
            images.Device.Read(At(images), raster.Pixels);
            Change(raster, new Generator(seeds[n]));
            result.Device.Write((ReadOnlySpan<double>)raster.Pixels, At(result));

            StorageView At(Tensor tensor) => tensor.View with { Offset = tensor.View.Offset + n * raster.Pixels.Length, Length = raster.Pixels.Length };
        }
    }

    private sealed class Composition(IReadOnlyList<Augmentation> steps) : Augmentation
    {
        // Each step has a generator of its own: a step that draws for images alone must not shift what the next one draws for a mask.
        internal override void Change(Raster image, Generator generator)
        {
            foreach (var step in steps)
                step.Change(image, new Generator((ulong)generator.NextUInt32() << 32 | generator.NextUInt32()));
        }
    }
}

/// <summary>Mirrors an image left to right, or leaves it, at random.</summary>
public sealed class RandomHorizontalFlip : Augmentation
{
    private readonly double probability;

    /// <summary>With the given probability of being mirrored.</summary>
    public RandomHorizontalFlip(double probability = 0.5)
        => this.probability = ArgumentCheck.Between(nameof(RandomHorizontalFlip), "a probability", probability, 0, 1, "it is the share of images that are mirrored");

    internal override void Change(Raster image, Generator generator)
    {
        if (generator.Uniform() < probability)
            image.Move((row, column) => (row, image.Width - 1 - column));
    }
}

/// <summary>Mirrors an image top to bottom, or leaves it, at random.</summary>
public sealed class RandomVerticalFlip : Augmentation
{
    private readonly double probability;

    /// <summary>With the given probability of being mirrored.</summary>
    public RandomVerticalFlip(double probability = 0.5)
        => this.probability = ArgumentCheck.Between(nameof(RandomVerticalFlip), "a probability", probability, 0, 1, "it is the share of images that are mirrored");

    internal override void Change(Raster image, Generator generator)
    {
        if (generator.Uniform() < probability)
            image.Move((row, column) => (image.Height - 1 - row, column));
    }
}

/// <summary>Turns an image about its middle by a random angle; what comes in from outside is 0.</summary>
public sealed class RandomRotation : Augmentation
{
    private readonly double from, to;

    /// <summary>By an angle from -<paramref name="degrees"/> to <paramref name="degrees"/>.</summary>
    public RandomRotation(double degrees) : this(-Math.Abs(degrees), Math.Abs(degrees))
    {
    }

    /// <summary>By an angle between two, in degrees, counter-clockwise.</summary>
    public RandomRotation(double from, double to)
    {
        if (!(from <= to) || !double.IsFinite(from) || !double.IsFinite(to))
            throw new ArgumentException(FormattableString.Invariant($"RandomRotation got the angles {from} to {to}: two numbers of degrees are wanted, the smaller one first."));
        (this.from, this.to) = (from, to);
    }

    internal override void Change(Raster image, Generator generator)
    {
        var (sine, cosine) = double.SinCosPi((from + (to - from) * generator.Uniform()) / 180);
        double middleRow = (image.Height - 1) / 2.0, middleColumn = (image.Width - 1) / 2.0;
        image.Move((row, column) =>
        {
            double y = row - middleRow, x = column - middleColumn; // y points down
            return (middleRow + x * sine + y * cosine, middleColumn + x * cosine - y * sine);
        });
    }
}

/// <summary>Shifts an image by a random number of whole pixels; what comes in from outside is 0.</summary>
public sealed class RandomShift : Augmentation
{
    private readonly int rows, columns;

    /// <summary>By up to so many rows up or down and columns left or right.</summary>
    public RandomShift(int rows, int columns)
    {
        ArgumentCheck.AtLeast(0, nameof(RandomShift), nameof(rows), rows);
        ArgumentCheck.AtLeast(0, nameof(RandomShift), nameof(columns), columns);
        (this.rows, this.columns) = (rows, columns);
    }

    internal override void Change(Raster image, Generator generator)
    {
        var down = generator.NextInt(2 * rows + 1) - rows;
        var right = generator.NextInt(2 * columns + 1) - columns;
        image.Move((row, column) => (row - down, column - right));
    }
}

/// <summary>
/// Bends an image as if drawn on rubber: every pixel is fetched from a place moved by alpha times a random field that a
/// Gaussian has smoothed (Simard, Steinkraus, Platt 2003, "Best practices for convolutional neural networks"); what comes in
/// from outside is 0. Alpha is in pixels of the unsmoothed field; torchvision's ElasticTransform moves half as far for the same number.
/// </summary>
public sealed class ElasticDeformation : Augmentation
{
    private const double MostSigma = 10_000; // wider than any picture

    private readonly double alpha;
    private readonly double[] kernel;

    /// <summary>For handwritten digits of 28 x 28 pixels the paper found alpha 34 and sigma 4 best.</summary>
    /// <param name="alpha">How far, in pixels, before smoothing.</param>
    /// <param name="sigma">The standard deviation of the Gaussian in pixels: small gives jitter, large gives a shift.</param>
    public ElasticDeformation(double alpha = 34, double sigma = 4)
    {
        if (!double.IsFinite(alpha) || !double.IsFinite(sigma) || alpha < 0 || sigma <= 0 || sigma > MostSigma)
            throw new ArgumentException(FormattableString.Invariant($"ElasticDeformation got alpha {alpha} and sigma {sigma}: alpha must not be negative, and sigma must be above 0 and at most {MostSigma} pixels."));
        this.alpha = alpha;
        var radius = (int)Math.Ceiling(4 * sigma);
        kernel = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        var sum = kernel.Sum();
        foreach (ref var weight in kernel.AsSpan())
            weight /= sum;
    }

    internal override void Change(Raster image, Generator generator)
    {
        var down = Field(image, generator);
        var right = Field(image, generator);
        image.Move((row, column) => (row + down[row * image.Width + column], column + right[row * image.Width + column]));
    }

    private double[] Field(Raster image, Generator generator)
    {
        var field = new double[image.Height * image.Width];
        foreach (ref var value in field.AsSpan())
            value = alpha * (2 * generator.Uniform() - 1);
        var smoothed = new double[field.Length];
        Smooth(field, smoothed, image.Height, image.Width, image.Width, 1);
        Smooth(smoothed, field, image.Width, image.Height, 1, image.Width);
        return field;
    }

    /// <summary>Along lines of <paramref name="length"/> numbers <paramref name="step"/> apart; outside is 0.</summary>
    private void Smooth(double[] from, double[] to, int lines, int length, int lineStep, int step)
    {
        var radius = kernel.Length / 2;
        for (var line = 0; line < lines; line++)
            for (var i = 0; i < length; i++)
            {
                var sum = 0.0;
                for (var j = Math.Max(0, i - radius); j <= Math.Min(length - 1, i + radius); j++)
                    sum += kernel[j - i + radius] * from[line * lineStep + j * step];
                to[line * lineStep + i * step] = sum;
            }
    }
}

/// <summary>Adds noise from the normal distribution with mean 0 to every number of an image. Masks stay as they are.</summary>
public sealed class GaussianNoise : Augmentation
{
    private readonly double standardDeviation;

    /// <summary>With the given standard deviation, in the units of the images.</summary>
    public GaussianNoise(double standardDeviation = 0.1)
    {
        this.standardDeviation = ArgumentCheck.NotNegative(nameof(GaussianNoise), "standard deviation", standardDeviation);
    }

    internal override void Change(Raster image, Generator generator)
    {
        if (image.IsMask)
            return;
        foreach (ref var pixel in image.Pixels.AsSpan())
            pixel += standardDeviation * generator.Normal();
    }
}

/// <summary>One image while it is being changed: channels x height x width.</summary>
internal sealed class Raster(double[] pixels, int channels, int height, int width, bool isMask)
{
    public double[] Pixels { get; } = pixels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public bool IsMask { get; } = isMask;

    /// <summary>Fetches every pixel from somewhere else: images between the four nearest pixels (bilinear), masks from the nearest.</summary>
    /// <param name="source">Where the pixel of a row and column comes from.</param>
    public void Move(Func<int, int, (double Row, double Column)> source)
    {
        var before = ArrayPool<double>.Shared.Rent(Pixels.Length);
        Pixels.CopyTo(before, 0);
        var plane = Height * Width;
        for (var row = 0; row < Height; row++)
            for (var column = 0; column < Width; column++)
            {
                var (y, x) = source(row, column);
                if (IsMask)
                    (y, x) = (Math.Floor(y + 0.5), Math.Floor(x + 0.5));
                var (top, left) = (Math.Floor(y), Math.Floor(x));
                var (down, right) = (y - top, x - left);
                for (var channel = 0; channel < channels; channel++)
                {
                    var from = before.AsSpan(channel * plane, plane);
                    Pixels[channel * plane + row * Width + column] =
                        Weighted(from, (1 - down) * (1 - right), top, left) + Weighted(from, (1 - down) * right, top, left + 1)
                        + Weighted(from, down * (1 - right), top + 1, left) + Weighted(from, down * right, top + 1, left + 1);
                }
            }
        ArrayPool<double>.Shared.Return(before);
    }

    // Outside is 0. A pixel of weight 0 is not looked at: an infinite or missing number in it would spread.
    private double Weighted(ReadOnlySpan<double> plane, double weight, double row, double column)
        => weight != 0 && row >= 0 && row < Height && column >= 0 && column < Width ? weight * plane[(int)row * Width + (int)column] : 0;
}
