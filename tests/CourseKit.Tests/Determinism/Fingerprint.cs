using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CourseKit.Tests;

/// <summary>Every bit of a computation in one short text: two that differ in one bit of one number have other fingerprints.</summary>
internal static class Fingerprint
{
    public static string Of(params IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
            hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.ToArray()));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Trains a network of the given widths for some steps and takes the fingerprint of its loss and its parameters.</summary>
    public static string OfTraining(int[] widths, int examples, int steps)
    {
        var generator = new Generator(42);
        var layers = new List<Module>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            layers.Add(new Linear(widths[i], widths[i + 1], generator: generator, device: Device.Cpu));
            if (i + 2 < widths.Length)
                layers.Add(i % 2 == 0 ? new Tanh() : new Sigmoid());
        }
        var model = new Sequential([.. layers]);
        var x = Tensor.Uniform([examples, widths[0]], -1, 1, generator, Device.Cpu);
        var classes = IntTensor.From([.. Enumerable.Range(0, examples).Select(_ => generator.NextInt(widths[^1]))]);
        var optimizer = new SGD(model.Parameters(), 0.1, momentum: 0.9, weightDecay: 1e-4);
        var lossOf = new CrossEntropyLoss();
        var losses = new List<Tensor>();
        for (var step = 0; step < steps; step++)
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            var loss = lossOf.Forward(model.Forward(x), classes);
            loss.Backward();
            optimizer.Step();
            losses.Add(loss.Keep());
        }
        return Of([.. losses, .. model.Parameters()]);
    }

    /// <summary>Takes some steps with every optimizer on a parameter of the given size.</summary>
    public static string OfOptimizers(int count, int steps)
        => Of(AllOptimizers.Make.Values.Select(make =>
        {
            var w = Tensor.Normal([count], generator: new Generator(7), device: Device.Cpu);
            w.RequiresGrad = true;
            var optimizer = make([new ParameterGroup([w])], 0.01);
            for (var step = 0; step < steps; step++)
            {
                optimizer.ZeroGrad();
                w.Backward(Tensor.Normal([count], generator: new Generator((ulong)step), device: Device.Cpu));
                optimizer.Step();
            }
            return w;
        }));

    /// <summary>One text for everything that must not depend on the machine's vector instructions.</summary>
    public static string OfTheCpuDevice()
    {
        var x = Tensor.Uniform([37, 53], 0.1, 4, new Generator(5), Device.Cpu);
        var y = Tensor.Uniform([53, 41], -2, 2, new Generator(6), Device.Cpu);
        Tensor[] results =
        [
            x.Exp(), x.Log(), x.Sqrt(), (x - 2).Sigmoid(), (x - 2).Tanh(), (x - 2).Relu(), x.Softmax(), x.LogSoftmax(),
            x.Sum(), x.Sum(0), x.Sum(1), x.Mean(0), x.MatMul(y), y.MatMul(x, transposeLeft: true, transposeRight: true),
            .. ConvolutionTests.Results(),
            new BCEWithLogitsLoss(Reduction.None).Forward(x - 2, x / 4), new BCELoss(Reduction.None).Forward(x / 4, x / 4),
            (x - 2).Erf(), (x - 2).Gelu(), (x - 2).Elu(), (x - 2).Softplus(), (x - 2).Swish(1.4), x.Softmax(0), x.LogSoftmax(0),
            new BarronLoss(0.5, reduction: Reduction.None).Forward(x, y.Transpose().Columns(0, 53).Rows(0, 37)), new VonMisesNLLLoss(Reduction.None).Forward(x, x - 1, x),
            new BinaryFocalLoss(reduction: Reduction.None).Forward(x - 2, x / 4),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"{Of(results)} {OfTraining([7, 19, 11, 3], 33, 20)} {OfOptimizers(37, 10)}");
    }
}
