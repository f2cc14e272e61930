namespace CourseKit.Tests;

/// <summary>Every complaint of metrics, splits, training and search says what was wanted, what came, and what to do.</summary>
public class TrainingMessageTests
{
    private static readonly IntTensor Labels = IntTensor.From([0, 1, 1]);
    private static readonly TensorDataset Three = new(Tensor.Zeros(3, 1), Labels);
    private static readonly TensorDataset Measured = new(Tensor.Zeros(3, 1), Tensor.From([0.5, 1, 2], [3, 1]));
    private static readonly TensorDataset Nothing = new(Tensor.Zeros(0, 1), Tensor.Zeros(0, 1));

    private static Tensor Numbers(params double[] values) => Tensor.From(values);

    private static void Fit(TensorDataset? data = null, TensorDataset? validation = null, int epochs = 1, int accumulate = 1, TrainingCallback? callback = null, bool metric = false, Func<Tensor, Tensor, Tensor>? loss = null)
    {
        var model = new Linear(1, 1, generator: new Generator(1));
        Trainer.Fit(model, loss ?? new MSELoss().Forward, new SGD(model.Parameters(), 0.1), new DataLoader(data ?? Measured, 2, shuffle: false), epochs, validation,
            callbacks: callback is null ? [] : [callback], metrics: metric ? [("one", (_, _) => 1)] : null, accumulate: accumulate);
    }

