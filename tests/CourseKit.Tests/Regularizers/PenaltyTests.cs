namespace CourseKit.Tests;

/// <summary>Penalties and total variation: their values; their gradients are checked over the catalogue.</summary>
public class PenaltyTests
{
    [Fact]
    public void Penalties_are_what_their_formulas_say()
    {
        foreach (var device in Device.All)
        {
            Tensor[] weights = [Tensor.From([1.0, -2, 0], null, device), Tensor.From([3.0, -0.5], [1, 2], device)];
            Assert.Equal(0.1 * 6.5, Penalties.L1(weights, 0.1).Item(), 1e-6);
            Assert.Equal(0.1 * 14.25, Penalties.L2(weights, 0.1).Item(), 1e-6);
            Assert.Equal(0.1 * 6.5 + 0.2 * 14.25, Penalties.ElasticNet(weights, 0.1, 0.2).Item(), 1e-6);
            // The lecture's lambda / 2m with lambda 3 and 20 examples.
            Assert.Equal(3.0 / 40 * 14.25, Penalties.L2(weights, 3 / (2.0 * 20)).Item(), 1e-6);
        }
    }

    [Fact]
    public void Biases_are_left_out_unless_asked_for()
    {
        var shared = new Linear(2, 2);
        var model = new Sequential(shared, new ReLU(), new Linear(2, 1), shared);
        foreach (var parameter in model.Parameters())
            Initialize.Ones(parameter);
        Assert.Equal(4 + 2, Penalties.L1(model, 1).Item()); // what is used twice counts once
        Assert.Equal(4 + 2 + 2 + 1, Penalties.L1(model, 1, includeBiases: true).Item());
        Assert.Equal(4 + 2, Penalties.L2(model, 1).Item());
        Assert.Equal(2 * (4 + 2 + 2 + 1), Penalties.ElasticNet(model, 1, 1, includeBiases: true).Item());
        Penalties.L2(model, 1).Backward();
        Assert.Null(shared.Bias!.Grad);
        Assert.Equal([2, 2, 2, 2], shared.Weight.Grad!.ToArray());
    }

    [Fact]
    public void L1_brings_useless_weights_to_0_and_L2_only_makes_them_small()
    {
        // y depends on the first of three features alone.
        var generator = new Generator(1);
        var x = Tensor.Normal([200, 3], generator: generator, device: Device.Reference);
        var y = x.Columns(0, 1) * 2 + Tensor.Normal([200, 1], 0, 0.1, generator, Device.Reference);
        double[] Fit(Func<Tensor, Tensor> penalty)
        {
            var w = Tensor.Full([3, 1], 0.5, Device.Reference);
            w.RequiresGrad = true;
            var optimizer = new SGD([w], 0.1);
            var schedule = new ExponentialLR(optimizer, 0.97);
            for (var step = 0; step < 400; step++)
            {
                optimizer.ZeroGrad();
                (new MSELoss().Forward(x.MatMul(w), y) + penalty(w)).Backward();
                optimizer.Step();
                schedule.Step();
            }
            return w.ToDoubleArray();
        }
        var sparse = Fit(w => Penalties.L1([w], 0.2));
        var shrunk = Fit(w => Penalties.L2([w], 0.2));
        Assert.InRange(sparse[0], 1.5, 2);
        Assert.All(sparse[1..], number => Assert.Equal(0, number, 1e-5));
        Assert.InRange(shrunk[0], 1.3, 2);
        Assert.Contains(shrunk[1..], number => Math.Abs(number) > 1e-3);
    }

