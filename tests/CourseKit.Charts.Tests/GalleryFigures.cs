namespace CourseKit.Charts.Tests;

/// <summary>Every kind of figure the library makes, each small and from real computations: one line here, and all gallery tests hold for it.</summary>
internal static partial class GalleryFigures
{
    public static IReadOnlyDictionary<string, Func<Figure>> All => new Dictionary<string, Func<Figure>>
    {
        ["loss curves"] = () => TeachingFigures.LossCurves(("training", MoonsHistory.Loss), ("validation", MoonsHistory.ValidationLoss)),
        ["training curves"] = () => TeachingFigures.TrainingCurves(MoonsHistory, smoothing: 0.8),
        ["training with boundary"] = () => TeachingFigures.TrainingWithBoundary(MoonsHistory, MoonsModel, Moons, ["healthy", "ill"]),
        ["decision boundary of a model"] = () => TeachingFigures.DecisionBoundary(MoonsModel, Moons, ["healthy", "ill"]),
        ["class scatter"] = () => TeachingFigures.ClassScatter(MoonX1, MoonX2, MoonLabels, ["healthy", "ill"], "size in mm", "texture"),
        ["decision boundary"] = () => TeachingFigures.DecisionBoundary(MoonX1, MoonX2, MoonLabels, Probability(MoonsModel), ["healthy", "ill"]),
        ["decision boundary over epochs"] = () => TeachingFigures.DecisionBoundaryOverEpochs(MoonX1, MoonX2, MoonLabels, MoonsTraining().Select(shown => (shown.Epoch, Probability(shown.Model)))),
        ["linear boundary"] = () => TeachingFigures.LinearBoundary(MoonX1, MoonX2, MoonLabels, 1, -2, 0.2),
        ["linear boundary over epochs"] = () => TeachingFigures.LinearBoundaryOverEpochs(MoonX1, MoonX2, MoonLabels, Enumerable.Range(0, 6).Select(i => (i, 1.0, -0.4 * i, 0.2))),
        ["activations"] = () => TeachingFigures.ActivationGallery(),
        ["losses"] = () => TeachingFigures.LossGallery(),
        ["functions"] = () => TeachingFigures.Functions(-4, 4, ("tanh", Math.Tanh), ("ln", Math.Log)),
        ["neuron maps"] = () => TeachingFigures.NeuronMaps(MoonsModel, MoonX1, MoonX2, MoonLabels, ["healthy", "ill"]),
        ["neuron maps over epochs"] = () => TeachingFigures.NeuronMapsOverEpochs(MoonsTraining(), MoonX1, MoonX2, MoonLabels),
        ["error surface"] = () => TeachingFigures.ErrorSurface(Ravine, (-2, 2), (-2, 2), Descent(0.06, 0)),
        ["error contour"] = () => TeachingFigures.ErrorContour(Ravine, (-2, 2), (-2, 2), Racers),
        ["error contour over steps"] = () => TeachingFigures.ErrorContourOverSteps(Ravine, (-2, 2), (-2, 2), Racers),
        ["optimizer race"] = () => TeachingFigures.OptimizerRace(Ravine, (-2, 2), (-2, 2), Racers),
        ["optimizer race in three dimensions"] = () => TeachingFigures.OptimizerRace3d(Ravine, (-2, 2), (-2, 2), Racers),
        ["loss landscape"] = () => TeachingFigures.LossLandscape(MoonsModel, MoonsLoss, new Generator(3), resolution: 15),
        ["loss landscape in three dimensions"] = () => TeachingFigures.LossLandscape(MoonsModel, MoonsLoss, new Generator(3), resolution: 15, surface: true),
        ["gradient flow"] = () => TeachingFigures.GradientFlow([("sigmoid", DeepGradients(() => new Sigmoid())), ("tanh", DeepGradients(() => new Tanh())), ("ReLU", DeepGradients(() => new ReLU()))]),
        ["weight histograms"] = () => TeachingFigures.WeightHistograms(MoonsTraining().Select(shown => (shown.Epoch, (IEnumerable<double>)shown.Model.Parameters()[2].ToDoubleArray())), bins: 16),
        ["weight templates"] = () => TeachingFigures.WeightTemplates([Stripes(8, 1), Stripes(8, 2), Stripes(8, 3)], ["one", "two", "three"]),
        ["image grid"] = () => TeachingFigures.ImageGrid(Synthetic.SheppLogan(32).Reshape(1, 1, 32, 32), ["phantom"]),
        ["filters"] = () => TeachingFigures.Filters(new Conv2d(1, 12, 5, generator: new Generator(2)).Weight),
        ["feature maps"] = () => TeachingFigures.FeatureMaps(new Conv2d(1, 8, 5, generator: new Generator(2)).Forward(Synthetic.SheppLogan(40).Reshape(1, 1, 40, 40)).Relu()),
        ["saliency"] = () => TeachingFigures.Saliency(new Sequential(new Conv2d(1, 4, 5, generator: new Generator(5)), new ReLU(), new Flatten(), new Linear(4 * 24 * 24, 3, generator: new Generator(6))), Synthetic.SheppLogan(28).Reshape(1, 1, 28, 28), label: 1),
        ["convolution steps"] = () => TeachingFigures.ConvolutionSteps(Edge, new double[,] { { 1, 0, -1 }, { 1, 0, -1 }, { 1, 0, -1 } }),
        ["confusion matrix"] = () => TeachingFigures.ConfusionMatrix(new[,] { { 50, 0, 0 }, { 0, 47, 3 }, { 0, 2, 48 } }, ["setosa", "versicolor", "virginica"]),
        ["calibration"] = () => TeachingFigures.CalibrationCurve(MoonProbabilities, MoonLabels),
        ["ROC curve"] = () => TeachingFigures.RocCurve(MoonLabels, ("network", MoonProbabilities), ("one feature", MoonX1)),
        ["precision and recall"] = () => TeachingFigures.PrecisionRecall(MoonLabels, ("network", MoonProbabilities), ("one feature", MoonX1)),
        ["bias and variance"] = () => TeachingFigures.BiasVariance(CurveX, CurveX.Select(Math.Sin), ("degree 1", PolynomialFits(1)), ("degree 3", PolynomialFits(3)), ("degree 9", PolynomialFits(9))),
        ["regularization paths"] = () => TeachingFigures.RegularizationPaths(Strengths, SoftThresholds(), ["radius", "texture", "area", "symmetry"], chosen: 0.3),
        ["computation graph"] = () => TeachingFigures.ComputationGraph(ToyLoss(out var names), gradients: true, names),
        ["architecture"] = () => TeachingFigures.Architecture(LeNet(), 1, 1, 28, 28),
        ["architecture with skip connections"] = () => TeachingFigures.Architecture(UNet),
        ["receptive field"] = () => TeachingFigures.ReceptiveField([("conv 3", 3, 1, 1), ("pool 2", 2, 2, 1), ("conv 3", 3, 1, 1), ("conv 3, dilated", 3, 1, 2)]),
        ["latent space"] = () => TeachingFigures.LatentSpace(Codes, MoonLabels, (a, b) => Stripes(8, 1 + a + b), ["healthy", "ill"], grid: 7),
        ["attention map"] = () => TeachingFigures.AttentionMap(AttentionWeights, ["the", "cat", "sat", "on", "the", "mat"]),
        ["sinogram and reconstruction"] = () => TeachingFigures.SinogramAndReconstruction(Sinogram(45), new[] { 3, 9, 15, 45 }.Select(views => (views, Reconstruction(views)))),
        ["electrocardiogram"] = () => TeachingFigures.EcgStrip(Heartbeats, 250, [(0.35, "beat"), (1.15, "beat"), (1.95, "beat")], Heartbeats.Select(mv => 0.8 * mv)),
        ["graph with classes"] = () => TeachingFigures.NodeGraph([(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (3, 5), (5, 6), (0, 7), (7, 2)], [0, 0, 0, 1, 1, 1, 1, 0], ["officer's side", "teacher's side"]),
        ["trajectory"] = () => TeachingFigures.Trajectory(["S...", ".#x.", "...G"], [(0, 0, 0), (1, 0, -1), (2, 0, -1), (2, 1, -1), (2, 2, -1), (2, 3, 10)], new double[,] { { 4, 5, 6, 8 }, { 5, 0, -5, 9 }, { 6, 7, 8, 10 } }),
        ["explored over one parameter"] = () => Explore.Over([0.02, 0.06, 0.1, 0.16], rate => TeachingFigures.ErrorContour(Ravine, (-2, 2), (-2, 2), [("descent", Descent(rate, 0))], resolution: 40), "learning rate"),
        ["explored over two parameters"] = () => Explore.Over([0.02, 0.06, 0.1, 0.14], [0.0, 0.5, 0.9], (rate, momentum) => TeachingFigures.LossCurves([("error", Descent(rate, momentum).Select(w => Ravine(w.W1, w.W2)))], logarithmic: true, step: "step"), "learning rate", "momentum"),
    };

    // The moons and the small network that many figures look at.
    private static readonly TensorDataset Moons = Synthetic.Moons(160, 0.18, new Generator(4)).WithClassesAsTargets();
    private static readonly double[] MoonX1 = Column(0);
    private static readonly double[] MoonX2 = Column(1);
    private static readonly int[] MoonLabels = [.. Moons.Targets.ToDoubleArray().Select(label => (int)label)];
    private static readonly Lazy<(Sequential Model, TrainingHistory History)> Trained = new(() =>
    {
        Sequential model = NewModel();
        return (model, Train(model, 60));
    });

    private static Sequential MoonsModel => Trained.Value.Model;

    private static TrainingHistory MoonsHistory => Trained.Value.History;

    private static double[] MoonProbabilities => MoonsModel.Forward(Moons.Inputs).ToDoubleArray();

    private static Sequential NewModel()
    {
        var generator = new Generator(7);
        return new Sequential(new Linear(2, 6, generator: generator), new Tanh(), new Linear(6, 4, generator: generator), new Tanh(), new Linear(4, 1, generator: generator), new Sigmoid());
    }

    private static TrainingHistory Train(Sequential model, int epochs) => Trainer.Fit(
        model, (p, y) => new BCELoss().Forward(p, y.Reshape(p.Shape[0], 1)), new Adam(model.Parameters(), 0.02), new DataLoader(Moons, 32, shuffle: true, generator: new Generator(1)), epochs, Moons);

    private static IEnumerable<(int Epoch, Sequential Model)> MoonsTraining()
    {
        Sequential model = NewModel();
        yield return (0, model);
        for (int epoch = 5; epoch <= 40; epoch += 5)
        {
            Train(model, 5);
            yield return (epoch, model);
        }
    }

    private static Tensor MoonsLoss() => new BCELoss().Forward(MoonsModel.Forward(Moons.Inputs), Moons.Targets.Reshape(Moons.Targets.Count, 1));

    private static Func<double, double, double> Probability(Sequential model) => (a, b) => model.Forward(Tensor.From([a, b], [1, 2])).Item();

    private static double[] Column(int feature)
    {
        double[,] matrix = Moons.Inputs.ToMatrix();
        return [.. Enumerable.Range(0, matrix.GetLength(0)).Select(row => matrix[row, feature])];
    }

    private static double Ravine(double a, double b) => (0.5 * a * a) + (6 * b * b);

    private static IEnumerable<(double W1, double W2)> Descent(double rate, double momentum)
    {
        (double a, double b, double va, double vb) = (-1.8, 1.2, 0, 0);
        for (int step = 0; step < 40; step++)
        {
            yield return (a, b);
            (va, vb) = ((momentum * va) - (rate * a), (momentum * vb) - (rate * 12 * b));
            (a, b) = (a + va, b + vb);
        }
    }

    private static (string, IEnumerable<(double, double)>)[] Racers => [("gradient descent", Descent(0.06, 0)), ("momentum 0.8", Descent(0.06, 0.8)), ("too fast", Descent(0.16, 0))];

    private static IEnumerable<double> DeepGradients(Func<Module> activation)
    {
        var generator = new Generator(11);
        Linear[] layers = [.. Enumerable.Range(0, 10).Select(_ => new Linear(16, 16, generator: generator))];
        var model = new Sequential([.. layers.SelectMany(layer => new[] { layer, activation() })]);
        model.Forward(Tensor.Normal([8, 16], generator: generator)).Square().Sum().Backward();
        return layers.Select(layer => Math.Sqrt(layer.Weight.Grad!.ToDoubleArray().Sum(value => value * value)));
    }

    private static double[,] Stripes(int size, double waves)
    {
        var image = new double[size, size];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
                image[row, column] = Math.Sin(2 * Math.PI * waves * (row + column) / size);
        }
        return image;
    }

