namespace CourseKit;

/// <summary>Every complaint of training, cross-validation and search is written here.</summary>
internal static class TrainingCheck
{
    public static void SomeFolds(int folds)
    {
        if (folds == 0)
            throw new ArgumentException("CrossValidation got no fold: make them with new KFold(5) or new StratifiedKFold(5).");
    }

    public static void FoldScore(double score, int fold, int folds)
    {
        if (double.IsNaN(score))
            throw new ArithmeticException($"Fold {fold} of {folds} was scored NaN: training diverged there (try a smaller learning rate), or the score divides by something that can be 0.");
    }

    public static void Fit(DataLoader loader, int? validationExamples, int epochs, int accumulate, int metrics)
    {
        if (loader.Data.Count == 0)
            throw new ArgumentException("Trainer.Fit got a loader without examples: see what was filtered away or split off before.");
        if (loader.BatchCount == 0)
            throw new ArgumentException($"Trainer.Fit got a loader that leaves out its only batch: {loader.Data.Count} examples do not fill one of {loader.BatchSize}.");
        if (validationExamples == 0)
            throw new ArgumentException("Trainer.Fit got a validation part without examples: split off some, or leave validation away.");
        if (epochs < 0)
            throw new ArgumentOutOfRangeException(null, $"Trainer.Fit was asked for {epochs} epochs: 0 trains nothing, fewer cannot be.");
        if (accumulate < 1)
            throw new ArgumentOutOfRangeException(null, $"Trainer.Fit was asked to accumulate {accumulate} batches for a step: 1 is a step for each batch, the usual way.");
        if (metrics > 0 && validationExamples is null)
            throw new ArgumentException("Trainer.Fit measures metrics on the validation part, and there is none: pass validation, or leave metrics away.");
    }

    public static void LossIsOneNumber(Shape loss)
    {
        if (loss.ElementCount != 1)
            throw new ShapeException($"The loss of a batch is a tensor of shape {loss}, and training wants one number, the mean: make the loss with Reduction.Mean, or end your own with Mean().");
    }

    /// <summary>A model that learns nothing, because the optimizer holds other parameters, looks like one that is badly set up.</summary>
    public static void GradientsArrived(Optimizer optimizer)
    {
        if (optimizer.Parameters.All(parameter => parameter.GradUnseen is null))
            throw new InvalidOperationException($"None of the {optimizer.Parameters.Count} parameters of {optimizer.GetType().Name} got a gradient from the loss, so nothing would be learned: make the optimizer of the model that is trained, with model.Parameters().");
    }

    public static void Evaluation(int examples, int batchSize)
    {
        if (examples == 0)
            throw new ArgumentException("There is no example to measure: see what was filtered away or split off before.");
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(null, $"A batch holds at least one example, and batches of {batchSize} were asked for.");
    }

    public static void Rows(Shape inputs)
    {
        if (inputs.Rank == 0)
            throw new ShapeException("Trainer.Predict wants one row for each example and got a scalar: reshape a single example to 1 x features.");
    }

    /// <summary>Says what usually makes a loss infinite or NaN, and first what can be seen: the batch, the parameters.</summary>
    /// <param name="loss">The loss of the batch.</param>
    /// <param name="run">The training.</param>
    /// <param name="number">The batch's number in its epoch, from 1.</param>
    /// <param name="batch">The batch; where it was given back in the meantime, it is put together again.</param>
    public static void FiniteLoss(double loss, TrainingRun run, int number, TensorDataset? batch)
    {
        if (double.IsFinite(loss))
            return;
        batch ??= run.Loader.Again(number);
        var where = FormattableString.Invariant($"The loss became {loss} in epoch {run.Epoch}, batch {number} of {run.Loader.BatchCount}");
        if (!batch.HasTokens && FirstNotFinite(batch.Inputs) is { } input)
            throw new ArithmeticException($"{where}: the inputs of this batch hold {input}. Find and repair such rows before training.");
        if (!batch.HasClasses && FirstNotFinite(batch.Targets) is { } target)
            throw new ArithmeticException($"{where}: the targets of this batch hold {target}. Find and repair such rows before training.");
        throw new ArithmeticException(where + FormattableString.Invariant($": usually the learning rate ({run.Optimizer.LearningRate}) is too large, or the features were not standardized; in a loss of your own it can be the logarithm of 0 or a division by 0."));
    }

    /// <summary>A loss found a number outside its range some steps ago, and only that was noted: asked again with the same batch, it says which.</summary>
    public static void OutOfRange(int number, int batches, Action again)
    {
        again();
        throw new ArgumentOutOfRangeException(null, $"The loss of batch {number} of {batches} got a number outside its range, with the parameters of that step: such losses want probabilities (end the network with a Sigmoid or Softmax) and targets from 0 to 1. The same steps on Device.Cpu say which number it is.");
    }

    public static void EarlyStopping(int patience, double minDelta)
    {
        if (patience < 1)
            throw new ArgumentOutOfRangeException(null, $"EarlyStopping got a patience of {patience}: it is the number of epochs without improvement that end training, at least 1; 5 to 20 are usual.");
        if (!(minDelta >= 0))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"EarlyStopping got a smallest improvement of {minDelta}: it is 0 or more, also where a metric is maximized."));
    }

    public static void SomethingToWatch(string callback, string? metric, TrainingRun run)
    {
        if (metric is null && !run.HasValidationLoss)
            throw new InvalidOperationException($"{callback} watches the validation loss, and there is no validation part: pass validation to Trainer.Fit, or name a metric that a callback reports.");
    }

    public static double ClippingLimit(double limit)
    {
        if (!(limit > 0))
            throw new ArgumentException(FormattableString.Invariant($"ClipGradients got the limit {limit}: at 0 nothing would be learned; 1 is a usual norm."));
        return limit;
    }

    public static void IsCheckpoint(string path, IEnumerable<string> history, int savedGenerators, int generators)
    {
        if (history.Count() != 2 || savedGenerators < 2)
            throw new InvalidDataException($"{Path.GetFileName(path)} is no checkpoint of a training: a model's parameters alone are loaded with its Load.");
        if (savedGenerators != generators)
            throw new InvalidDataException($"{Path.GetFileName(path)} was saved with {savedGenerators - 2} generators of its own and is resumed with {generators - 2}: give Checkpoint the same ones in the same order.");
    }

    public static void IsGeneratorState(string path, int numbers)
    {
        if (numbers != 3)
            throw new InvalidDataException($"{Path.GetFileName(path)} is damaged: where a generator stands is not readable in it.");
    }

    public static int Every(string callback, int epochs)
    {
        if (epochs < 1)
            throw new ArgumentOutOfRangeException(null, $"{callback} was told to act every {epochs} epochs: 1 is after each.");
        return epochs;
    }

    public static void KnownSeries(string name, IEnumerable<string> known)
    {
        if (!known.Contains(name))
            throw new KeyNotFoundException($"The training history has no series \"{name}\"; {(!known.Any() ? "it has none: pass metrics to Trainer.Fit" : $"it has {string.Join(", ", known)}")}.");
    }

    private static string? FirstNotFinite(Tensor tensor)
    {
        var values = tensor.ToDoubleArray();
        var at = Array.FindIndex(values, value => !double.IsFinite(value));
        return at < 0 ? null : FormattableString.Invariant($"{values[at]} in row {at / Math.Max(1, values.Length / tensor.Shape[0])}");
    }
}
