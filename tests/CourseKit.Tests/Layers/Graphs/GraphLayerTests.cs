using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Graph convolution and graph attention against dense formulas, against PyTorch, and at work.</summary>
public class GraphLayerTests
{
    private static readonly Dictionary<string, ReferenceModule> References = ReferenceValues.Read<ReferenceModule>("graphs.json");

    public static TheoryData<string, string> Cases => [.. References.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_graph_layer_and_its_gradients_are_those_of_the_dense_formula_in_PyTorch(string name, string deviceName)
    {
        var (reference, device) = (References[name], Device.All.Single(device => device.Name == deviceName));
        var arguments = reference.Arguments;
        int Number(string argument) => arguments.GetProperty(argument).GetInt32();
        var graph = new Graph(Number("nodes"), arguments.GetProperty("edges").EnumerateArray().Select(edge => (edge[0].GetInt32(), edge[1].GetInt32())));
        if (arguments.GetProperty("layer").GetString() == "GraphConv")
        {
            var layer = new GraphConv(Number("inputs"), Number("outputs"), device: device);
            reference.Compare(layer, inputs => layer.Forward(inputs["x"], graph));
        }
        else
        {
            var layer = new GraphAttention(Number("inputs"), Number("outputs"), Number("heads"), arguments.GetProperty("concatenate").GetBoolean(), device: device);
            reference.Compare(layer, inputs => layer.Forward(inputs["x"], graph));
        }
    }

    [Fact]
    public void Attention_is_a_softmax_over_each_nodes_neighbours_and_itself()
    {
        var graph = new Graph(4, [(0, 1), (1, 2)]); // node 3 is alone
        var generator = new Generator(2);
        var layer = new GraphAttention(3, 2, 2, generator: generator, device: Device.Reference);
        var x = Tensor.Uniform([4, 3], -2, 2, generator, Device.Reference);
        var parameters = layer.NamedParameters().ToDictionary(named => named.Name, named => named.Parameter);
        var (source, target) = (parameters["att_src"], parameters["att_dst"]);
        var h = x.MatMul(parameters["lin.weight"], transposeRight: true).Reshape(4, 2, 2);
        var attention = layer.Attention(x, graph);
        var edges = graph.WithSelfLoops();
        for (var head = 0; head < 2; head++)
            for (var node = 0; node < 4; node++)
            {
                var neighbours = edges.Neighbours(node).ToArray();
                var scores = neighbours.Select(j => Leaky(Enumerable.Range(0, 2).Sum(f => source[0, head, f] * h[j, head, f] + target[0, head, f] * h[node, head, f]))).ToArray();
                var expected = scores.Select(score => Math.Exp(score) / scores.Sum(Math.Exp)).ToArray();
                var found = Enumerable.Range(0, edges.EdgeCount).Where(edge => edges.Targets[edge] == node).Select(edge => attention[edge, head]).ToArray();
                Near.Assert(expected, found, 1e-13, 1, $"node {node}, head {head}");
            }
        Assert.Equal(1, attention[edges.EdgeCount - 1, 0], 1e-15); // the one alone attends to itself

        static double Leaky(double score) => score > 0 ? score : 0.2 * score;
    }

    [Fact]
    public void Attention_survives_scores_that_would_overflow()
    {
        foreach (var device in Device.All)
        {
            var layer = new GraphAttention(2, 3, 2, generator: new Generator(1), device: device);
            var x = Tensor.Uniform([34, 2], -1e6, 1e6, new Generator(2), device);
            x.RequiresGrad = true;
            var y = layer.Forward(x, Karate.Graph);
            y.Sum().Backward();
            Assert.All(y.ToArray(), number => Assert.True(float.IsFinite(number)));
            Assert.All(x.Grad!.ToArray(), number => Assert.True(float.IsFinite(number)));
        }
    }

    [Fact]
    public void An_isolated_node_keeps_its_own_features()
    {
        var graph = new Graph(3, [(0, 1)]);
        var x = Tensor.Uniform([3, 4], -1, 1, new Generator(1), Device.Reference);
        var convolution = new GraphConv(4, 2, generator: new Generator(2), device: Device.Reference);
        var expected = x.Rows(2, 1).MatMul(convolution.Weight, transposeRight: true).ToDoubleArray();
        Near.Assert(expected, convolution.Forward(x, graph).Rows(2, 1).ToDoubleArray(), 1e-15, 1, "convolution");
    }

    [Fact]
    public void Graph_layers_do_not_care_how_the_nodes_are_numbered()
        => Check.One(Config.QuickThrowOnFailure.WithReplay(1234567, 7654321).WithMaxTest(40), Prop.ForAll(
            (from nodes in Gen.Choose(1, 14) from edges in Gen.Choose(0, 30) from seed in Gen.Choose(0, 1_000_000) select (nodes, edges, (ulong)seed)).ToArbitrary(), sizes =>
        {
            var generator = new Generator(sizes.Item3);
            var edges = Enumerable.Range(0, sizes.edges).Select(_ => (generator.NextInt(sizes.nodes), generator.NextInt(sizes.nodes))).ToArray();
            var order = generator.Permutation(sizes.nodes); // new node i is old node order[i]
            var (graph, renumbered) = (new Graph(sizes.nodes, edges), new Graph(sizes.nodes, edges.Select(edge => (Array.IndexOf(order, edge.Item1), Array.IndexOf(order, edge.Item2)))));
            var x = Tensor.Uniform([sizes.nodes, 3], -1, 1, generator, Device.Reference);
            var (convolution, attention) = (new GraphConv(3, 4, generator: generator, device: Device.Reference), new GraphAttention(3, 2, 2, generator: generator, device: Device.Reference));
            foreach (var layer in new Func<Tensor, Graph, Tensor>[] { convolution.Forward, attention.Forward })
            {
                var y = layer(x, graph);
                var permuted = layer(x.Rows(IntTensor.From(order)), renumbered);
                Near.Assert(y.Rows(IntTensor.From(order)).ToDoubleArray(), permuted.ToDoubleArray(), 1e-13, 1, "equivariance");
                foreach (var readout in new Func<Tensor, Graph, Tensor>[] { Readout.Sum, Readout.Mean, Readout.Max })
                    Near.Assert(readout(y, graph).ToDoubleArray(), readout(permuted, renumbered).ToDoubleArray(), 1e-13, 1, "invariance");
            }
        }));

    [Fact]
    public void Every_parameter_of_a_graph_network_has_the_right_gradient()
    {
        var x = Tensor.Uniform([5, 3], -1, 1, new Generator(1), Device.Reference);
        var graph = new Graph(5, [(0, 1), (1, 2), (2, 0), (2, 3)]);
        var network = new GraphNetwork(3, 4, 2, new Generator(3), Device.Reference);
        var classes = IntTensor.From([0, 1, 1, 0, 1]);
        var result = GradientCheck.Compare(network, () => new CrossEntropyLoss().Forward(network.Forward(x, graph), classes));
        Assert.True(result.MaxError < 1e-8, result.ToString());
        Assert.Equal(["first.bias", "first.lin.weight", "second.att_dst", "second.att_src", "second.bias", "second.lin.weight"], network.NamedParameters().Select(named => named.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_labelled_people_are_enough_to_tell_the_two_karate_clubs_apart(int seed)
    {
        // The instructor (0) and the officer (33) are labelled; nobody has features but his own name.
        var generator = new Generator((ulong)seed);
        var (first, second) = (new GraphConv(34, 16, generator: generator, device: Device.Cpu), new GraphConv(16, 2, generator: generator, device: Device.Cpu));
        var names = SparseMatrix.Identity(34).ToDense(Device.Cpu);
        var (labelled, labels) = (IntTensor.From([0, 33]), IntTensor.From([0, 1]));
        var optimizer = new SGD([.. first.Parameters(), .. second.Parameters()], 0.2, momentum: 0.9, weightDecay: 5e-4);
        Tensor Scores() => second.Forward(first.Forward(names, Karate.Graph).Relu(), Karate.Graph);
        for (var step = 0; step < 100; step++)
        {
            optimizer.ZeroGrad();
            new CrossEntropyLoss().Forward(Scores().Rows(labelled), labels).Backward();
            optimizer.Step();
        }
        Assert.InRange(Metrics.Accuracy(Scores().ArgMax(1), Karate.Clubs), 0.901, 1);
    }

    private sealed class GraphNetwork : Module
    {
        private readonly GraphConv first;
        private readonly GraphAttention second;

        public GraphNetwork(int inputs, int hidden, int classes, Generator generator, Device device)
        {
            first = Register("first", new GraphConv(inputs, hidden, generator: generator, device: device));
            second = Register("second", new GraphAttention(hidden, classes, 3, concatenate: false, generator: generator, device: device));
        }

        public Tensor Forward(Tensor x, Graph graph) => second.Forward(first.Forward(x, graph).Tanh(), graph);
    }
}