    private static double[,] Edge { get; } = { { 9, 9, 9, 0, 0, 0 }, { 9, 9, 9, 0, 0, 0 }, { 9, 9, 9, 0, 0, 0 }, { 9, 9, 9, 0, 0, 0 }, { 9, 9, 9, 0, 0, 0 }, { 9, 9, 9, 0, 0, 0 } };

    private static double[] CurveX { get; } = [.. Enumerable.Range(0, 41).Select(i => i * 6.0 / 40)];

    /// <summary>Polynomials fitted to 12 noisy points of a sine, for 20 draws of them.</summary>
    private static IEnumerable<double[]> PolynomialFits(int degree)
    {
        for (int draw = 0; draw < 20; draw++)
        {
            double[] noise = Tensor.Normal([12], 0, 0.3, new Generator((ulong)draw)).ToDoubleArray();
            double[] x = [.. Enumerable.Range(0, 12).Select(i => i * 6.0 / 11)];
            double[] coefficients = MathNet.Numerics.Fit.Polynomial(x, [.. x.Select((place, i) => Math.Sin(place) + noise[i])], degree);
            yield return [.. CurveX.Select(place => MathNet.Numerics.Polynomial.Evaluate(place, coefficients))];
        }
    }

    private static double[] Strengths { get; } = [.. Enumerable.Range(0, 30).Select(i => Math.Pow(10, -2 + (3 * i / 29.0)))];

