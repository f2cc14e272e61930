namespace CourseKit.Tests;

/// <summary>Slips that no single layer or loss stands for: each is refused in one sentence that names the piece, what it wanted, what came and what to do.</summary>
public class BeginnerMistakeTests
{
    private static readonly Dictionary<string, (Action Mistake, Type Type, string[] Parts)> Mistakes = new()
    {
        // Sizes that cannot be.
        ["a layer of negative width"] = (() => _ = new Linear(-3, 2), typeof(ArgumentOutOfRangeException), ["Linear got inputs = -3", "1 or more"]),
        ["a layer without outputs"] = (() => _ = new Linear(3, 0), typeof(ArgumentOutOfRangeException), ["Linear got outputs = 0"]),
        ["a convolution without channels"] = (() => _ = new Conv2d(0, 8, 3), typeof(ArgumentOutOfRangeException), ["Conv2d got inputs = 0"]),
        ["a convolution of no groups"] = (() => _ = new Conv2d(3, 8, 3, groups: 0), typeof(ArgumentOutOfRangeException), ["Conv2d got groups = 0"]),
        ["a normalization of negative channels"] = (() => _ = new BatchNorm2d(-3), typeof(ArgumentOutOfRangeException), ["BatchNorm2d got channels = -3"]),
        ["a normalization of no groups"] = (() => _ = new GroupNorm(0, 8), typeof(ArgumentOutOfRangeException), ["GroupNorm got groups = 0"]),
        ["an empty vocabulary"] = (() => _ = new Embedding(0, 4), typeof(ArgumentOutOfRangeException), ["Embedding got count = 0"]),
        ["a recurrent layer without units"] = (() => _ = new LSTM(4, 0), typeof(ArgumentOutOfRangeException), ["LSTM got hidden = 0"]),
        ["a recurrent layer of no layers"] = (() => _ = new GRU(4, 8, layers: 0), typeof(ArgumentOutOfRangeException), ["GRU got layers = 0"]),
        ["a cell without features"] = (() => _ = new GRUCell(0, 8), typeof(ArgumentOutOfRangeException), ["GRUCell got inputs = 0"]),
        ["attention of no heads in a graph"] = (() => _ = new GraphAttention(3, 2, heads: 0), typeof(ArgumentOutOfRangeException), ["GraphAttention got heads = 0"]),
        ["a graph of negative nodes"] = (() => _ = new Graph(-1, []), typeof(ArgumentOutOfRangeException), ["Graph got nodes = -1", "0 or more"]),
        ["positions of no width"] = (() => _ = new PositionalEncoding(0), typeof(ArgumentOutOfRangeException), ["PositionalEncoding got width = 0"]),
        ["a network of no classes"] = (() => Networks.Vgg16(0, device: Device.Meta), typeof(ArgumentOutOfRangeException), ["Vgg16 got classes = 0"]),
        ["batches of nothing"] = (() => _ = new DataLoader(Labelled, 0), typeof(ArgumentOutOfRangeException), ["DataLoader got batchSize = 0"]),
        ["no examples from a generator"] = (() => Synthetic.Moons(0), typeof(ArgumentOutOfRangeException), ["Synthetic.Moons got count = 0"]),
        ["negative noise"] = (() => Synthetic.Spirals(10, noise: -1), typeof(ArgumentOutOfRangeException), ["Synthetic.Spirals got the noise -1"]),
        ["a phantom without pixels"] = (() => Synthetic.SheppLogan(0), typeof(ArgumentOutOfRangeException), ["Synthetic.SheppLogan got size = 0"]),
        ["a flip more often than always"] = (() => _ = new RandomHorizontalFlip(2), typeof(ArgumentOutOfRangeException), ["RandomHorizontalFlip wants a probability from 0 to 1 and got 2"]),
        ["an enlargement to nothing"] = (() => _ = new Upsample(0), typeof(ArgumentOutOfRangeException), ["Upsample got a scale factor of 0x0"]),
        ["a tomograph of no views"] = (() => _ = new RadonTransform(8, 0), typeof(ArgumentOutOfRangeException), ["RadonTransform got views = 0"]),
        ["fewer numbers than none"] = (() => Tensor.Arange(-1), typeof(ArgumentOutOfRangeException), ["Arange got count = -1"]),
        ["a line of negative length"] = (() => Tensor.Linspace(0, 1, -1), typeof(ArgumentOutOfRangeException), ["Linspace got count = -1"]),
        ["a permutation of fewer than none"] = (() => new Generator(1).Permutation(-1), typeof(ArgumentOutOfRangeException), ["Generator.Permutation got count = -1"]),
        ["a die without sides"] = (() => new Generator(1).NextInt(0), typeof(ArgumentOutOfRangeException), ["Generator.NextInt got count = 0"]),
        ["a range the wrong way round"] = (() => Tensor.Uniform([3], 1, -1), typeof(ArgumentOutOfRangeException), ["Tensor.Uniform got the range 1 to -1", "the low end comes first"]),
        ["a negative deviation"] = (() => Tensor.Normal([3], 0, -1), typeof(ArgumentOutOfRangeException), ["Tensor.Normal got the standard deviation -1"]),
        ["a slope that is no number"] = (() => Tensor.Zeros(2).LeakyRelu(double.NaN), typeof(ArgumentOutOfRangeException), ["LeakyRelu got the slope NaN", "finite"]),
        ["a layer that bends nowhere"] = (() => _ = new Softplus(0), typeof(ArgumentOutOfRangeException), ["Softplus got the beta 0", "above 0"]),

        // Networks put together wrongly.
        ["a hole in a network"] = (() => _ = new Sequential(new Linear(2, 2), null!), typeof(ArgumentException), ["Sequential got null as module 1", "Identity()"]),
        ["a module that is not there"] = (() => _ = new Sequential(new ReLU())[3], typeof(ArgumentOutOfRangeException), ["Module 3", "the modules 0 to 0"]),
        ["a layer that does not fit the one before"] = (() => new Sequential(new Linear(4, 8), new ReLU(), new Linear(4, 2)).Forward(Tensor.Zeros(2, 4)), typeof(ShapeException), ["Linear(4 -> 2) got 2x8", "as many as the layer before puts out"]),
        ["an embedding in a chain"] = (() => new Sequential(new Embedding(10, 4)).Forward(Tensor.Zeros(2, 3)), typeof(NotSupportedException), ["Embedding is not a function of one tensor", "Forward(IntTensor indices)"]),
        ["a graph layer without its graph"] = (() => new GraphConv(3, 2).Forward(Tensor.Zeros(4, 3)), typeof(NotSupportedException), ["GraphConv", "Forward(Tensor x, Graph graph)"]),
        ["a module without Forward"] = (() => new WithoutForward().Forward(Tensor.Zeros(1)), typeof(NotSupportedException), ["WithoutForward has no Forward", "overrides Forward(Tensor input)"]),
        ["a module that registers nothing"] = (() => _ = new SGD(new WithoutForward().Parameters(), 0.1), typeof(ArgumentException), ["nothing to optimize", "what its constructor gives to Register"]),
        ["two parameters of one name"] = (() => _ = new Registering("weight", "weight"), typeof(ArgumentException), ["Registering registers two things under the name weight"]),
        ["a name with a dot"] = (() => _ = new Registering("conv.weight"), typeof(ArgumentException), ["conv.weight", "has no dot"]),
        ["a name that is empty"] = (() => _ = new Registering(""), typeof(ArgumentException), ["a name is not empty"]),
        ["a network made of itself"] = (() => _ = new Endless(), typeof(ArgumentException), ["Endless registers itself as its part self"]),

        // Images and sequences that lie the wrong way.
        ["one image with its channels last"] = (() => new Conv2d(3, 8, 3).Forward(Tensor.Zeros(32, 32, 3)), typeof(ShapeException), ["got 32x32x3", "x.Permute(2, 0, 1).Unsqueeze(0)"]),
        ["one grey image with its channel last"] = (() => new Conv2d(1, 8, 3).Forward(Tensor.Zeros(28, 28, 1)), typeof(ShapeException), ["got 28x28x1", "x.Permute(2, 0, 1)"]),
        ["images with their channels last"] = (() => new Conv2d(3, 8, 3).Forward(Tensor.Zeros(2, 32, 32, 3)), typeof(ShapeException), ["2x32x32x3", "x.Permute(0, 3, 1, 2)"]),
        ["small images with too few channels"] = (() => new Conv2d(8, 3, 2).Forward(Tensor.Zeros(1, 3, 8, 8)), typeof(ShapeException), ["wants 8 channels on axis 1 and the input has 3", "the layer before"]),
        ["a batch of one example"] = (() => new BatchNorm1d(3).Forward(Tensor.Zeros(1, 3)), typeof(ShapeException), ["BatchNorm1d(3) got 1x3 in training", "dropLast: true", "Eval()"]),
        ["keys without values"] = (() => new MultiHeadAttention(8, 2).Forward(Tensor.Zeros(2, 5, 8), Tensor.Zeros(2, 6, 8), Tensor.Zeros(2, 7, 8)), typeof(ShapeException), ["MultiHeadAttention(8, 2 heads) got a key of shape 2x6x8 and a value of shape 2x7x8"]),
        ["keys of other examples"] = (() => new MultiHeadAttention(8, 2).Forward(Tensor.Zeros(2, 5, 8), Tensor.Zeros(3, 6, 8), Tensor.Zeros(3, 6, 8)), typeof(ShapeException), ["MultiHeadAttention(8, 2 heads) got a query of shape 2x5x8 and a key of shape 3x6x8", "the same 2 examples"]),
        ["a product of unlike vectors"] = (() => Tensor.Zeros(3).Dot(Tensor.Zeros(4)), typeof(ShapeException), ["Dot got 3 and 4", "the same shape"]),
        ["triplets of unlike vectors"] = (() => new TripletMarginLoss().Forward(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3), Tensor.Zeros(2, 4)), typeof(ShapeException), ["TripletMarginLoss got 2x3 and 2x4"]),

