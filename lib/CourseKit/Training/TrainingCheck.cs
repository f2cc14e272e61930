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
}
