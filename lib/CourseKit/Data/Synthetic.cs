using System.Runtime.CompilerServices;

namespace CourseKit;

/// <summary>
/// Data made by a formula, with an answer that is known: for pictures, and for finding out what a network can and cannot do.
/// The same seed gives the same data.
/// </summary>
public static class Synthetic
{
    /// <summary>Two half moons that reach into each other: (N, 2) and the classes 0 (upper) and 1 (lower), half of each.</summary>
    /// <param name="count">Examples; an odd one goes to the lower moon.</param>
    /// <param name="noise">Standard deviation of what is added to each coordinate; the moons have radius 1.</param>
    /// <param name="generator">Where the noise comes from; the shared one by default.</param>
    /// <param name="device">Where the inputs are; the default device by default.</param>
    public static TensorDataset Moons(int count, double noise = 0.1, Generator? generator = null, Device? device = null)
    {
        var upper = count / 2;
        return Points(count, noise, generator, device, i =>
        {
            var lower = i >= upper;
            var (sine, cosine) = Math.SinCos(Math.PI * Part(lower ? i - upper : i, lower ? count - upper : upper));
            return lower ? (1 - cosine, 0.5 - sine, 1) : (cosine, sine, 0);
        });
    }

    /// <summary>A ring inside another: (N, 2) and the classes 0 (outer, radius 1) and 1 (inner), half of each.</summary>
    /// <param name="count">Examples; an odd one goes to the inner ring.</param>
    /// <param name="noise">Standard deviation of what is added to each coordinate.</param>
    /// <param name="factor">The radius of the inner ring, between 0 and 1.</param>
    /// <param name="generator">Where the noise comes from; the shared one by default.</param>
    /// <param name="device">Where the inputs are; the default device by default.</param>
    public static TensorDataset Rings(int count, double noise = 0.05, double factor = 0.5, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.Between("Synthetic.Rings", nameof(factor), factor, 0, 1, "it is the inner radius as a share of the outer");
        var outer = count / 2;
        return Points(count, noise, generator, device, i =>
        {
            var inner = i >= outer;
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (inner ? (double)(i - outer) / (count - outer) : (double)i / outer));
            return inner ? (factor * cosine, factor * sine, 1) : (cosine, sine, 0);
        });
    }

    /// <summary>Spiral arms wound about each other (Lang and Witbrock 1988): (N, 2) in the unit disk, one class for each arm.</summary>
    /// <param name="count">Examples; example i is of class i mod arms.</param>
    /// <param name="arms">How many arms.</param>
    /// <param name="turns">How often each goes round.</param>
    /// <param name="noise">Standard deviation of what is added to each coordinate.</param>
    /// <param name="generator">Where the noise comes from; the shared one by default.</param>
    /// <param name="device">Where the inputs are; the default device by default.</param>
    public static TensorDataset Spirals(int count, int arms = 2, double turns = 1.5, double noise = 0.02, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, "Synthetic.Spirals", nameof(arms), arms);
        var perArm = (count + arms - 1) / arms;
        return Points(count, noise, generator, device, i =>
        {
            var radius = (1.0 + i / arms) / perArm; // from just outside the middle, where all arms meet, to 1
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (turns * radius + (double)(i % arms) / arms));
            return (radius * cosine, radius * sine, i % arms);
        });
    }

    /// <summary>The corners of a square with the exclusive or of their coordinates as class: (N, 2). Four examples without noise are the truth table itself.</summary>
    /// <param name="count">Examples; example i lies at the corner (i / 2 mod 2, i mod 2).</param>
    /// <param name="noise">Standard deviation of what is added to each coordinate.</param>
    /// <param name="generator">Where the noise comes from; the shared one by default.</param>
    /// <param name="device">Where the inputs are; the default device by default.</param>
    public static TensorDataset Xor(int count = 4, double noise = 0, Generator? generator = null, Device? device = null)
        => Points(count, noise, generator, device, i => (i / 2 % 2, i % 2, i / 2 % 2 ^ i % 2));

    /// <summary>Round clouds: (N, features) and the cloud of each example as its class; example i is of class i mod centers.</summary>
    /// <param name="count">Examples.</param>
    /// <param name="centers">The middle of each cloud, centers x features.</param>
    /// <param name="standardDeviation">Of each feature within a cloud.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the inputs are; the default device by default.</param>
    /// <exception cref="ShapeException">The centers are no matrix.</exception>
    public static TensorDataset Blobs(int count, Tensor centers, double standardDeviation = 1, Generator? generator = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(centers);
        ShapeCheck.Matrix("Synthetic.Blobs", centers.Shape);
        ShapeCheck.Rows(0, 1, centers.Shape);
        ArgumentCheck.AtLeast(1, "Synthetic.Blobs", nameof(count), count);
        ArgumentCheck.NotNegative("Synthetic.Blobs", "standard deviation", standardDeviation);
        generator ??= Generator.Default;
        var (middles, clouds, features) = (centers.ToDoubleArray(), centers.Shape[0], centers.Shape[1]);
        var values = new double[Shape.Create(count, features).ElementCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = middles[i / features % clouds * features + i % features] + standardDeviation * generator.Normal();
        return new TensorDataset(Tensor.From(values, [count, features], device), IntTensor.From([.. Enumerable.Range(0, count).Select(i => i % clouds)]));
    }

    /// <summary>Round clouds whose middles are drawn evenly from -10 to 10.</summary>
    /// <inheritdoc cref="Blobs(int, Tensor, double, Generator?, Device?)"/>
    public static TensorDataset Blobs(int count, int centers = 3, int features = 2, double standardDeviation = 1, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, "Synthetic.Blobs", nameof(centers), centers);
        ArgumentCheck.AtLeast(1, "Synthetic.Blobs", nameof(features), features);
        return Blobs(count, Tensor.Uniform([centers, features], -10, 10, generator, Device.Reference), standardDeviation, generator, device);
    }

    /// <summary>
    /// Two normal clouds of standard deviation 1, one of them rare, as a disease is: (N, features), class 1 for the rare one,
    /// in random order. Were both equally frequent, the best possible classifier would be right with probability Phi(distance / 2).
    /// </summary>
    /// <param name="count">Examples.</param>
    /// <param name="positiveFraction">The share of class 1; their number is rounded.</param>
    /// <param name="distance">Between the two middles, in standard deviations.</param>
    /// <param name="features">Axes; the clouds differ along the diagonal of all of them.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the inputs are; the default device by default.</param>
    public static TensorDataset ImbalancedGaussians(int count, double positiveFraction = 0.05, double distance = 2, int features = 2, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, "Synthetic.ImbalancedGaussians", nameof(count), count);
        ArgumentCheck.AtLeast(1, "Synthetic.ImbalancedGaussians", nameof(features), features);
        ArgumentCheck.Between("Synthetic.ImbalancedGaussians", nameof(positiveFraction), positiveFraction, 0, 1, "it is the share of class 1");
        generator ??= Generator.Default;
        var positives = (int)Math.Round(count * positiveFraction);
        var classes = Array.ConvertAll(generator.Permutation(count), place => place < positives ? 1 : 0);
        var half = distance / 2 / Math.Sqrt(features);
        var values = new double[count * features];
        for (var i = 0; i < values.Length; i++)
            values[i] = (classes[i / features] == 1 ? half : -half) + generator.Normal();
        return new TensorDataset(Tensor.From(values, [count, features], device), IntTensor.From(classes));
    }

    /// <summary>A sine with noise, for regression: inputs x (N, 1), evenly spaced, and targets sin(x) + noise (N, 1).</summary>
    /// <param name="count">Examples.</param>
    /// <param name="noise">Standard deviation of what is added to the targets.</param>
    /// <param name="from">The first x.</param>
    /// <param name="to">The last x.</param>
    /// <param name="generator">Where the noise comes from; the shared one by default.</param>
    /// <param name="device">Where the tensors are; the default device by default.</param>
    public static TensorDataset Sine(int count, double noise = 0.1, double from = 0, double to = 2 * Math.PI, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, "Synthetic.Sine", nameof(count), count);
        ArgumentCheck.NotNegative("Synthetic.Sine", "noise", noise);
        generator ??= Generator.Default;
        var x = Enumerable.Range(0, count).Select(i => from + (to - from) * Part(i, count)).ToArray();
        var y = Array.ConvertAll(x, value => Math.Sin(value) + noise * generator.Normal());
        return new TensorDataset(Tensor.From(x, [count, 1], device), Tensor.From(y, [count, 1], device));
    }

    /// <summary>
    /// The adding problem, a test of a recurrent network's memory (Hochreiter and Schmidhuber 1997): sequences (N, length, 2) of
    /// a number from 0 to 1 and a mark, which is 1 at two places, one in each half, and 0 elsewhere. The target (N, 1) is the sum
    /// of the two marked numbers. Always answering 1 has the mean squared error 1/6.
    /// </summary>
    /// <param name="count">Sequences.</param>
    /// <param name="length">Steps of each, at least 2.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the tensors are; the default device by default.</param>
    public static TensorDataset AddingProblem(int count, int length, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, "Synthetic.AddingProblem", nameof(count), count);
        ArgumentCheck.AtLeast(2, "Synthetic.AddingProblem", nameof(length), length);
        generator ??= Generator.Default;
        var inputs = new double[Shape.Create(count, length, 2).ElementCount];
        var targets = new double[count];
        for (var n = 0; n < count; n++)
        {
            var sequence = inputs.AsSpan(n * length * 2, length * 2);
            for (var step = 0; step < length; step++)
                sequence[2 * step] = generator.Uniform();
            foreach (var step in new[] { generator.NextInt(length / 2), length / 2 + generator.NextInt(length - length / 2) })
            {
                sequence[2 * step + 1] = 1;
                targets[n] += sequence[2 * step];
            }
        }
        return new TensorDataset(Tensor.From(inputs, [count, length, 2], device), Tensor.From(targets, [count, 1], device));
    }

    /// <summary>
    /// The head phantom of computed tomography, ten ellipses (Shepp and Logan 1974, "The Fourier reconstruction of a head
    /// section"), as an image of size x size over the square from -1 to 1, row 0 at the top; a pixel has the value at its middle.
    /// </summary>
    /// <param name="size">Pixels of an edge.</param>
    /// <param name="modified">True: the contrast of Toft (1996), from 0 to 1, in which the tissues can be told apart by eye. False: that of the paper, from 0 to 2 with differences of 0.01 within the brain.</param>
    /// <param name="device">Where the image is; the default device by default.</param>
    public static Tensor SheppLogan(int size, bool modified = true, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, "Synthetic.SheppLogan", nameof(size), size);
        var image = new double[Shape.Create(size, size).ElementCount];
        for (var row = 0; row < size; row++)
            for (var column = 0; column < size; column++)
            {
                double x = (2 * column + 1.0) / size - 1, y = 1 - (2 * row + 1.0) / size;
                foreach (var ellipse in Head)
                    if (ellipse.Holds(x, y))
                        image[row * size + column] += modified ? ellipse.Modified : ellipse.Original;
            }
        return Tensor.From(image, [size, size], device);
    }

    // Middle, half axes, angle in degrees, and what is added inside, as in the paper's table and in Toft's.
    private static readonly Ellipse[] Head =
    [
        new(0, 0, 0.69, 0.92, 0, 2, 1),
        new(0, -0.0184, 0.6624, 0.874, 0, -0.98, -0.8),
        new(0.22, 0, 0.11, 0.31, -18, -0.02, -0.2),
        new(-0.22, 0, 0.16, 0.41, 18, -0.02, -0.2),
        new(0, 0.35, 0.21, 0.25, 0, 0.01, 0.1),
        new(0, 0.1, 0.046, 0.046, 0, 0.01, 0.1),
        new(0, -0.1, 0.046, 0.046, 0, 0.01, 0.1),
        new(-0.08, -0.605, 0.046, 0.023, 0, 0.01, 0.1),
        new(0, -0.606, 0.023, 0.023, 0, 0.01, 0.1),
        new(0.06, -0.605, 0.023, 0.046, 0, 0.01, 0.1),
    ];

    private readonly record struct Ellipse(double X, double Y, double A, double B, double Degrees, double Original, double Modified)
    {
        public bool Holds(double x, double y)
        {
            var (sine, cosine) = double.SinCosPi(Degrees / 180);
            double along = ((x - X) * cosine + (y - Y) * sine) / A, across = ((y - Y) * cosine - (x - X) * sine) / B;
            return along * along + across * across <= 1;
        }
    }

    private static TensorDataset Points(int count, double noise, Generator? generator, Device? device, Func<int, (double X, double Y, int Class)> point, [CallerMemberName] string name = "")
    {
        ArgumentCheck.AtLeast(1, $"Synthetic.{name}", nameof(count), count);
        ArgumentCheck.NotNegative($"Synthetic.{name}", "noise", noise);
        generator ??= Generator.Default;
        var (values, classes) = (new double[2 * count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            (var x, var y, classes[i]) = point(i);
            values[2 * i] = x + noise * generator.Normal();
            values[2 * i + 1] = y + noise * generator.Normal();
        }
        return new TensorDataset(Tensor.From(values, [count, 2], device), IntTensor.From(classes));
    }

    /// <summary>From 0 for the first to 1 for the last.</summary>
    private static double Part(int i, int count) => count == 1 ? 0 : (double)i / (count - 1);
}
