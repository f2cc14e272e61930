using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace CourseKit;

/// <summary>The training loop every chapter uses, once it has been written out by hand.</summary>
public static partial class Trainer
{
    /// <summary>Trains a model whose targets are numbers.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="loss">A function of predictions and targets that gives a scalar, the mean over a batch, for example <c>new MSELoss().Forward</c>.</param>
    /// <param name="optimizer">What changes the parameters.</param>
    /// <param name="loader">The training part.</param>
    /// <param name="epochs">How often to walk through it.</param>
    /// <param name="validation">The part to measure after each epoch, if any.</param>
    /// <param name="onEpoch">Told after each epoch: progress, snapshots for a picture, early stopping by returning false.</param>
    /// <param name="callbacks">More that are told, and may act: <see cref="EarlyStopping"/>, <see cref="ClipGradients"/>, <see cref="LearningRateSchedule"/>, <see cref="ProgressLine"/>, <see cref="Checkpoint"/> or your own.</param>
    /// <param name="metrics">What else to measure on the validation part after each epoch, by name: functions of all predictions and all targets. See <see cref="TrainingHistory.Series"/>.</param>
    /// <param name="accumulate">Batches for one step of the optimizer: their gradients are averaged, as if they were one batch too large for memory.</param>
    /// <exception cref="ArgumentException">There is no example, fewer than 0 epochs or than 1 batch a step, or a metric and no validation part.</exception>
    /// <exception cref="ArithmeticException">The loss is no longer a finite number: the learning rate is too large, or an input is not finite. The message says which batch. On a device that runs ahead this is noticed some steps later, and the parameters have made those steps.</exception>
    /// <exception cref="TrainingStoppedException">The host asked to stop (see <see cref="StopRequest"/>); the model keeps what it has learned.</exception>
    public static TrainingHistory Fit(Module model, Func<Tensor, Tensor, Tensor> loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation = null, Func<TrainingProgress, bool>? onEpoch = null,
        IReadOnlyList<TrainingCallback>? callbacks = null, IReadOnlyList<(string Name, Func<Tensor, Tensor, double> Measure)>? metrics = null, int accumulate = 1)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Fit(model, OnTargets(model, loss), optimizer, loader, epochs, validation, onEpoch, callbacks,
            metrics?.Select(metric => new Metric(metric.Name, (prediction, data) => metric.Measure(prediction, data.Targets))), accumulate);
    }

    /// <summary>Trains a model whose targets are classes.</summary>
    /// <inheritdoc cref="Fit(Module, Func{Tensor, Tensor, Tensor}, Optimizer, DataLoader, int, TensorDataset?, Func{TrainingProgress, bool}?, IReadOnlyList{TrainingCallback}?, IReadOnlyList{ValueTuple{string, Func{Tensor, Tensor, double}}}?, int)"/>
    [OverloadResolutionPriority(1)] // new CrossEntropyLoss().Forward fits both, and with classes it is meant for this one
    public static TrainingHistory Fit(Module model, Func<Tensor, IntTensor, Tensor> loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation = null, Func<TrainingProgress, bool>? onEpoch = null,
        IReadOnlyList<TrainingCallback>? callbacks = null, IReadOnlyList<(string Name, Func<Tensor, IntTensor, double> Measure)>? metrics = null, int accumulate = 1)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Fit(model, OnClasses(model, loss), optimizer, loader, epochs, validation, onEpoch, callbacks,
            metrics?.Select(metric => new Metric(metric.Name, (prediction, data) => metric.Measure(prediction, data.Classes))), accumulate);
    }

    /// <summary>
    /// Trains with a loss that is any function of a batch: where the model takes tokens or a mask, where the target is the
    /// input itself (an autoencoder), or where the loss has several terms. The function calls the model.
    /// </summary>
    /// <param name="model">What is trained; switched to training and, for the validation part, to using.</param>
    /// <param name="loss">A function of a batch that gives a scalar, the mean over it, for example <c>batch => mse.Forward(model.Forward(batch.Inputs), batch.Inputs)</c>.</param>
    /// <param name="optimizer">What changes the parameters.</param>
    /// <param name="loader">The training part.</param>
    /// <param name="epochs">How often to walk through it.</param>
    /// <param name="validation">The part to measure after each epoch, if any.</param>
    /// <param name="onEpoch">Told after each epoch; training ends where it returns false.</param>
    /// <param name="callbacks">More that are told, and may act.</param>
    /// <param name="accumulate">Batches for one step of the optimizer.</param>
    /// <exception cref="ArgumentException">There is no example, or fewer than 0 epochs or than 1 batch a step.</exception>
    /// <exception cref="ArithmeticException">The loss is no longer a finite number; the message says which batch.</exception>
    /// <exception cref="TrainingStoppedException">The host asked to stop; the model keeps what it has learned.</exception>
    public static TrainingHistory Fit(Module model, Func<TensorDataset, Tensor> loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation = null, Func<TrainingProgress, bool>? onEpoch = null,
        IReadOnlyList<TrainingCallback>? callbacks = null, int accumulate = 1)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Fit(model, OnBatches(loss), optimizer, loader, epochs, validation, onEpoch, callbacks, metrics: null, accumulate);
    }

    /// <summary>What a model makes of a batch: its prediction, where it is known, and the loss.</summary>
    private delegate (Tensor? Prediction, Tensor Loss) BatchLoss(TensorDataset batch);

    private static BatchLoss OnTargets(Module model, Func<Tensor, Tensor, Tensor> loss) => batch =>
    {
        var prediction = model.Forward(batch.Inputs);
        return (prediction, loss(prediction, batch.Targets));
    };

    private static BatchLoss OnClasses(Module model, Func<Tensor, IntTensor, Tensor> loss) => batch =>
    {
        var prediction = model.Forward(batch.Inputs);
        return (prediction, loss(prediction, batch.Classes));
    };

    private static BatchLoss OnBatches(Func<TensorDataset, Tensor> loss) => batch => (null, loss(batch));

    private sealed record Metric(string Name, Func<Tensor, TensorDataset, double> Measure);

    private static TrainingHistory Fit(Module model, BatchLoss loss, Optimizer optimizer, DataLoader loader, int epochs, TensorDataset? validation,
        Func<TrainingProgress, bool>? onEpoch, IReadOnlyList<TrainingCallback>? callbacks, IEnumerable<Metric>? metrics, int accumulate)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loader);
        Metric[] measured = [.. metrics ?? []];
        TrainingCheck.Fit(loader, validation?.Count, epochs, accumulate, measured.Length);
        var run = new TrainingRun(model, optimizer, loader, epochs, [.. (callbacks ?? []).OrderBy(callback => callback.ComesLast)]);
        try
        {
            foreach (var callback in run.Callbacks)
                callback.OnStart(run);
            while (run.EpochsDone < epochs && run.StopReason is null)
            {
                run.Epoch = run.EpochsDone + 1;
                var trained = TrainEpoch(run, loss, accumulate);
                run.Finish(trained, validation is null ? null : Measure(run, loss, validation, measured));
                if (onEpoch?.Invoke(new TrainingProgress(run.Epoch, epochs, run.Loss, run.ValidationLoss)) == false)
                    run.Stop("stopped by onEpoch");
                foreach (var callback in run.Callbacks)
                    callback.OnEpoch(run);
            }
        }
        catch (OperationCanceledException stop)
        {
            throw new TrainingStoppedException(run, stop);
        }
        finally
        {
            End(run);
        }
        return run.History;
    }

    /// <summary>Tells every callback, even where one of them fails: the best parameters must come back.</summary>
    private static void End(TrainingRun run)
    {
        ExceptionDispatchInfo? failure = null;
        foreach (var callback in run.Callbacks)
            try
            {
                callback.OnEnd(run);
            }
            catch (Exception thrown)
            {
                failure ??= ExceptionDispatchInfo.Capture(thrown);
            }
        failure?.Throw();
    }

    /// <summary>Walks once through the training part.</summary>
    /// <returns>The mean loss over its examples.</returns>
    private static double TrainEpoch(TrainingRun run, BatchLoss loss, int accumulate)
    {
        run.Model.Train();
        using var losses = new MeanLoss(
            complain: number => TrainingCheck.OutOfRange(number, run.Loader.BatchCount, () => loss(run.Loader.Again(number))),
            check: (value, number, batch) => TrainingCheck.FiniteLoss(value, run, number, batch));
        var number = 0;
        foreach (var batch in InScopes(run.Loader))
        {
            if (number % accumulate == 0)
                run.Optimizer.ZeroGrad();
            number++;
            var value = loss(batch).Loss;
            TrainingCheck.LossIsOneNumber(value.Shape);
            losses.Add(value, batch);
            if (accumulate > 1)
            {
                // The batch's share of the examples of this step, so that a smaller last batch counts for less.
                var before = (long)(number - 1) / accumulate * accumulate * run.Loader.BatchSize;
                value *= (double)batch.Count / Math.Min((long)accumulate * run.Loader.BatchSize, run.Loader.ExampleCount - before);
            }
            value.Backward();
            if (number == 1)
                TrainingCheck.GradientsArrived(run.Optimizer);
            if (number % accumulate == 0 || number == run.Loader.BatchCount)
            {
                foreach (var callback in run.Callbacks)
                    callback.OnGradients(run);
                run.Optimizer.Step();
            }
        }
        return losses.Value;
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
}
