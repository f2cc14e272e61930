using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>The Radon transform against what can be worked out by hand, its adjoint, and filtered back-projection.</summary>
public class RadonTransformTests
{
    [Fact]
    public void At_0_degrees_a_view_holds_the_columns_and_at_90_the_rows_from_below()
    {
        var image = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 90 } }, Device.Reference);
        var sinogram = new RadonTransform(3, [0, 90, 180, 270], detectors: 3).Forward(image);
        Near.Assert([12, 15, 99, 105, 15, 6, 99, 15, 12, 6, 15, 105], sinogram.ToDoubleArray(), 1e-6, 1, "sinogram");
    }

    [Fact]
    public void At_45_degrees_a_pixel_throws_the_shadow_of_a_square_on_its_corner()
    {
        // One pixel: a triangle of width sqrt(2) and height sqrt(2), in detectors of half its width.
        var half = Math.Sqrt(0.5);
        var sinogram = new RadonTransform(1, [45], detectors: 4, spacing: half / 2).Forward(Tensor.Full([1, 1], 1, Device.Reference));
        var (outer, inner) = (0.125 / (half / 2), 0.375 / (half / 2)); // areas over the detector's width
        Near.Assert([outer, inner, inner, outer], sinogram.ToDoubleArray(), 1e-6, 1, "shadow");
    }

    [Fact]
    public void Every_view_holds_the_whole_mass_of_the_image()
    {
        var image = Tensor.Uniform([2, 3, 17, 17], 0, 1, new Generator(1), Device.Reference);
        foreach (var spacing in new[] { 0.7, 1, 1.9 })
        {
            var radon = new RadonTransform(17, [0, 10, 45, 77, 90, 135, 163.2], spacing: spacing);
            var sinogram = radon.Forward(image);
            Assert.Equal([2, 3, 7, radon.Detectors], sinogram.Shape);
            var masses = (sinogram.Sum(-1) * spacing).ToDoubleArray();
            var expected = image.Reshape(6, -1).Sum(-1).ToDoubleArray().SelectMany(mass => Enumerable.Repeat(mass, 7)).ToArray();
            Near.Assert(expected, masses, 1e-6, 1, $"mass at spacing {spacing}");
        }
    }

    [Fact]
    public void The_sinogram_of_a_Gaussian_is_the_one_worked_out_by_hand()
    {
        const double Sigma = 4;
        var (x0, y0) = (9.0, -5.0);
        var image = Image(64, (x, y) => Math.Exp(-((x - x0) * (x - x0) + (y - y0) * (y - y0)) / (2 * Sigma * Sigma)));
        var radon = new RadonTransform(64, [0, 20, 50, 90, 111.5, 160]);
        var sinogram = radon.Forward(image);
        var expected = radon.AnglesInDegrees.SelectMany(angle =>
        {
            var (sine, cosine) = Math.SinCos(angle * Math.PI / 180);
            var centre = x0 * cosine + y0 * sine;
            // A square pixel and a detector of width 1 blur: each adds its variance, 1/12, but where a column falls on one detector.
            var variance = Sigma * Sigma + (angle is 0 or 90 ? 0 : 2.0 / 12);
            return Enumerable.Range(0, radon.Detectors).Select(d => d - (radon.Detectors - 1) / 2.0).Select(t =>
                2 * Math.PI * Sigma * Sigma / Math.Sqrt(2 * Math.PI * variance) * Math.Exp(-(t - centre) * (t - centre) / (2 * variance)));
        }).ToArray();
        Near.Assert(expected, sinogram.ToDoubleArray(), 5e-5, Near.Largest(expected), "sinogram");
    }

    [Fact]
    public void The_sinogram_of_an_ellipse_is_the_one_worked_out_by_hand()
    {
        // Half axes 40 and 22, turned by 30 degrees, off the centre, of density 0.02.
        var (a, b, turn, x0, y0, density) = (40.0, 22.0, 30 * Math.PI / 180, 7.0, -4.0, 0.02);
        var image = Image(128, (x, y) => density * Inside(x, y), samples: 8);
        var radon = new RadonTransform(128, 24);
        var (largest, inside) = (0.0, 0.0);
        var sinogram = radon.Forward(image).ToDoubleArray();
        for (var view = 0; view < radon.Views; view++)
        {
            var angle = radon.AnglesInDegrees[view] * Math.PI / 180;
            var centre = x0 * Math.Cos(angle) + y0 * Math.Sin(angle);
            var square = a * a * Math.Pow(Math.Cos(angle - turn), 2) + b * b * Math.Pow(Math.Sin(angle - turn), 2);
            for (var detector = 0; detector < radon.Detectors; detector++)
            {
                // A chord is 2 a b sqrt(s^2 - t^2) / s^2 (Kak and Slaney 1988, equation 3.13); the mean over the detector's width.
                var t = detector - (radon.Detectors - 1) / 2.0 - centre;
                var mean = Enumerable.Range(0, 64).Average(i => Math.Sqrt(Math.Max(0, square - Math.Pow(t - 0.5 + (i + 0.5) / 64, 2)))) * 2 * a * b * density / square;
                var error = Math.Abs(mean - sinogram[view * radon.Detectors + detector]);
                largest = Math.Max(largest, error);
                if (t * t < 0.9 * square)
                    inside = Math.Max(inside, error);
            }
        }
        // Against a largest value of 1.6: where rays graze the ellipse, the pixels soften its edge.
        Assert.InRange(largest, 0, 0.045);
        Assert.InRange(inside, 0, 0.01);

        double Inside(double x, double y)
        {
            var (u, v) = ((x - x0) * Math.Cos(turn) + (y - y0) * Math.Sin(turn), (y - y0) * Math.Cos(turn) - (x - x0) * Math.Sin(turn));
            return u * u / (a * a) + v * v / (b * b) <= 1 ? 1 : 0;
        }
    }

    [Fact]
    public void Back_projection_is_the_exact_adjoint()
        => Check.One(Config.QuickThrowOnFailure.WithReplay(1234567, 7654321).WithMaxTest(40), Prop.ForAll(
            (from size in Gen.Choose(1, 24)
             from views in Gen.Choose(1, 9)
             from detectors in Gen.Choose(1, 40)
             from spacing in Gen.Choose(3, 30)
             from turn in Gen.Choose(0, 359)
             select (size, views, detectors, spacing / 10.0, turn)).ToArbitrary(), geometry =>
        {
            var (size, views, detectors, spacing, turn) = geometry;
            var radon = new RadonTransform(size, [.. Enumerable.Range(0, views).Select(view => turn + 37.7 * view)], detectors, spacing);
            var x = Tensor.Uniform([size, size], -1, 1, new Generator(1), Device.Reference);
            var y = Tensor.Uniform([views, detectors], -1, 1, new Generator(2), Device.Reference);
            Near.Assert([(radon.Forward(x) * y).Sum().Item()], [(x * radon.BackProjection(y)).Sum().Item()], 1e-10, 1, "dot product");
        }));

    [Fact]
    public void The_gradient_of_least_squares_is_the_back_projection_of_the_residual()
    {
        var radon = new RadonTransform(16, 10);
        var x = Tensor.Uniform([16, 16], 0, 1, new Generator(1), Device.Reference);
        var measured = Tensor.Uniform([10, radon.Detectors], 0, 1, new Generator(2), Device.Reference);
        x.RequiresGrad = true;
        ((radon.Forward(x) - measured).Square().Sum() * 0.5).Backward();
        Near.Assert(radon.BackProjection(radon.Forward(x) - measured).ToDoubleArray(), x.Grad!.ToDoubleArray(), 1e-12, 1, "gradient");
    }

    [Fact]
    public void A_constant_sinogram_is_projected_back_evenly_at_every_angle()
    {
        foreach (var angle in new[] { 0, 17.0, 45, 60, 90 })
        {
            var radon = new RadonTransform(20, [angle]);
            var image = radon.BackProjection(Tensor.Full([1, radon.Detectors], 3, Device.Reference));
            Near.Assert(Enumerable.Repeat(3.0, 400).ToArray(), image.ToDoubleArray(), 1e-6, 1, $"at {angle} degrees");
        }
    }

    [Theory]
    [InlineData(RampFilter.RamLak, 0.003)]
    [InlineData(RampFilter.SheppLogan, 0.01)]
    [InlineData(RampFilter.Cosine, 0.02)]
    [InlineData(RampFilter.Hamming, 0.02)]
    [InlineData(RampFilter.Hann, 0.025)]
    public void Filtered_back_projection_of_many_views_gives_a_Gaussian_back(RampFilter filter, double tolerance)
    {
        foreach (var spacing in new[] { 1, 0.5 })
        {
            // The square of a pixel and the width of a detector blur on the way there and on the way back: twice their variances.
            var blurred = 25 + 2 * (1 + spacing * spacing) / 12;
            Tensor Gaussian(double variance) => Image(64, (x, y) => 2 * 25 / variance * Math.Exp(-((x - 6) * (x - 6) + (y + 5) * (y + 5)) / (2 * variance)));
            var radon = new RadonTransform(64, 120, spacing: spacing);
            var picture = radon.FilteredBackProjection(radon.Forward(Gaussian(25)), filter);
            Near.Assert(Gaussian(blurred).ToDoubleArray(), picture.ToDoubleArray(), tolerance, 2, $"{filter}, spacing {spacing}");
        }
    }

    [Fact]
    public void Filtered_back_projection_of_a_disk_has_the_right_density_inside_and_none_outside()
    {
        var image = Image(128, (x, y) => (x - 10) * (x - 10) + (y - 5) * (y - 5) <= 35 * 35 ? 0.7 : 0, samples: 8);
        var radon = new RadonTransform(128, 180);
        var picture = radon.FilteredBackProjection(radon.Forward(image)).ToMatrix();
        var (inside, outside) = (new List<double>(), new List<double>());
        for (var row = 0; row < 128; row++)
            for (var column = 0; column < 128; column++)
            {
                var (x, y) = (column - 63.5 - 10, 63.5 - row - 5);
                var distance = Math.Sqrt(x * x + y * y);
                if (distance < 31)
                    inside.Add(picture[row, column]);
                else if (distance is > 39 and < 55)
                    outside.Add(picture[row, column]);
            }
        Assert.InRange(inside.Average(), 0.7 * 0.995, 0.7 * 1.005);
        Assert.InRange(inside.Min(), 0.7 * 0.97, 0.7);
        Assert.InRange(inside.Max(), 0.7, 0.7 * 1.03);
        Assert.InRange(outside.Average(), -0.005, 0.005);
    }

    [Fact]
    public void Views_that_are_uneven_or_turn_all_around_weigh_what_they_stand_for()
    {
        var image = Image(48, (x, y) => Math.Exp(-(x * x + y * y) / (2 * 20)));
        double[] uneven = [.. Enumerable.Range(0, 60).Select(i => 1.5 * i), .. Enumerable.Range(0, 30).Select(i => 90 + 3.0 * i)];
        double[] around = [.. Enumerable.Range(0, 180).Select(i => 2.0 * i)];
        foreach (var angles in new[] { uneven, around })
        {
            var radon = new RadonTransform(48, angles);
            Near.Assert(image.ToDoubleArray(), radon.FilteredBackProjection(radon.Forward(image)).ToDoubleArray(), 0.02, 1, "picture");
        }
    }

    [Fact]
    public void The_filter_is_a_ramp_that_does_not_quite_vanish_at_frequency_0()
    {
        foreach (var spacing in new[] { 1, 2.0 })
        {
            var response = new RowFilter(256, spacing, RampFilter.RamLak).Response;
            var step = 1 / (response.Count * spacing);
            for (var k = 0; k <= response.Count / 2; k++)
                Assert.InRange(response[k], (k - 0.25) * step, (k + 0.25) * step);
            // Not 0, or every picture would be too dark: what the ramp has beyond the padded row, 2 / (pi^2 length).
            Assert.InRange(response[0], 0.99 * 2 / (Math.PI * Math.PI) * step, 1.01 * 2 / (Math.PI * Math.PI) * step);
        }
        var hann = new RowFilter(256, 1, RampFilter.Hann).Response;
        Assert.Equal(0, hann[hann.Count / 2], 1e-12);
    }

    [Fact]
    public void An_image_of_256_pixels_and_180_views_takes_the_memory_the_documentation_names()
    {
        var radon = new RadonTransform(256, 40);
        Assert.Equal((40, 364), (radon.Views, radon.Detectors));
        Assert.InRange(radon.Matrix.ByteCount / 1e6, 46, 49);
        Assert.InRange(radon.Matrix.ByteCount / 1e6 / 40 * 180, 209, 219);
        Assert.Same(radon.Matrix, new RadonTransform(256, 40).Matrix); // made once for a geometry
        Assert.NotSame(radon.Matrix, new RadonTransform(256, 40, spacing: 1.1).Matrix);
    }

    [Fact]
    public void Gradient_descent_finds_the_image_of_a_consistent_sinogram()
    {
        var image = Image(24, (x, y) => x * x + y * y <= 64 ? 1 : 0).To(Device.Cpu);
        var radon = new RadonTransform(24, 36);
        var measured = radon.Forward(image);
        var x = Tensor.Full([24, 24], 0, Device.Cpu);
        var step = 1 / Math.Pow(radon.Matrix.SpectralNorm(), 2);
        for (var i = 0; i < 200; i++)
            x -= radon.BackProjection(radon.Forward(x) - measured) * step;
        Assert.InRange((x - image).Square().Mean().Item(), 0, 2e-3);
    }

    /// <summary>An image of a function of the place, in the coordinates of the transform; the mean of samples x samples places in a pixel.</summary>
    private static Tensor Image(int size, Func<double, double, double> function, int samples = 1)
    {
        var numbers = new double[size, size];
        for (var row = 0; row < size; row++)
            for (var column = 0; column < size; column++)
                for (var sample = 0; sample < samples * samples; sample++)
                {
                    var (dx, dy) = ((sample % samples + 0.5) / samples - 0.5, (sample / samples + 0.5) / samples - 0.5);
                    numbers[row, column] += function(column - (size - 1) / 2.0 + dx, (size - 1) / 2.0 - row - dy) / (samples * samples);
                }
        return Tensor.From(numbers, Device.Reference);
    }
}
