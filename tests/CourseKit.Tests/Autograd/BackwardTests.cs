namespace CourseKit.Tests;

/// <summary>What a user sees of automatic differentiation: leaves, gradients that stay what they were, sentences where it cannot work.</summary>
public class BackwardTests
{
    private static Tensor Leaf(params double[] numbers)
    {
        var leaf = Tensor.From(numbers);
        leaf.RequiresGrad = true;
        return leaf;
    }

    [Fact]
    public void Gradients_add_up_until_they_are_forgotten()
    {
        var w = Leaf(1, 2);
        (w * 3).Sum().Backward();
        (w * 4).Sum().Backward();
        Assert.Equal([7, 7], w.Grad!.ToArray());
        w.ZeroGrad();
        Assert.Null(w.Grad);
        (w * 5).Sum().Backward();
        Assert.Equal([5, 5], w.Grad!.ToArray());
    }

    [Fact]
    public void A_gradient_that_was_read_keeps_its_numbers_after_ZeroGrad_and_the_next_backward_pass()
    {
        var w = Leaf(1, 2, 3);
        w.Square().Sum().Backward();
        var kept = w.Grad!;
        for (var step = 0; step < 50; step++)
        {
            w.ZeroGrad();
            (w * step).Sum().Backward();
        }
        Assert.Equal([2, 4, 6], kept.ToArray());
    }

    [Fact]
    public void A_gradient_that_was_read_keeps_its_numbers_where_the_next_backward_pass_adds_to_it()
    {
        var w = Leaf(1, 2, 3);
        w.Square().Sum().Backward();
        var kept = w.Grad!;
        w.Square().Sum().Backward();
        Assert.Equal([2, 4, 6], kept.ToArray());
        Assert.Equal([4, 8, 12], w.Grad!.ToArray());
    }

    [Fact]
    public void A_second_backward_pass_over_the_same_tape_says_that_the_tape_is_used_up()
    {
        var loss = Leaf(1, 2).Square().Sum();
        loss.Backward();
        var error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.Contains("compute the loss again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_loss_over_a_used_part_says_so_too()
    {
        var shared = Leaf(1, 2).Square();
        shared.Sum().Backward();
        Assert.Throws<InvalidOperationException>(() => shared.Mean().Backward());
    }

    [Fact]
    public void Backward_without_anything_recorded_says_what_to_set()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Tensor.From([1.0, 2]).Sum().Backward());
        Assert.Contains("set RequiresGrad on the parameters before computing the loss", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoGrad_records_nothing_and_nests()
    {
        var w = Leaf(1, 2);
        using (new NoGrad())
        {
            using (new NoGrad())
                Assert.False((w * 2).RequiresGrad);
            Assert.False((w * 2).RequiresGrad);
            var error = Assert.Throws<InvalidOperationException>(() => w.Square().Sum().Backward());
            Assert.Contains("outside NoGrad", error.Message, StringComparison.Ordinal);
        }
        Assert.True((w * 2).RequiresGrad);
    }

    [Fact]
    public void NoGrad_on_one_thread_does_not_stop_another()
    {
        using var noGrad = new NoGrad();
        var recorded = false;
        var other = new Thread(() => recorded = Leaf(1).Square().RequiresGrad);
        other.Start();
        other.Join();
        Assert.True(recorded);
    }

    [Fact]
    public void Detach_stops_the_gradient_and_looks_at_the_same_numbers()
    {
        var w = Leaf(3);
        (w.Detach() * w).Sum().Backward();
        Assert.Equal([3], w.Grad!.ToArray());
        w.CopyFrom(Tensor.From([5.0]));
        Assert.Equal([5], w.Detach().ToArray());
        Assert.Equal([5], w.Clone().ToArray());
    }

    [Fact]
    public void Only_leaves_that_ask_for_it_get_a_gradient()
    {
        var (w, x) = (Leaf(2), Tensor.From([3.0]));
        var y = w * x;
        y.Sum().Backward();
        Assert.Null(x.Grad);
        Assert.Null(y.Grad);
        Assert.Equal([3], w.Grad!.ToArray());
    }

    [Fact]
    public void The_result_of_an_operation_cannot_be_made_a_leaf()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Leaf(1).Square().RequiresGrad = false);
        Assert.Contains("Detach()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_can_be_handed_in_at_the_output()
    {
        var w = Leaf(1, 2, 3);
        w.Square().Backward(Tensor.From([1.0, 10, 100]));
        Assert.Equal([2, 40, 600], w.Grad!.ToArray());
    }

    [Fact]
    public void A_tape_deeper_than_any_stack_is_walked()
    {
        var w = Leaf(1);
        var y = w;
        for (var i = 0; i < 50_000; i++)
            y += 1;
        y.Sum().Backward();
        Assert.Equal([1], w.Grad!.ToArray());
    }
}
