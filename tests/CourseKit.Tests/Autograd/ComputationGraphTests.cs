namespace CourseKit.Tests;

/// <summary>What a user sees of the tape: its operations, values and gradients, and sentences where there is none.</summary>
public class ComputationGraphTests
{
    private static Tensor Leaf(params double[] numbers)
    {
        var leaf = Tensor.From(numbers, null, Device.Reference);
        leaf.RequiresGrad = true;
        return leaf;
    }

    [Fact]
    public void The_tape_of_a_result_is_read_with_names_values_and_gradients()
    {
        var w = Leaf(3);
        var x = Tensor.From([2.0], null, Device.Reference);
        var loss = (w * x - 1).Square().Sum();
        var graph = ComputationGraph.WithGradients(loss, ("w", w), ("x", x), ("loss", loss));

        Assert.Equal(["", "", "×", "− 1", "square", "sum"], graph.Nodes.Select(node => node.Operation));
        Assert.Equal(["loss", "w", "x"], graph.Nodes.Select(node => node.Name).OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal([6, 5, 25, 25], graph.Nodes.Skip(2).Select(node => node.Value[0]));
        // d/dw (wx - 1)^2 = 2 (wx - 1) x = 20; x asked for none.
        Assert.Equal([10, 10, 1, 1], graph.Nodes.Skip(2).Select(node => node.Gradient![0]));
        Assert.Equal(20, graph.Nodes.Single(node => node.Name == "w").Gradient![0]);
        Assert.Null(graph.Nodes.Single(node => node.Name == "x").Gradient);
        Assert.Equal([0, 0, 1, 2, 3, 4], graph.Columns);
        Assert.Equal(20, w.Grad!.ToDoubleArray()[0]);
    }

    [Fact]
    public void Values_alone_leave_the_tape_for_Backward()
    {
        var w = Leaf(1, 2);
        var loss = w.Sigmoid().Sum();

        Assert.Equal(["", "sigmoid", "sum"], ComputationGraph.Of(loss).Nodes.Select(node => node.Operation));
        loss.Backward();
        Assert.NotNull(w.Grad);
        Assert.Contains("used up", Assert.Throws<InvalidOperationException>(() => ComputationGraph.Of(loss)).Message, StringComparison.Ordinal);
        Assert.Contains("RequiresGrad", Assert.Throws<InvalidOperationException>(() => ComputationGraph.Of(Tensor.Scalar(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_was_told_to_keeps_its_gradient_and_the_leaves_get_the_same_as_without()
    {
        double[] Gradient(bool retain, out Tensor middle)
        {
            var w = Leaf(1, 2);
            middle = w * 3;
            var sum = middle + middle.Reshape(2) + 1;
            if (retain)
            {
                middle.RetainGrad();
                sum.RetainGrad();
            }
            sum.Square().Sum().Backward();
            return w.Grad!.ToDoubleArray();
        }

        Assert.Equal(Gradient(false, out var forgotten), Gradient(true, out var kept));
        Assert.Null(forgotten.Grad);
        // sum = 2m + 1, so d/dm sum^2 = 4 (2m + 1).
        Assert.Equal([28, 52], kept.Grad!.ToDoubleArray());
    }

    [Fact]
    public void A_graph_put_together_by_hand_goes_one_way()
    {
        ComputationNode[] nodes = [new("", "x", [1]), new("sin", null, [0.84])];

        Assert.Equal([0, 1], new ComputationGraph(nodes, [(0, 1)]).Columns);
        Assert.Contains("circle", Assert.Throws<ArgumentException>(() => new ComputationGraph(nodes, [(0, 1), (1, 0)])).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", Assert.Throws<ArgumentException>(() => new ComputationGraph(nodes, [(0, 2)])).Message, StringComparison.Ordinal);
    }
}
