namespace CourseKit.Tests;

/// <summary>Training runs that must reach a quality known from the literature, in stratified 10-fold cross-validation, everything seeded.</summary>
public class TrainingQualityTests
{
    /// <summary>Trains a new model on the training part of each fold, standardized there, and scores it on the rest.</summary>
    private static CrossValidationResult TenFold(TensorDataset data, Func<Generator, Module> make, int epochs, double rate, double weightDecay)
        => CrossValidation.Run(data, new StratifiedKFold(10, generator: new Generator(1)), (train, test) =>
        {
            var scaler = StandardScaler.Fit(train.Inputs); // fitted inside the fold: nothing of the test part leaks
            var generator = new Generator(2);
            var model = make(generator);
            Trainer.Fit(model, new CrossEntropyLoss().Forward, new SGD(model.Parameters(), rate, momentum: 0.9, weightDecay: weightDecay),
                new DataLoader(scaler.Transform(train), 32, generator: generator), epochs);
            return Metrics.Accuracy(Trainer.Predict(model, scaler.Transform(test.Inputs)).ArgMax(1), test.Classes);
        });

    [Fact]
    public void A_small_network_names_95_percent_of_irises_rightly()
    {
        var iris = Table.Load("iris.csv");
        var data = new TensorDataset(iris.Numbers([.. iris.Columns.Take(4)]), iris.Classes("Species", "setosa", "versicolor", "virginica"));
        var result = TenFold(data, generator => new Sequential(new Linear(4, 8, generator: generator), new Tanh(), new Linear(8, 3, generator: generator)),
            epochs: 40, rate: 0.05, weightDecay: 1e-3);
        Assert.True(result.Mean >= 0.95, result.ToString());
    }

    [Fact]
    public void Logistic_regression_diagnoses_97_percent_of_tumours_rightly()
    {
        var wdbc = Table.Load("wdbc.csv");
        var data = new TensorDataset(wdbc.Numbers([.. wdbc.Columns.Where(column => column != "diagnosis")]), wdbc.Classes("diagnosis", "B", "M"));
        var result = TenFold(data, generator => new Linear(30, 2, generator: generator), epochs: 30, rate: 0.05, weightDecay: 1e-3);
        Assert.True(result.Mean >= 0.97, result.ToString());
    }
}