    /// <summary>L1 on features that do not depend on each other: every coefficient is pulled to 0 by the strength.</summary>
    private static double[,] SoftThresholds()
    {
        double[] free = [2.4, -1.1, 0.6, 0.15];
        var paths = new double[Strengths.Length, free.Length];
        for (int i = 0; i < Strengths.Length; i++)
        {
            for (int feature = 0; feature < free.Length; feature++)
                paths[i, feature] = Math.Sign(free[feature]) * Math.Max(0, Math.Abs(free[feature]) - Strengths[i]);
        }
        return paths;
    }

    private static double[,] Codes
    {
        get
        {
            var codes = new double[MoonX1.Length, 2];
            for (int i = 0; i < MoonX1.Length; i++)
                (codes[i, 0], codes[i, 1]) = (MoonX1[i], MoonX2[i]);
            return codes;
        }
    }

    private static double[,] AttentionWeights => Tensor.Normal([6, 6], 0, 1.5, new Generator(8)).Softmax().ToMatrix();

    private static double[,] Sinogram(int views) => new RadonTransform(48, views).Forward(Synthetic.SheppLogan(48).Reshape(1, 1, 48, 48)).Reshape(views, -1).ToMatrix();

    private static double[,] Reconstruction(int views)
    {
        var radon = new RadonTransform(48, views);
        return radon.FilteredBackProjection(radon.Forward(Synthetic.SheppLogan(48).Reshape(1, 1, 48, 48))).Reshape(48, 48).ToMatrix();
    }