        // Losses fed with the wrong thing: PyTorch takes these and trains to nothing.
        ["probabilities where logarithms belong"] = (() => new NLLLoss().Forward(Tensor.From([0.2, 0.8], [1, 2]), IntTensor.From([0])), typeof(ArgumentOutOfRangeException), ["NLLLoss got the log-probability 0.2 at number 0", "0 or less", "LogSoftmax", "CrossEntropyLoss"]),
        ["a divergence of probabilities"] = (() => new KLDivLoss().Forward(Tensor.From([0.2, 0.8], [1, 2]), Tensor.From([0.5, 0.5], [1, 2])), typeof(ArgumentOutOfRangeException), ["KLDivLoss got the log-probability 0.2", "Log of probabilities"]),
        ["probabilities for a logarithmic target"] = (() => new KLDivLoss(logTarget: true).Forward(Tensor.From([-1.0, -1], [1, 2]), Tensor.From([0.5, 0.5], [1, 2])), typeof(ArgumentOutOfRangeException), ["KLDivLoss got the log-probability 0.5", "logTarget: true"]),
        ["class probabilities above 1"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(1, 2), Tensor.From([0.0, 2], [1, 2])), typeof(ArgumentOutOfRangeException), ["CrossEntropyLoss got the target probability 2 at number 1", "IntTensor"]),
        ["labels that begin at 1"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(3, 3), IntTensor.From([1, 2, 3])), typeof(ArgumentOutOfRangeException), ["CrossEntropyLoss got the class 3 in row 2", "take 1 from labels that begin at 1"]),

        // Far outside.
        ["a number that a list has not"] = (() => _ = IntTensor.From([1, 2])[2], typeof(ShapeException), ["Number 2", "shape 2", "0 to 1"]),
        ["a row far outside"] = (() => Labelled.Rows([int.MaxValue]), typeof(ShapeException), ["Rows 2147483647 to 2147483648", "0 to 3"]),
        ["columns far outside"] = (() => Tensor.Zeros(2, 3).Columns(int.MaxValue, 1), typeof(ShapeException), ["Columns 2147483647 to 2147483648"]),
        ["more parts than there can be"] = (() => Tensor.Zeros(0).Chunk(int.MaxValue), typeof(ShapeException), ["Chunk was asked for 2147483647 equal parts"]),
        ["detectors of no width to speak of"] = (() => _ = new RadonTransform(4, 1, spacing: 1e-300), typeof(ArgumentOutOfRangeException), ["RadonTransform", "detectors of width 1E-300", "near 1 pixel"]),
        ["more measurements than can be counted"] = (() => _ = new RadonTransform(4, 10_000, detectors: 1_000_000), typeof(ArgumentOutOfRangeException), ["10000 views", "1000000 in a view"]),
        ["rubber as wide as the world"] = (() => _ = new ElasticDeformation(34, 1e300), typeof(ArgumentException), ["ElasticDeformation", "1E+300", "at most 10000 pixels"]),
        ["a split by no number"] = (() => Labelled.Split(double.NaN, 0.5, 0.5), typeof(ArgumentException), ["sum to 1", "NaN"]),
        ["an empty text"] = (() => CharacterVocabulary.From(""), typeof(ArgumentException), ["CharacterVocabulary got an empty text"]),
        ["a file without a name"] = (() => DataFiles.Find(" "), typeof(ArgumentException), ["without a name", "iris.csv"]),

        // Gradients.
        ["a gradient from another device"] = (() => { var x = Tensor.Full([2], 1, Device.Cpu); x.RequiresGrad = true; (x * 2).Backward(Tensor.Full([2], 1, Device.Reference)); }, typeof(InvalidOperationException), ["Backward got one tensor on cpu and one on reference"]),

        // Data.
        ["a scaler of nothing"] = (() => StandardScaler.Fit(Tensor.Zeros(0, 2)), typeof(ShapeException), ["StandardScaler got 0x2", "no rows"]),
        ["a scaler of other features"] = (() => StandardScaler.Fit(Tensor.Ones(3, 2)).Transform(Tensor.Zeros(3, 4)), typeof(ShapeException), ["StandardScaler was fitted on 2 features and got 3x4"]),
        ["a range scaler of other features"] = (() => MinMaxScaler.Fit(Tensor.Ones(3, 2)).Inverse(Tensor.Zeros(4)), typeof(ShapeException), ["MinMaxScaler was fitted on 2 features and got 4"]),
        ["a negative class"] = (() => OneHot.Encode(IntTensor.From([0, -1])), typeof(ArgumentOutOfRangeException), ["OneHot.Encode got the class -1 at place 1", "numbered from 0"]),
        ["classes of no width"] = (() => OneHot.Decode(Tensor.Zeros(2, 0)), typeof(ShapeException), ["OneHot.Decode got 2x0"]),
        ["a target that never occurs"] = (() => Flowers.Targets("kind", "Virginica"), typeof(ArgumentException), ["no row has \"Virginica\" in column kind", "setosa, virginica"]),
        ["classes without names"] = (() => Flowers.Classes("kind"), typeof(ArgumentException), ["Classes wants the names", "setosa, virginica"]),
        ["numbers of no column"] = (() => Flowers.Numbers(), typeof(ArgumentException), ["Numbers wants the names of columns", "length, length, kind, price"]),
        ["a column that is there twice"] = (() => Flowers.Numbers("length"), typeof(FormatException), ["2 columns called \"length\"", "different names"]),
        ["a decimal comma"] = (() => Flowers.Numbers("price"), typeof(FormatException), ["row 1, column price", "\"1,5\" is not a number", "the decimal sign is a point"]),
        ["numbers asked of classes"] = (() => _ = Labelled.Targets, typeof(InvalidOperationException), ["class indices", "CrossEntropyLoss", "WithClassesAsTargets()"]),

        // Training.
        ["a loss for each example"] = (() => Fit(new CrossEntropyLoss(Reduction.None)), typeof(ShapeException), ["loss of a batch is a tensor of shape 2", "Reduction.Mean"]),
        ["an evaluation for each example"] = (() => Trainer.Evaluate(new Linear(2, 2), new CrossEntropyLoss(Reduction.None).Forward, Labelled), typeof(ShapeException), ["shape 4", "Reduction.Mean"]),
        ["an optimizer of another model"] = (() => Fit(new CrossEntropyLoss(), new Linear(2, 2)), typeof(InvalidOperationException), ["None of the 2 parameters of SGD got a gradient", "model.Parameters()"]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    private static TensorDataset Labelled => new(Tensor.Ones(4, 2), IntTensor.From([0, 1, 0, 1]));

    private static Table Flowers => Table.Read(new StringReader("length,length,kind,price\n1,2,setosa,\"1,5\"\n3,4,virginica,2\n"));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_slip_is_explained_in_one_sentence(string name)
    {
        var (mistake, type, parts) = Mistakes[name];
        var error = Assert.Throws(type, () => InCulture.Run(Cultures.German, () => { mistake(); return 0; }));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounding_may_leave_a_log_probability_a_little_above_0()
        => Assert.Equal(-1e-4, new NLLLoss().Forward(Tensor.From([1e-4, -10], [1, 2]), IntTensor.From([0])).Item(), 1e-9);

    [Fact]
    public void A_scaler_that_was_fitted_in_a_scope_outlives_it()
    {
        StandardScaler scaler;
        using (new TensorScope())
            scaler = StandardScaler.Fit(Tensor.From([1.0, 3], [2, 1]));
        Assert.Equal([-1f, 1], scaler.Transform(Tensor.From([1.0, 3], [2, 1])).ToArray());
    }

    private static void Fit(CrossEntropyLoss loss, Module? optimized = null)
    {
        var model = new Linear(2, 2);
        Trainer.Fit(model, loss.Forward, new SGD((optimized ?? model).Parameters(), 0.1), new DataLoader(Labelled, 2), 1);
    }

    private sealed class WithoutForward : Module;

    private sealed class Registering : Module
    {
        public Registering(params string[] names)
        {
            foreach (var name in names)
                Register(name, Tensor.Zeros(2));
        }
    }

    private sealed class Endless : Module
    {
        public Endless() => Register("self", this);
    }
}
