namespace CourseKit.Tests;

/// <summary>Scopes give memory back at their end, and nothing else does: what a user keeps stays what it was.</summary>
public class TensorScopeTests
{
    [Fact]
    public void A_tensor_read_after_its_scope_ended_says_what_to_do()
    {
        Tensor lost;
        using (new TensorScope())
            lost = Tensor.Ones(2, 3) * 2;
        foreach (var read in new Action[] { () => lost.ToArray(), () => _ = lost + 1, () => lost.Sum().Item(), () => lost.Reshape(3, 2), () => lost.Keep() })
        {
            var error = Assert.Throws<ObjectDisposedException>(read);
            Assert.Contains("tensor of shape 2x3 was released when its TensorScope ended", error.Message, StringComparison.Ordinal);
            Assert.Contains("Call Keep() on it inside the scope", error.Message, StringComparison.Ordinal);
        }
        Assert.Contains("released", lost.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_a_released_tensor_says_so_also_when_its_memory_serves_another()
    {
        Tensor lost;
        using (new TensorScope())
            lost = Tensor.Full([1000], 1);
        using (new TensorScope())
        {
            _ = Tensor.Full([1000], 2); // takes the same block
            Assert.Throws<ObjectDisposedException>(() => lost.ToArray());
        }
    }

    [Fact]
    public void Keep_keeps()
    {
        Tensor kept, keptView;
        using (new TensorScope())
        {
            using (new TensorScope())
            {
                kept = (Tensor.Full([100], 3) + 4).Keep();
                keptView = Tensor.Full([4, 25], 5).Rows(1, 2).Keep();
            }
            Assert.Equal(7, kept[0]);
        }
        for (var i = 0; i < 20; i++)
            using (new TensorScope())
                _ = Tensor.Full([100], -1) * 2;
        Assert.All(kept.ToArray(), number => Assert.Equal(7, number));
        Assert.All(keptView.ToArray(), number => Assert.Equal(5, number));
    }

    [Fact]
    public void Scopes_nest_and_the_inner_one_gives_back_only_its_own()
    {
        using var outer = new TensorScope();
        var ofOuter = Tensor.Full([10], 1);
        Tensor ofInner;
        using (new TensorScope())
            ofInner = ofOuter + 1;
        Assert.Throws<ObjectDisposedException>(() => ofInner.ToArray());
        Assert.All(ofOuter.ToArray(), number => Assert.Equal(1, number));
    }

    [Fact]
    public void Scopes_close_in_the_reverse_order_of_opening()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();
        var error = Assert.Throws<InvalidOperationException>(outer.Dispose);
        Assert.Contains("reverse order", error.Message, StringComparison.Ordinal);
        inner.Dispose();
        outer.Dispose();
        outer.Dispose(); // a second time does nothing
    }

    [Fact]
    public void A_scope_ends_also_where_an_exception_leaves_it()
    {
        Tensor? lost = null;
        Assert.Throws<ShapeException>(() =>
        {
            using var scope = new TensorScope();
            lost = Tensor.Ones(3);
            _ = lost + Tensor.Ones(4);
        });
        Assert.Throws<ObjectDisposedException>(() => lost!.ToArray());
    }

    [Fact]
    public void Parameters_gradients_and_an_optimizers_state_outlive_the_scope_they_were_made_in()
    {
        Linear layer;
        SGD optimizer;
        using (new TensorScope())
        {
            layer = new Linear(2, 1, generator: new Generator(1));
            optimizer = new SGD(layer.Parameters(), 0.1, momentum: 0.5);
            layer.Forward(Tensor.Ones(3, 2)).Sum().Backward();
            optimizer.Step();
        }
        Assert.Equal([3, 3], layer.Weight.Grad!.ToArray());
        var before = layer.Weight.ToArray();
        optimizer.Step(); // velocity 3, then 0.5 * 3 + 3
        Assert.Equal(before[0] - 0.1 * 4.5, layer.Weight.ToArray()[0], tolerance: 1e-6);
    }

    [Fact]
    public void Without_scopes_an_intermediate_is_still_right_after_a_hundred_steps()
    {
        var model = new Sequential(new Linear(4, 8, generator: new Generator(1)), new Tanh(), new Linear(8, 1, generator: new Generator(2)));
        var optimizer = new SGD(model.Parameters(), 0.05, momentum: 0.9);
        var (x, y) = (Tensor.Normal([16, 4], generator: new Generator(3)), Tensor.Normal([16, 1], generator: new Generator(4)));
        var intermediates = new List<(Tensor Tensor, float[] Numbers)>();
        for (var step = 0; step < 100; step++)
        {
            optimizer.ZeroGrad();
            var hidden = model[1].Forward(model[0].Forward(x));
            var loss = new MSELoss().Forward(model[2].Forward(hidden), y);
            loss.Backward();
            intermediates.AddRange([(hidden, hidden.ToArray()), (loss, loss.ToArray()), (model[0].Parameters()[0].Grad!, model[0].Parameters()[0].Grad!.ToArray())]);
            optimizer.Step();
        }
        Assert.All(intermediates, kept => Assert.Equal(kept.Numbers, kept.Tensor.ToArray()));
        Assert.True(intermediates[^2].Numbers[0] < intermediates[1].Numbers[0], "The loss did not fall.");
    }

    [Fact]
    public void A_loss_whose_scope_ended_cannot_go_backward()
    {
        var w = Tensor.Ones(2);
        w.RequiresGrad = true;
        Tensor loss;
        using (new TensorScope())
            loss = (w.Exp() * 2).Sum();
        Assert.Throws<ObjectDisposedException>(loss.Backward);
    }
}
