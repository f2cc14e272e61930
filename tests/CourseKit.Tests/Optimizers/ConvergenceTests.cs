namespace CourseKit.Tests;

/// <summary>How fast optimizers reach the lowest point of a bowl, against the theory where there is one. In double precision.</summary>
public class ConvergenceTests
{
    private const double Flat = 0.01, Steep = 1; // curvatures: the condition number is 100

    private static readonly double Root = Math.Sqrt(Steep / Flat);

    [Fact]
    public void Gradient_descent_with_the_best_rate_shrinks_the_error_by_the_condition_number_minus_1_over_it_plus_1()
    {
        // Rate 2 / (L + mu): both extreme directions shrink by exactly (kappa - 1) / (kappa + 1) at each step.
        var factor = Contraction(w => new SGD([w], 2 / (Steep + Flat)), 50, 100);
        Assert.Equal(99.0 / 101, factor, 1e-10);
    }

    [Fact]
    public void Momentum_with_its_best_numbers_depends_on_the_root_of_the_condition_number()
    {
        // Polyak's rate 4 / (sqrt(L) + sqrt(mu))^2 and mu = ((root - 1) / (root + 1))^2: the error falls like k rho^k with rho = (root - 1) / (root + 1).
        var rho = (Root - 1) / (Root + 1);
        var rate = 4 / Math.Pow(Math.Sqrt(Steep) + Math.Sqrt(Flat), 2);
        var factor = Contraction(w => new SGD([w], rate, rho * rho), 60, 120);
        Assert.InRange(factor, rho, rho * Math.Pow(2.2, 1.0 / 60)); // k doubles from 60 to 120
        Assert.True(Math.Pow(factor, 10) < Math.Pow(99.0 / 101, 50), "Ten steps with momentum are worth more than fifty without.");
    }

    [Fact]
    public void Nesterov_with_rate_1_over_L_shrinks_the_error_by_1_minus_1_over_the_root_of_the_condition_number()
    {
        var factor = Contraction(w => new SGD([w], 1 / Steep, (Root - 1) / (Root + 1), nesterov: true), 60, 120);
        Assert.InRange(factor, 1 - 1 / Root, (1 - 1 / Root) * Math.Pow(2.2, 1.0 / 60));
    }

    [Fact]
    public void Gradient_descent_with_a_rate_above_2_over_the_curvature_diverges_and_below_it_converges()
    {
        Assert.True(Contraction(w => new SGD([w], 2.02 / Steep), 50, 100) > 1);
        Assert.True(Contraction(w => new SGD([w], 1.98 / Steep), 50, 100) < 1);
    }

    public static TheoryData<string> Names => AllOptimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_optimizer_comes_to_rest_at_the_lowest_point_when_its_rate_falls(string name)
    {
        var (w, curvatures) = Bowl(flat: 0.1);
        var lowest = Tensor.From([0.5, -0.25, 1], null, Device.Reference);
        var optimizer = AllOptimizers.Make[name]([new ParameterGroup([w], weightDecay: 0)], 0.2);
        var scheduler = new ExponentialLR(optimizer, 0.999);
        for (var step = 0; step < 6000; step++)
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            ((w - lowest).Square() * curvatures).Sum().Backward();
            optimizer.Step();
            scheduler.Step();
        }
        Near.Assert(lowest.ToDoubleArray(), w.ToDoubleArray(), 0.02, 1, name);
    }

    /// <summary>The mean factor by which the error shrinks at each step, between two numbers of steps.</summary>
    private static double Contraction(Func<Tensor, Optimizer> make, int from, int to)
    {
        var (w, curvatures) = Bowl();
        var optimizer = make(w);
        var early = 0.0;
        for (var step = 0; step < to; step++)
        {
            if (step == from)
                early = Error();
            optimizer.ZeroGrad();
            (w.Square() * curvatures).Sum().Backward();
            optimizer.Step();
        }
        return Math.Pow(Error() / early, 1.0 / (to - from));

        double Error() => Math.Sqrt(w.ToDoubleArray().Sum(number => number * number));
    }

    // f = sum of half the curvature times w^2.
    private static (Tensor W, Tensor HalfCurvatures) Bowl(double flat = Flat)
        => (AllOptimizers.Leaf(Device.Reference, 1, 1, 1), Tensor.From([flat / 2, 0.1, Steep / 2], null, Device.Reference));
}
