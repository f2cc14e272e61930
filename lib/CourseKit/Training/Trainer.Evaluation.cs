using System.Runtime.CompilerServices;

namespace CourseKit;

public static partial class Trainer
{
    // Large enough to keep a matrix product busy, small enough for the feature maps of a convolution.
    private const int EvaluationBatch = 256;

    /// <summary>
    /// The loss of a model on a data set whose targets are numbers, without recording and with the model switched to using;
    /// afterwards it is switched back. Done in batches, each weighted by its examples, so that a large set fits into memory.
    /// </summary>
    /// <param name="model">What is measured.</param>
    /// <param name="loss">A function of predictions and targets that gives the mean over a batch.</param>
    /// <param name="data">What it is measured on.</param>
    /// <param name="batchSize">Examples at a time. The result does not depend on it but for rounding.</param>
    /// <exception cref="ArgumentException">There is no example, or a batch of none.</exception>
    /// <exception cref="OperationCanceledException">The host asked to stop.</exception>
    public static double Evaluate(Module model, Func<Tensor, Tensor, Tensor> loss, TensorDataset data, int batchSize = EvaluationBatch)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Evaluate(model, OnTargets(model, loss), data, batchSize, outputs: null);
    }

    /// <summary>The loss of a model on a data set whose targets are classes.</summary>
    /// <inheritdoc cref="Evaluate(Module, Func{Tensor, Tensor, Tensor}, TensorDataset, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Evaluate(Module model, Func<Tensor, IntTensor, Tensor> loss, TensorDataset data, int batchSize = EvaluationBatch)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Evaluate(model, OnClasses(model, loss), data, batchSize, outputs: null);
    }

    /// <summary>The mean of a loss that is any function of a batch, as <see cref="Fit(Module, Func{TensorDataset, Tensor}, Optimizer, DataLoader, int, TensorDataset?, Func{TrainingProgress, bool}?, IReadOnlyList{TrainingCallback}?, int)"/> takes it.</summary>
    /// <inheritdoc cref="Evaluate(Module, Func{Tensor, Tensor, Tensor}, TensorDataset, int)"/>
    public static double Evaluate(Module model, Func<TensorDataset, Tensor> loss, TensorDataset data, int batchSize = EvaluationBatch)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Evaluate(model, OnBatches(loss), data, batchSize, outputs: null);
    }

    /// <summary>What a model gives for each input, without recording, with the model switched to using and afterwards back, and in batches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">N x ....</param>
    /// <param name="batchSize">Examples at a time.</param>
    /// <returns>N x ....</returns>
    /// <exception cref="ArgumentException">There is no input, or a batch of none.</exception>
    /// <exception cref="OperationCanceledException">The host asked to stop.</exception>
    public static Tensor Predict(Module model, Tensor inputs, int batchSize = EvaluationBatch)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        TrainingCheck.Rows(inputs.Shape);
        ArgumentNullException.ThrowIfNull(model);
        using var outputs = new Outputs();
        // The classes are never looked at, a data set wants one for each input; nor is the loss.
        var data = new TensorDataset(inputs, IntTensor.From(new int[inputs.Shape[0]]));
        Evaluate(model, batch => (model.Forward(batch.Inputs), Tensor.Scalar(0)), data, batchSize, outputs);
        return outputs.Together(inputs.Device);
    }

    private static double Measure(TrainingRun run, BatchLoss loss, TensorDataset validation, Metric[] metrics)
    {
        using var outputs = metrics.Length == 0 ? null : new Outputs();
        var value = Evaluate(run.Model, loss, validation, EvaluationBatch, outputs);
        using var scope = new TensorScope();
        using var noGrad = new NoGrad();
        if (outputs?.Together(validation.Inputs.Device) is { } predictions)
            foreach (var metric in metrics)
                run.Report(metric.Name, metric.Measure(predictions, validation));
        return value;
    }

    private static double Evaluate(Module model, BatchLoss loss, TensorDataset data, int batchSize, Outputs? outputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        TrainingCheck.Evaluation(data.Count, batchSize);
        var wasTraining = model.IsTraining;
        model.Eval();
        try
        {
            using var noGrad = new NoGrad();
            var batches = (int)((data.Count + (long)batchSize - 1) / batchSize);
            using var losses = new MeanLoss(complain: number => TrainingCheck.OutOfRange(number, batches, () => loss(Batch(number))));
            for (var number = 1; number <= batches; number++)
            {
                StopRequest.ThrowIfRequested();
                using var scope = new TensorScope();
                var batch = Batch(number);
                var (prediction, value) = loss(batch);
                TrainingCheck.LossIsOneNumber(value.Shape);
                if (prediction is not null)
                    outputs?.Add(prediction);
                losses.Add(value, batch);
            }
            return losses.Value;
        }
        finally
        {
            model.Train(wasTraining);
        }

        TensorDataset Batch(int number)
        {
            var start = (number - 1) * batchSize;
            return data.Count <= batchSize ? data : data.Rows([.. Enumerable.Range(start, Math.Min(batchSize, data.Count - start))]);
        }
    }

    /// <summary>The outputs of several batches, copied where they are: nothing waits for them.</summary>
    private sealed class Outputs : IDisposable
    {
        private readonly List<Tensor> parts = [];

        public void Add(Tensor output)
        {
            // A copy of its own: what a model hands out may be part of its input.
            var part = Tensor.EmptyOutsideScopes(output.Shape, output.Device);
            part.CopyFrom(output);
            parts.Add(part);
        }

        public Tensor Together(Device device)
        {
            using var noGrad = new NoGrad();
            return Tensor.Concatenate(0, [.. parts]).To(device);
        }

        public void Dispose()
        {
            foreach (var part in parts)
                part.Release();
        }
    }
}
