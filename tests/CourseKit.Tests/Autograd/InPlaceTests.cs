namespace CourseKit.Tests;

/// <summary>A tensor changed in place between the forward and the backward pass: the gradient would be wrong, so there is none.</summary>
public class InPlaceTests
{
    [Fact]
    public void An_operand_that_was_overwritten_before_Backward_is_reported()
    {
        var w = Parameter();
        var loss = w.Square().Sum();
        w.CopyFrom(Tensor.Ones(3));
        var error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.Equal("A tensor of shape 3 was changed in place between the forward pass and Backward, so its gradient would be wrong: call Backward before the optimizer's Step or CopyFrom, or compute the loss again after the change.", error.Message);
    }

    [Fact]
    public void A_step_of_the_optimizer_between_the_two_passes_is_reported()
    {
        var w = Parameter();
        var optimizer = new SGD([w], 0.1);
        w.Sum().Backward();
        var loss = w.Square().Sum();
        optimizer.Step();
        Assert.Throws<InvalidOperationException>(loss.Backward);
    }

    [Fact]
    public void An_intermediate_result_that_was_overwritten_is_reported()
    {
        var w = Parameter();
        var y = w.Exp();
        var loss = y.Sum();
        y.CopyFrom(Tensor.Ones(3));
        Assert.Throws<InvalidOperationException>(loss.Backward);
    }

    [Fact]
    public void A_change_through_a_view_is_a_change()
    {
        var w = Parameter();
        var loss = w.Square().Sum();
        w.Detach().Rows(0, 1).CopyFrom(Tensor.Ones(1));
        Assert.Throws<InvalidOperationException>(loss.Backward);
    }

    [Fact]
    public void A_change_after_Backward_is_what_training_is()
    {
        var w = Parameter();
        for (var step = 0; step < 3; step++)
        {
            w.ZeroGrad();
            w.Square().Sum().Backward();
            w.CopyFrom((w - 0.1 * w.Grad!).Detach());
        }
        Assert.Equal(0.512, w[0], 1e-6);
    }

    private static Tensor Parameter()
    {
        var w = Tensor.Ones(3);
        w.RequiresGrad = true;
        return w;
    }
}
