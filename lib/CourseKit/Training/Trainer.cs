using System.Runtime.CompilerServices;

namespace CourseKit;

/// <summary>The training loop every chapter uses, once it has been written out by hand.</summary>
public static class Trainer
{
    /// <summary>Trains a model whose targets are numbers.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="loss">A function of predictions and targets that gives a scalar, for example <c>new MSELoss().Forward</c>.</param>
    /// <param name="optimizer">What changes the parameters.</param>
    /// <param name="loader">The training part.</param>
    /// <param name="epochs">How often to walk through it.</param>
    /// <param name="validation">The part to measure after each epoch, if any.</param>
    /// <param name="onEpoch">Told after each epoch: progress, snapshots for a picture, early stopping by returning false.</param>
    /// <exception cref="ArithmeticException">The loss is no longer a finite number: the learning rate is too large, or an input is not finite.</exception>
    /// <exception cref="OperationCanceledException">The host asked to stop (see <see cref="StopRequest"/>).</exception>
    public static TrainingHistory Fit(Module model, Func<Tensor, Tensor, Tensor> loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation = null, Func<TrainingProgress, bool>? onEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Fit(model, (prediction, batch) => loss(prediction, batch.Targets), optimizer, loader, epochs, validation, onEpoch);
    }

    /// <summary>Trains a model whose targets are classes.</summary>
    /// <inheritdoc cref="Fit(Module, Func{Tensor, Tensor, Tensor}, Optimizer, DataLoader, int, TensorDataset?, Func{TrainingProgress, bool}?)"/>
    [OverloadResolutionPriority(1)] // new CrossEntropyLoss().Forward fits both, and with classes it is meant for this one
    public static TrainingHistory Fit(Module model, Func<Tensor, IntTensor, Tensor> loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation = null, Func<TrainingProgress, bool>? onEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Fit(model, (prediction, batch) => loss(prediction, batch.Classes), optimizer, loader, epochs, validation, onEpoch);
    }

    private static TrainingHistory Fit(Module model, Func<Tensor, TensorDataset, Tensor> loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation, Func<TrainingProgress, bool>? onEpoch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        List<double> losses = [], validationLosses = [];
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            model.Train();
            var total = 0.0;
            foreach (var batch in InScopes(loader))
            {
                optimizer.ZeroGrad();
                var value = loss(model.Forward(batch.Inputs), batch);
                value.Backward();
                optimizer.Step();
                total += value.Item() * batch.Count;
            }
            losses.Add(total / loader.ExampleCount);
            if (!double.IsFinite(losses[^1]))
                throw new ArithmeticException(FormattableString.Invariant($"The loss became {losses[^1]} in epoch {epoch}: usually the learning rate ({optimizer.LearningRate}) is too large, or the features were not standardized."));
            if (validation is not null)
                validationLosses.Add(Evaluate(model, loss, validation));
            var goOn = onEpoch?.Invoke(new TrainingProgress(epoch, epochs, losses[^1], validation is null ? double.NaN : validationLosses[^1])) ?? true;
            if (!goOn)
                break;
        }
        return new TrainingHistory(losses, validationLosses);
    }

    /// <summary>Batches of one epoch, each in a scope of its own: what a step makes is given back when it ends.</summary>
    private static IEnumerable<TensorDataset> InScopes(DataLoader loader)
    {
        using var batches = loader.Batches().GetEnumerator();
        while (true)
        {
            StopRequest.ThrowIfRequested();
            using var scope = new TensorScope();
            if (!batches.MoveNext())
                yield break;
            yield return batches.Current;
        }
    }

    private static double Evaluate(Module model, Func<Tensor, TensorDataset, Tensor> loss, TensorDataset data)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGrad();
        model.Eval();
        var value = loss(model.Forward(data.Inputs), data).Item();
        model.Train();
        return value;
    }
}
