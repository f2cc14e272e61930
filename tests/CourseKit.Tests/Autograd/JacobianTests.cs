namespace CourseKit.Tests;

/// <summary>First and second derivatives of functions whose derivatives are known.</summary>
public class JacobianTests
{
    [Fact]
    public void The_Jacobian_of_softmax_is_diag_p_minus_p_p_transposed()
    {
        var x = Tensor.From([0.5, -1, 2, 0.1]);
        var jacobian = Jacobian.Of(z => z.Softmax(), x);
        Assert.Same(Device.Reference, jacobian.Device);
        var p = x.To(Device.Reference).Softmax().ToDoubleArray();
        var expected = from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 4) select (i == j ? p[i] : 0) - p[i] * p[j];
        Near.Assert([.. expected], jacobian.ToDoubleArray(), 1e-15, 1, "Jacobian");
    }

    [Fact]
    public void Rows_are_outputs_and_columns_inputs_both_flattened()
    {
        // y = A x for a matrix x (2 x 3): each column of x alone, so A stands in blocks.
        var a = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } }, Device.Reference);
        var jacobian = Jacobian.Of(x => a.MatMul(x), Tensor.Zeros(2, 3));
        Assert.Equal([12, 6], jacobian.Shape);
        for (var output = 0; output < 12; output++)
            for (var input = 0; input < 6; input++)
                Assert.Equal(output % 3 == input % 3 ? a[output / 3, input / 3] : 0, jacobian[output, input]);
    }

    [Fact]
    public void The_Jacobian_of_a_chain_is_the_product_of_the_Jacobians()
    {
        var x = Tensor.From([0.3, -0.7, 1.1]);
        Tensor Inner(Tensor z) => z.Softmax();
        Tensor Outer(Tensor z) => (z * z.Sum()).Tanh();
        var product = Jacobian.Of(Outer, Inner(x.To(Device.Reference))).MatMul(Jacobian.Of(Inner, x));
        Near.Assert(product.ToDoubleArray(), Jacobian.Of(z => Outer(Inner(z)), x).ToDoubleArray(), 1e-14, 1, "chain rule");
    }

    [Fact]
    public void An_output_that_does_not_depend_on_the_input_has_zeros()
    {
        var constant = Tensor.Full([2], 5, Device.Reference);
        Assert.Equal([0, 0, 0, 0, 0, 0], Jacobian.Of(_ => constant, Tensor.Zeros(3)).ToArray());
        Assert.Equal([0, 3], Jacobian.Of(x => x.Rows(0, 0), Tensor.Zeros(3)).Shape);
    }

    [Fact]
    public void A_module_on_the_CPU_is_differentiated_there()
    {
        var layer = new Linear(3, 2, generator: new Generator(1), device: Device.Cpu);
        var jacobian = Jacobian.Of(layer.Forward, Tensor.Ones(3), Device.Cpu);
        Assert.Equal(layer.Weight.ToArray(), jacobian.ToArray());
    }

    [Fact]
    public void The_Hessian_of_a_quadratic_form_is_A_plus_A_transposed()
    {
        var a = Tensor.From(new double[,] { { 2, 1, 0 }, { -3, 4, 1 }, { 0.5, 2, -1 } }, Device.Reference);
        var hessian = Hessian.Of(x => x.Reshape(1, 3).MatMul(a).Reshape(3).Dot(x), Tensor.From([1.0, -200, 3]));
        Near.Assert((a + a.Transpose()).ToDoubleArray(), hessian.ToDoubleArray(), 1e-8, 1, "Hessian");
        Assert.Equal(hessian.ToDoubleArray(), hessian.Transpose().ToDoubleArray());
    }

    [Fact]
    public void Eigenvalues_tell_a_minimum_from_a_maximum_from_a_saddle()
    {
        double[] At(Func<Tensor, Tensor> function) => Hessian.Eigenvalues(Hessian.Of(function, Tensor.Zeros(2)));
        Near.Assert([2, 6], At(x => x[0..1].Square().Sum() + 3 * x[1..2].Square().Sum()), 1e-8, 1, "minimum");
        Near.Assert([-2, 2], At(x => x[0..1].Square().Sum() - x[1..2].Square().Sum()), 1e-8, 1, "saddle x^2 - y^2");
        Near.Assert([-1, 1], At(x => (x[0..1] * x[1..2]).Sum()), 1e-8, 1, "saddle x y");
        Near.Assert([-2, -2], At(x => -x.Square().Sum()), 1e-8, 1, "maximum");
    }

    [Fact]
    public void Eigenvectors_stand_in_columns_beside_their_values()
    {
        var matrix = Tensor.From(new double[,] { { 2, 1 }, { 1, 2 } }, Device.Reference);
        var (values, vectors) = Hessian.Eigen(matrix);
        Near.Assert([1, 3], values, 1e-14, 1, "values");
        Near.Assert((vectors * Tensor.From(values, null, Device.Reference)).ToDoubleArray(), matrix.MatMul(vectors).ToDoubleArray(), 1e-14, 1, "A V = V D");
    }

    [Fact]
    public void The_Hessian_of_logistic_regression_is_the_one_of_the_textbooks()
    {
        // Sum of BCE of logits X w: X^T diag(p (1 - p)) X.
        var x = Tensor.Normal([20, 3], generator: new Generator(1), device: Device.Reference);
        var y = (Tensor.Uniform([20, 1], generator: new Generator(2), device: Device.Reference) - 0.5).Step();
        var model = new Linear(3, 1, bias: false, new Generator(3), Device.Reference);
        var hessian = Hessian.Of(model, () => new BCEWithLogitsLoss(Reduction.Sum).Forward(model.Forward(x), y));
        var p = model.Forward(x).Sigmoid();
        Near.Assert(x.MatMul(x * p * (1 - p), transposeLeft: true).ToDoubleArray(), hessian.ToDoubleArray(), 1e-8, 1, "Hessian");
    }

    [Fact]
    public void A_Hessian_leaves_the_parameters_as_they_were_also_when_the_loss_throws()
    {
        var model = new Linear(2, 2, generator: new Generator(1), device: Device.Reference);
        var before = ParameterVector.Of(model).ToDoubleArray();
        Hessian.Of(model, () => model.Forward(Tensor.Full([1, 2], 1, Device.Reference)).Square().Sum());
        Assert.Equal(before, ParameterVector.Of(model).ToDoubleArray());
        Assert.All(model.Parameters(), parameter => Assert.Null(parameter.Grad));
        var calls = 0;
        Assert.Throws<DivideByZeroException>(() => Hessian.Of(model, () => ++calls == 3 ? throw new DivideByZeroException() : model.Weight.Square().Sum()));
        Assert.Equal(before, ParameterVector.Of(model).ToDoubleArray());
    }

    [Fact]
    public void All_parameters_of_a_module_are_one_vector_to_read_and_to_set()
    {
        var model = new Sequential(new Linear(2, 3), new Tanh(), new Linear(3, 1));
        var vector = Tensor.Arange((int)model.ParameterCount);
        ParameterVector.Set(model, vector);
        Assert.Equal(vector.ToArray(), ParameterVector.Of(model).ToArray());
        Assert.Equal([6, 7, 8], model.Parameters()[1].ToArray());
        (model.Parameters()[1].Sum() * 2).Backward();
        Assert.Equal([.. new float[6], 2, 2, 2, .. new float[4]], ParameterVector.GradientOf(model).ToArray());
    }

    [Fact]
    public void A_gradient_check_of_a_module_names_the_parameter_that_is_wrong()
    {
        var model = new Sequential(new Linear(2, 3, generator: new Generator(1), device: Device.Reference), new Tanh(), new Linear(3, 2, generator: new Generator(2), device: Device.Reference));
        var x = Tensor.Uniform([4, 2], -1, 1, new Generator(3), Device.Reference);
        var right = GradientCheck.Compare(model, () => model.Forward(x).Square().Mean());
        Assert.True(right.MaxError < 1e-9, right.ToString());

        // The derivative by this bias is cut off.
        var bias = model.Parameters()[3];
        var wrong = GradientCheck.Compare(model, () => model.Forward(x).Sum() + (10 * bias.Detach().Square()).Sum());
        Assert.Equal("2.bias", wrong.Parameter);
        Assert.True(wrong.MaxError > 0.1);
        Assert.Contains("of parameter 2.bias: backpropagation", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_check_of_a_function_of_one_tensor_needs_no_list()
    {
        Assert.True(GradientCheck.Compare(x => x.Tanh().Sum(), Tensor.From([0.5, -2])).MaxError < 1e-9);
        var wrong = GradientCheck.Compare(x => x * x.Detach(), Tensor.From([0.5, -2]));
        Assert.True(wrong.MaxError > 0.1);
        Assert.Contains("of input 0:", wrong.ToString(), StringComparison.Ordinal);
    }
}
