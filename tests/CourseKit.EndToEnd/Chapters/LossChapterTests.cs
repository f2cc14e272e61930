namespace CourseKit.EndToEnd.Chapters;

/// <summary>The cells of chapters 4 and 5 print the numbers that the lecture prints, from the inputs it prints.</summary>
[Trait(ToolTests.Trait, ChaptersToCheck.Group)]
public sealed class LossChapterTests(ChapterRun run)
{
    private const string Regression = "04-loss-functions-for-regression.ipynb";
    private const string Classification = "05-loss-functions-for-classification-and-segmentation.ipynb";

    private void Prints(string chapter, string cell, params string[] expected)
    {
        var text = run.TextOf(chapter, cell);
        Assert.All(expected, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_two_tables_of_errors_have_the_lectures_MAE_and_RMSE()
    {
        Prints(Regression, "tables", "calm errors: MAE 1.00, RMSE 1.22", "with an outlier: MAE 3.80, RMSE 6.80");
        Prints(Regression, "tables-library", "L1Loss 1.0000, RMSELoss 1.2247", "L1Loss 3.8000, RMSELoss 6.7971");
    }

    // (b / alpha) ((w^2 / b + 1)^(alpha / 2) - 1) with w = 3 and b = |alpha - 2|, and its three limits.
    [Fact]
    public void Barrons_loss_is_shown_at_its_five_named_shapes()
        => Prints(Regression, "barron-code",
            "squared         loss of an error of 3: 4.5000",
            "Charbonnier     loss of an error of 3: 2.1623",
            "Cauchy          loss of an error of 3: 1.7047",
            "Geman-McClure  loss of an error of 3: 1.3846",
            "Welsch         loss of an error of 3: 0.9889");

    [Fact]
    public void Every_density_adds_up_to_1()
    {
        foreach (var name in (string[])["Poisson", "gamma", "beta", "Student t", "von Mises"])
            Assert.Matches($"{name}.* adds up to 1\\.0000", run.TextOf(Regression, "own-check-code"));
        Prints(Regression, "ranking-code", "120 orders, their probabilities add up to 1.0000");
    }

    [Fact]
    public void Binary_cross_entropy() => Prints(Classification, "bce-numbers", "by hand 0.5638, BCELoss 0.5638");

    [Fact]
    public void Cross_entropy_and_negative_log_likelihood()
    {
        Prints(Classification, "ce-numbers", "by hand 2.3831, CrossEntropyLoss 2.3831", "as the slide prints them 2.3835");
        Prints(Classification, "nll-numbers", "NLLLoss 2.2165, by hand 2.2165", "NLLLoss of the log-softmax 2.3831 = CrossEntropyLoss 2.3831");
        Prints(Classification, "custom-code", "the slide's example: 0.4076");
    }

    [Fact]
    public void The_Kullback_Leibler_divergence_with_its_reductions_and_in_the_other_direction()
        => Prints(Classification, "kl-numbers", "BatchMean 0.4276", "Sum       1.7102", "Mean      0.0855", "None      4x5", "BatchMean: 0.4187");

    [Fact]
    public void The_hinge_loss_of_the_cat_the_car_and_the_bird_and_of_a_W_without_loss()
    {
        Prints(Classification, "hinge-numbers", "cat 2.9, car 0.0, bird 12.9; mean 5.27");
        Prints(Classification, "zero-loss-code", " W: hinge 0.0000", "2W: hinge 0.0000");
    }

    [Fact]
    public void Soft_Dice_of_the_printed_masks()
        => Prints(Classification, "dice-numbers", "by hand 0.4238, library 0.4238; without smoothing 0.4587", "at 0.5: 0.5333");
}