    /// <summary>Three beats of sums of Gaussian waves: P, Q, R, S and T.</summary>
    private static double[] Heartbeats { get; } = [.. Enumerable.Range(0, 600).Select(i =>
    {
        double since = ((i / 250.0) % 0.8) - 0.35;
        (double Height, double At, double Width)[] waves = [(0.12, -0.17, 0.025), (-0.1, -0.03, 0.01), (1.2, 0, 0.012), (-0.25, 0.035, 0.012), (0.3, 0.22, 0.04)];
        return waves.Sum(wave => wave.Height * Math.Exp(-Math.Pow((since - wave.At) / wave.Width, 2) / 2));
    })];

    private static Sequential LeNet() => new(
        new Conv2d(1, 6, 5, padding: 2), new ReLU(), new MaxPool2d(2), new Conv2d(6, 16, 5), new ReLU(), new MaxPool2d(2),
        new Flatten(), new Linear(400, 120), new ReLU(), new Linear(120, 84), new ReLU(), new Linear(84, 10));

    private static ArchitectureBlock[] UNet { get; } =
    [
        new("input", [1, 64, 64]), new("Conv 3x3", [16, 64, 64], 2480), new("Pool", [16, 32, 32], 0, 1), new("Conv 3x3", [32, 32, 32], 13888, 1),
        new("Pool", [32, 16, 16], 0, 2), new("Conv 3x3", [64, 16, 16], 55424, 2), new("Up", [32, 32, 32], 8224, 1),
        new("Conv 3x3", [32, 32, 32], 27712, 1, SkipFrom: 3), new("Up", [16, 64, 64], 2064), new("Conv 3x3", [16, 64, 64], 6944, 0, SkipFrom: 1), new("Conv 1x1", [1, 64, 64], 17),
    ];

    /// <summary>The toy function b3 + w3 cos(b2 + w2 exp(b1 + w1 sin(b0 + w0 x))) and its squared error.</summary>
    private static Tensor ToyLoss(out (string, Tensor)[] names)
    {
        Tensor Leaf(double value)
        {
            Tensor leaf = Tensor.Scalar(value, Device.Reference);
            leaf.RequiresGrad = true;
            return leaf;
        }
        Tensor x = Tensor.Scalar(2.3, Device.Reference);
        Tensor[] b = [Leaf(1), Leaf(2), Leaf(3), Leaf(0.4)], w = [Leaf(0.1), Leaf(-0.2), Leaf(0.3), Leaf(-2)];
        Tensor f = b[3] + (w[3] * (b[2] + (w[2] * (b[1] + (w[1] * (b[0] + (w[0] * x)).Sin())).Exp())).Cos());
        Tensor loss = (f - 2).Square();
        names = [("x", x), .. b.Select((leaf, i) => ($"b{i}", leaf)), .. w.Select((leaf, i) => ($"w{i}", leaf)), ("f", f), ("loss", loss)];
        return loss;
    }
}
