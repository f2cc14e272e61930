using System.Diagnostics;

namespace CourseKit.Cli.Benchmarks;

/// <summary>The kit's side of a workload.</summary>
internal static class OurWorkload
{
    /// <summary>Builds a workload and gives what runs it once.</summary>
    public static Action Prepare(Workload workload)
    {
        var generator = new Generator(1);
        GpuSupport.UseVendorProducts(Device.Default, !workload.OwnKernel);
        if (workload.Model == "matmul")
            return MatrixProduct(workload, generator);
        var (model, input, classes) = Build(workload, generator);
        return workload.Train ? TrainingStep(workload, model, input, classes, generator) : Inference(model, input);
    }

    /// <summary>Runs it some times.</summary>
    /// <returns>How long all took, in seconds.</returns>
    public static double Run(Action once, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            once();
        Device.Default.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static (Module Model, Tensor Input, int Classes) Build(Workload workload, Generator generator)
    {
        switch (workload.Model)
        {
            case "mlp":
                var layers = new List<Module>();
                for (var i = 0; i + 1 < workload.Widths.Length; i++)
                {
                    layers.Add(new Linear(workload.Widths[i], workload.Widths[i + 1], generator: generator));
                    if (i + 2 < workload.Widths.Length)
                        layers.Add(workload.Activation == "tanh" ? new Tanh() : new ReLU());
                }
                return (new Sequential([.. layers]), Tensor.Normal([workload.Batch, workload.Widths[0]], generator: generator), workload.Widths[^1]);
            case "cnn":
                return (new Sequential(
                    new Conv2d(1, 16, 3, padding: 1, generator: generator), new ReLU(), new MaxPool2d(2),
                    new Conv2d(16, 32, 3, padding: 1, generator: generator), new ReLU(), new MaxPool2d(2),
                    new Flatten(), new Linear(32 * 7 * 7, 10, generator: generator)), Tensor.Normal([workload.Batch, 1, 28, 28], generator: generator), 10);
            case "lstm":
                return (new LastStep(16, 64, 2, generator), Tensor.Normal([workload.Batch, 50, 16], generator: generator), 2);
            case "transformer":
                return (new MeanOfTokens(64, 4, 128, 2, 4, generator), Tensor.Normal([workload.Batch, 64, 64], generator: generator), 4);
            case "unet":
                return (new UNet(16, generator), Tensor.Normal([workload.Batch, 1, 128, 128], generator: generator), 0);
            default:
                throw new ArgumentException($"There is no model called {workload.Model}.");
        }
    }

    private static Action Inference(Module model, Tensor input)
    {
        model.Eval();
        return () =>
        {
            using var scope = new TensorScope();
            using var noGrad = new NoGrad();
            model.Forward(input);
        };
    }

    private static Action TrainingStep(Workload workload, Module model, Tensor input, int classes, Generator generator)
    {
        Optimizer optimizer = workload.Optimizer == "adam"
            ? new Adam(model.Parameters())
            : new SGD(model.Parameters(), 0.01, momentum: workload.Optimizer == "momentum" ? 0.9 : 0);
        Func<Tensor, Tensor> lossOf;
        if (workload.Loss == "bce")
        {
            var target = Tensor.Bernoulli([input.Shape[0], 1, .. input.Shape.Skip(2)], 0.5, generator);
            var loss = new BCEWithLogitsLoss();
            lossOf = prediction => loss.Forward(prediction, target);
        }
        else
        {
            var target = IntTensor.From([.. Enumerable.Range(0, input.Shape[0]).Select(row => row % classes)]);
            var loss = new CrossEntropyLoss();
            lossOf = prediction => loss.Forward(prediction, target);
        }
        return () =>
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            lossOf(model.Forward(input)).Backward();
            optimizer.Step();
        };
    }

    private static Action MatrixProduct(Workload workload, Generator generator)
    {
        var (m, n, k) = (workload.Lengths[0], workload.Lengths[1], workload.Lengths[2]);
        var (left, right) = (workload.TransposeLeft, workload.TransposeRight);
        var a = Tensor.Uniform(left ? [k, m] : [m, k], -0.5, 0.5, generator);
        var b = Tensor.Uniform(right ? [n, k] : [k, n], -0.5, 0.5, generator);
        return () =>
        {
            using var scope = new TensorScope();
            a.MatMul(b, left, right);
        };
    }
}