    /// <summary>What goes wrong, the mistake itself, and what its sentence must hold.</summary>
    private static readonly Dictionary<string, (Action Mistake, Type Error, string[] Parts)> Mistakes = new()
    {
        ["accuracy of nothing"] = (() => Metrics.Accuracy(IntTensor.From([]), IntTensor.From([])), typeof(ArgumentException), ["Accuracy got no example"]),
        ["precision of unlike counts"] = (() => Metrics.Precision(Labels, IntTensor.From([1])), typeof(ShapeException), ["Precision", "shape 3", "shape 1"]),
        ["two-class precision of three classes"] = (() => Metrics.Precision(IntTensor.From([0, 2]), IntTensor.From([0, 1])), typeof(ArgumentException), ["Precision of two classes", "a class 2", "Average.Macro"]),
        ["top 4 of 3 classes"] = (() => Metrics.TopKAccuracy(Tensor.Zeros(3, 3), Labels, 4), typeof(ArgumentException), ["best 4 of 3 classes"]),
        ["top 0"] = (() => Metrics.TopKAccuracy(Tensor.Zeros(3, 3), Labels, 0), typeof(ArgumentException), ["best 0 of 3 classes", "k goes from 1"]),
        ["top 1 of scores that are no matrix"] = (() => Metrics.TopKAccuracy(Tensor.Zeros(3), Labels, 1), typeof(ShapeException), ["TopKAccuracy wants scores of shape N x classes"]),
        ["top 1 of a class that is not there"] = (() => Metrics.TopKAccuracy(Tensor.Zeros(1, 2), IntTensor.From([2]), 1), typeof(ArgumentOutOfRangeException), ["TopKAccuracy got the class 2 in row 0"]),
        ["top 1 of NaN"] = (() => Metrics.TopKAccuracy(Tensor.Full([1, 2], double.NaN), IntTensor.From([0]), 1), typeof(ArgumentException), ["TopKAccuracy got NaN as score 0"]),
        ["a confusion of no classes"] = (() => Metrics.ConfusionMatrix(Labels, Labels, 0), typeof(ArgumentException), ["ConfusionMatrix", "0 classes"]),
        ["a ROC curve of positives alone"] = (() => Metrics.RocAuc(Numbers(1, 2), IntTensor.From([1, 1])), typeof(ArgumentException), ["ROC curve", "all 2 are positive", "Stratified splits"]),
        ["a ROC curve of negatives alone"] = (() => Metrics.RocCurve(Numbers(1, 2), Numbers(0, 0)), typeof(ArgumentException), ["all 2 are negative"]),
        ["a precision-recall curve without positives"] = (() => Metrics.AveragePrecision(Numbers(1, 2), IntTensor.From([0, 0])), typeof(ArgumentException), ["none of the 2 is positive"]),
        ["a ROC curve of NaN"] = (() => Metrics.RocAuc(Numbers(1, double.NaN), IntTensor.From([1, 0])), typeof(ArgumentException), ["RocAuc got NaN as score 1"]),
        ["a ROC curve of class 2"] = (() => Metrics.RocAuc(Numbers(1, 2), IntTensor.From([2, 0])), typeof(ArgumentException), ["targets of 0 (negative) and 1 (positive) and got 2"]),
        ["a ROC curve of half a target"] = (() => Metrics.RocAuc(Numbers(1, 2), Numbers(0.5, 0)), typeof(ArgumentException), ["got 0.5"]),
        ["a ROC curve of two outputs"] = (() => Metrics.RocAuc(Tensor.Zeros(3, 2), Labels), typeof(ShapeException), ["scores of shape 3x2", "classes of shape 3", "scores.Columns(1, 1)"]),
        ["a ROC curve of unlike shapes"] = (() => Metrics.RocAuc(Tensor.Zeros(3), Tensor.Zeros(3, 1)), typeof(ShapeException), ["RocAuc", "reshape the target to 3"]),
        ["a log loss of scores"] = (() => Metrics.LogLoss(Numbers(2.5, 0), IntTensor.From([1, 0])), typeof(ArgumentException), ["LogLoss wants probabilities, 0 to 1, and got 2.5", "Sigmoid()"]),
        ["a log loss of rows that do not sum to 1"] = (() => Metrics.LogLoss(Tensor.Full([3, 2], 0.75), Labels), typeof(ArgumentException), ["row 0 sum to 1.5", "Softmax()"]),
        ["a Brier score of a negative"] = (() => Metrics.BrierScore(Numbers(-0.25), Numbers(1)), typeof(ArgumentException), ["BrierScore", "-0.25"]),
        ["a calibration curve of no bins"] = (() => Metrics.CalibrationCurve(Numbers(0.5), Numbers(1), 0), typeof(ArgumentException), ["at least one bin", "0 were asked for"]),
        ["a mask of 2"] = (() => Metrics.Dice(IntTensor.From([2]), IntTensor.From([1])), typeof(ArgumentException), ["Dice compares masks of 0 and 1", "a 2", "DicePerClass"]),
        ["R2 of NaN"] = (() => Metrics.R2(Numbers(1), Numbers(double.NaN)), typeof(ArgumentException), ["R2 got NaN as target 0"]),
        ["errors of N x 1 and N"] = (() => Metrics.MeanAbsoluteError(Tensor.Zeros(3, 1), Tensor.Zeros(3)), typeof(ShapeException), ["MeanAbsoluteError", "reshape the target to 3x1"]),
        ["a peak of no range"] = (() => Metrics.Psnr(Numbers(1), Numbers(1), 0), typeof(ArgumentException), ["Psnr needs the range", "255 for bytes"]),
        ["structure of a small image"] = (() => Metrics.Ssim(Tensor.Zeros(11, 10), Tensor.Zeros(11, 10)), typeof(ShapeException), ["Ssim", "11x11 pixels", "11x10"]),
        ["structure of a row"] = (() => Metrics.Ssim(Tensor.Zeros(121), Tensor.Zeros(121)), typeof(ShapeException), ["Ssim wants an image", "got 121"]),
        ["a proportion of more than all"] = (() => ConfidenceInterval.Wilson(3, 2), typeof(ArgumentException), ["3 of 2"]),
        ["a proportion of no trials"] = (() => ConfidenceInterval.Wilson(0, 0), typeof(ArgumentException), ["0 of 0"]),
        ["a confidence of 95"] = (() => ConfidenceInterval.Wilson(1, 2, 95), typeof(ArgumentException), ["between 0 and 1, and 95", "0.95 is usual"]),
        ["a bootstrap of nothing"] = (() => ConfidenceInterval.BootstrapMean([]), typeof(ArgumentException), ["there is no value"]),
        ["a bootstrap of NaN"] = (() => ConfidenceInterval.BootstrapMean([1, double.NaN]), typeof(ArgumentException), ["NaN as value 1"]),
        ["a bootstrap of no resamples"] = (() => ConfidenceInterval.BootstrapMean([1], resamples: 0), typeof(ArgumentException), ["at least one resample and 0"]),

        ["one fold"] = (() => _ = new KFold(1), typeof(ArgumentException), ["at least 2 folds and 1"]),
        ["more folds than examples"] = (() => new KFold(4).Split(Three), typeof(ArgumentException), ["3 examples cannot be cut into 4 folds", "3 at most"]),
        ["folds of nothing"] = (() => new StratifiedKFold(2).Split(Nothing), typeof(ArgumentException), ["0 examples"]),
        ["a class with fewer members than folds"] = (() => new StratifiedKFold(2).Split(Three), typeof(ArgumentException), ["Class 0 counts 1", "2 stratified folds", "or use KFold"]),
        ["stratified folds of measurements"] = (() => new StratifiedKFold(2).Split(Measured), typeof(ArgumentException), ["StratifiedKFold", "0.5", "no class"]),
        ["stratified folds of several targets"] = (() => new StratifiedKFold(2).Split(new TensorDataset(Tensor.Zeros(3, 1), Tensor.Zeros(3, 2))), typeof(ArgumentException), ["one class for each example", "3x2"]),
        ["a group too few"] = (() => new GroupKFold(2, IntTensor.From([0, 1])).Split(Three), typeof(ArgumentException), ["made for 2 examples and got 3"]),
        ["more folds than groups"] = (() => new GroupKFold(3, IntTensor.From([0, 1, 1])).Split(Three), typeof(ArgumentException), ["2 groups cannot be cut into 3 folds"]),
        ["a stratified split of fractions that do not sum to 1"] = (() => Three.StratifiedSplit(0.5, 0.5, 0.5), typeof(ArgumentException), ["sum to 1", "0.5 + 0.5 + 0.5 = 1.5"]),
        ["a stratified split of a rare class"] = (() => Three.StratifiedSplit(0.5, 0, 0.5), typeof(ArgumentException), ["Class 0 counts 1", "2 parts", "or use Split"]),
        ["a stratified split of nothing"] = (() => Nothing.StratifiedSplit(), typeof(ArgumentException), ["StratifiedSplit got a data set without examples"]),
        ["a stratified split with an empty part"] = (() => Measured.Rows([1, 2, 1, 2]).StratifiedSplit(0.98, 0, 0.02), typeof(ArgumentException), ["4 examples are too few", "0.98, 0 and 0.02"]),
        ["a cross-validation of no folds"] = (() => CrossValidation.Run(Three, [], (_, _) => 1), typeof(ArgumentException), ["no fold", "new KFold(5)"]),
        ["a fold of score NaN"] = (() => CrossValidation.Run(Three, new KFold(3), (_, _) => double.NaN), typeof(ArithmeticException), ["Fold 1 of 3 was scored NaN"]),

        ["training on nothing"] = (() => Fit(data: Nothing), typeof(ArgumentException), ["loader without examples"]),
        ["validation on nothing"] = (() => Fit(validation: Nothing), typeof(ArgumentException), ["validation part without examples"]),
        ["negative epochs"] = (() => Fit(epochs: -1), typeof(ArgumentOutOfRangeException), ["-1 epochs"]),
        ["no batch for a step"] = (() => Fit(accumulate: 0), typeof(ArgumentOutOfRangeException), ["accumulate 0 batches"]),
        ["a metric without validation"] = (() => Fit(metric: true), typeof(ArgumentException), ["metrics on the validation part", "there is none"]),
        ["evaluation of nothing"] = (() => Trainer.Evaluate(new Linear(1, 1), new MSELoss().Forward, Nothing), typeof(ArgumentException), ["no example to measure"]),
        ["evaluation in batches of none"] = (() => Trainer.Evaluate(new Linear(1, 1), new MSELoss().Forward, Measured, 0), typeof(ArgumentOutOfRangeException), ["batches of 0"]),
        ["a prediction for a scalar"] = (() => Trainer.Predict(new Linear(1, 1), Tensor.Scalar(1)), typeof(ShapeException), ["got a scalar", "1 x features"]),
        ["no patience"] = (() => _ = new EarlyStopping(0), typeof(ArgumentOutOfRangeException), ["a patience of 0", "at least 1"]),
        ["negative patience"] = (() => _ = new EarlyStopping(-3), typeof(ArgumentOutOfRangeException), ["a patience of -3"]),
        ["a negative improvement"] = (() => _ = new EarlyStopping(1, -0.5), typeof(ArgumentOutOfRangeException), ["-0.5"]),
        ["early stopping without validation"] = (() => Fit(callback: new EarlyStopping(1)), typeof(InvalidOperationException), ["watches the validation loss", "pass validation"]),
        ["early stopping on a metric that is not there"] = (() => Fit(validation: Measured, metric: true, callback: new EarlyStopping(1, metric: "accuracy")), typeof(KeyNotFoundException), ["no series \"accuracy\"", "one"]),
        ["a plateau without validation"] = (() => Fit(callback: new LearningRateSchedule(new ReduceLROnPlateau(new SGD(new Linear(1, 1).Parameters(), 0.1)))), typeof(InvalidOperationException), ["ReduceLROnPlateau watches the validation loss", "pass validation"]),
        ["a checkpoint each 0 epochs"] = (() => _ = new Checkpoint("file", 0), typeof(ArgumentOutOfRangeException), ["Checkpoint", "every 0 epochs"]),
        ["a loader that leaves out its only batch"] = (() => { var model = new Linear(1, 1); Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.1), new DataLoader(Measured, 8, dropLast: true), 1); }, typeof(ArgumentException), ["leaves out its only batch", "3 examples", "one of 8"]),
        ["clipping to a norm of 0"] = (() => ClipGradients.ByNorm(0), typeof(ArgumentException), ["ClipGradients got the limit 0", "1 is a usual norm"]),
        ["clipping to a negative value"] = (() => ClipGradients.ByValue(-1), typeof(ArgumentException), ["ClipGradients got the limit -1"]),
        ["a progress line each 0 epochs"] = (() => _ = new ProgressLine(0), typeof(ArgumentOutOfRangeException), ["ProgressLine", "every 0 epochs"]),
        ["an input that is not finite"] = (() => Fit(data: new TensorDataset(Tensor.From([1.0, 2, double.NaN], [3, 1]), Tensor.Zeros(3, 1))), typeof(ArithmeticException), ["NaN in epoch 1, batch 2 of 2", "inputs of this batch hold NaN in row 0"]),
        ["a target that is not finite"] = (() => Fit(data: new TensorDataset(Tensor.Zeros(3, 1), Tensor.From([1.0, double.PositiveInfinity, 0], [3, 1]))), typeof(ArithmeticException), ["Infinity in epoch 1, batch 1 of 2", "targets of this batch hold Infinity in row 1"]),
        ["a loss that divides by 0"] = (() => Fit(loss: (prediction, _) => prediction.Mean() / 0), typeof(ArithmeticException), ["in epoch 1, batch 1 of 2", "learning rate (0.1) is too large", "a division by 0"]),

        ["a range the wrong way"] = (() => new SearchSpace().Uniform("x", 1, 0), typeof(ArgumentException), ["x goes from 1 to 0"]),
        ["a logarithm from 0"] = (() => new SearchSpace().LogUniform("rate", 0, 1), typeof(ArgumentException), ["rate goes from 0 to 1", "above 0"]),
        ["whole numbers the wrong way"] = (() => new SearchSpace().Integer("n", 2, 1), typeof(ArgumentException), ["n goes from 2 to 1"]),
        ["too many whole numbers"] = (() => new SearchSpace().Integer("n", int.MinValue, int.MaxValue), typeof(ArgumentException), ["more whole numbers than"]),
        ["a choice of nothing"] = (() => new SearchSpace().Choice<string>("a"), typeof(ArgumentException), ["a is a choice of nothing"]),
        ["a name twice"] = (() => new SearchSpace().Integer("n", 1, 2).Integer("n", 1, 2), typeof(ArgumentException), ["has n twice"]),
        ["a search of nothing"] = (() => RandomSearch.Run(new SearchSpace(), 1, _ => 0), typeof(ArgumentException), ["search space is empty"]),
        ["a grid of nothing"] = (() => GridSearch.Run(new SearchSpace(), _ => 0), typeof(ArgumentException), ["search space is empty"]),
        ["no trials"] = (() => RandomSearch.Run(new SearchSpace().Integer("n", 1, 2), 0, _ => 0), typeof(ArgumentException), ["at least one trial and 0"]),
        ["no points"] = (() => GridSearch.Run(new SearchSpace().Integer("n", 1, 2), _ => 0, points: 0), typeof(ArgumentException), ["at least one point", "0 were asked for"]),
        ["the best of failures"] = (() => _ = GridSearch.Run(new SearchSpace().Integer("n", 1, 2), _ => throw new ArithmeticException("Diverged.")).Best, typeof(InvalidOperationException), ["all 2 failed", "Diverged."]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_in_training_and_measuring_is_explained(string name)
    {
        var (mistake, type, parts) = Mistakes[name];
        var error = Assert.Throws(type, () => InCulture.Run(Cultures.German, () => { mistake(); return 0; }));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hyperparameter_that_is_not_there_or_of_another_type_is_named()
    {
        var trials = RandomSearch.Run(new SearchSpace().Uniform("rate", 0, 1), 1, trial => trial.Number("speed")).Trials;
        Assert.Equal("The search space has no \"speed\"; it has rate.", Assert.IsType<KeyNotFoundException>(trials[0].Failure).Message);
        trials = RandomSearch.Run(new SearchSpace().Uniform("rate", 0, 1), 1, trial => trial.Integer("rate")).Trials;
        Assert.Contains("The value of rate is a Double and was asked for as a Int32", Assert.IsType<InvalidCastException>(trials[0].Failure).Message, StringComparison.Ordinal);
    }
}