    [Fact]
    public void Total_variation_is_the_sum_over_the_pixels()
    {
        const double Epsilon = 1e-3;
        foreach (var device in Device.All)
            foreach (var (count, height, width) in new[] { (1, 1, 1), (2, 1, 5), (2, 5, 1), (3, 4, 7), (1, 17, 16) })
            {
                var images = Tensor.Uniform([count, height, width], -1, 1, new Generator(5), device);
                double isotropic = 0, anisotropic = 0;
                for (var n = 0; n < count; n++)
                    for (var i = 0; i < height; i++)
                        for (var j = 0; j < width; j++)
                        {
                            var dx = j + 1 < width ? images[n, i, j + 1] - images[n, i, j] : 0;
                            var dy = i + 1 < height ? images[n, i + 1, j] - images[n, i, j] : 0;
                            isotropic += Math.Sqrt(dx * dx + dy * dy + Epsilon);
                            anisotropic += (j + 1 < width ? Math.Sqrt(dx * dx + Epsilon) : 0) + (i + 1 < height ? Math.Sqrt(dy * dy + Epsilon) : 0);
                        }
                Assert.Equal(isotropic, TotalVariation.Isotropic(images, Epsilon).Item(), 1e-5 * Math.Max(1, isotropic));
                Assert.Equal(anisotropic, TotalVariation.Anisotropic(images, Epsilon).Item(), 1e-5 * Math.Max(1, anisotropic));
            }
    }

    [Fact]
    public void An_edge_costs_its_length_and_a_diagonal_one_more_where_axes_are_apart()
    {
        // A square of 4 x 4 ones in a field of zeros has a border of 16 edges.
        var square = Tensor.From([.. Enumerable.Range(0, 64).Select(i => i / 8 is >= 2 and < 6 && i % 8 is >= 2 and < 6 ? 1.0 : 0)], [8, 8], Device.Reference);
        Assert.Equal(16, TotalVariation.Anisotropic(square, 0).Item(), 1e-12);
        Assert.Equal(14 + Math.Sqrt(2), TotalVariation.Isotropic(square, 0).Item(), 1e-12); // the lower right corner's pixel counts both at once
        // A staircase of 8 steps: 1 above the diagonal.
        var diagonal = Tensor.From([.. Enumerable.Range(0, 64).Select(i => i % 8 > i / 8 ? 1.0 : 0)], [8, 8], Device.Reference);
        Assert.Equal(14, TotalVariation.Anisotropic(diagonal, 0).Item(), 1e-12);
    }

    [Fact]
    public void The_gradient_of_a_flat_image_is_0_and_never_NaN()
    {
        foreach (var device in Device.All)
            foreach (var epsilon in new[] { 0, 1e-6 })
                foreach (var variation in new Func<Tensor, double, Tensor>[] { TotalVariation.Isotropic, TotalVariation.Anisotropic })
                {
                    var image = Tensor.Full([1, 1, 5, 6], 0.25, device);
                    image.RequiresGrad = true;
                    var value = variation(image, epsilon);
                    value.Backward();
                    Assert.All(image.Grad!.ToDoubleArray(), number => Assert.Equal(0, number));
                    if (epsilon == 0)
                        Assert.Equal(0, value.Item());
                }
    }

    [Fact]
    public void Descending_the_total_variation_removes_noise_and_keeps_an_edge()
    {
        var clean = Tensor.From([.. Enumerable.Range(0, 256).Select(i => i % 16 < 8 ? 0.0 : 1)], [16, 16], Device.Reference);
        var noisy = clean + Tensor.Normal([16, 16], 0, 0.1, new Generator(3), Device.Reference);
        var image = noisy.Clone();
        image.RequiresGrad = true;
        var optimizer = new SGD([image], 0.02, momentum: 0.5);
        for (var step = 0; step < 300; step++)
        {
            optimizer.ZeroGrad();
            (0.5 * (image - noisy).Square().Sum() + 0.15 * TotalVariation.Isotropic(image, 1e-3)).Backward();
            optimizer.Step();
        }
        var before = (noisy - clean).Square().Mean().Item();
        var after = (image.Detach() - clean).Square().Mean().Item();
        Assert.True(after < before / 3, FormattableString.Invariant($"The error went from {before} to {after}."));
        Assert.True(image.Columns(8, 1).Mean().Item() - image.Columns(7, 1).Mean().Item() > 0.7, "The edge was lost.");
    }
}
