using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>What an exercise's tests are worth: the points of the reference, of the untouched release, and of each mutant.</summary>
/// <param name="Id">The grade_id of the test cell.</param>
/// <param name="Points">What it is worth.</param>
/// <param name="Reference">What the reference earns.</param>
/// <param name="Release">What the release earns before anybody solved anything.</param>
/// <param name="Mutants">The verdicts on its mutants.</param>
public sealed record ExerciseMutation(string Id, double Points, double Reference, double Release, IReadOnlyList<MutantVerdict> Mutants)
{
    /// <summary>How many mutants the tests saw to be wrong.</summary>
    public int Killed => Mutants.Count(mutant => mutant.IsKilled);

    /// <summary>The reference earns all, the release nothing, and no mutant lives.</summary>
    public bool IsSound => Reference >= Points && Release <= 0 && Killed == Mutants.Count;
}

/// <summary>The mutants of one notebook, run.</summary>
/// <param name="Notebook">The notebook's path.</param>
/// <param name="Exercises">The exercises that tests grade, in order.</param>
public sealed record MutationReport(string Notebook, IReadOnlyList<ExerciseMutation> Exercises)
{
    /// <summary>Every exercise is sound.</summary>
    public bool IsSound => Exercises.All(exercise => exercise.IsSound);

    /// <summary>Runs the reference, the release made from it, and every mutant in the file beside it.</summary>
    /// <param name="notebook">The instructor's notebook.</param>
    /// <param name="options">How to run.</param>
    /// <param name="cancellationToken">Stops all.</param>
    /// <exception cref="NotebookFormatException">The notebook cannot be read.</exception>
    /// <exception cref="FormatException">The file of mutants cannot be read.</exception>
    /// <exception cref="ReleaseRefusedException">No release can be made from the notebook.</exception>
    /// <exception cref="InvalidOperationException">The reference fails, or a mutant names a cell that is not there.</exception>
    /// <exception cref="IOException">A file cannot be read, or there is none with mutants.</exception>
    public static async Task<MutationReport> RunAsync(string notebook, MutationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(notebook);
        ArgumentNullException.ThrowIfNull(options);
        var document = NotebookDocument.Load(notebook);
        var mutants = MutantFile.Load(MutantFile.PathFor(notebook));
        var release = ReleaseNotebook.Strip(document);

        var referenceScores = await CheckNotebook.RunAsync(document, options.Run, cancellationToken).ConfigureAwait(false);
        var releaseScores = await CheckNotebook.RunAsync(release, options.Run, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var verdicts = await MutantRunner.RunAsync(document, mutants, options, cancellationToken).ConfigureAwait(false);
        return new MutationReport(notebook, [.. referenceScores.Automatic.Select(score => new ExerciseMutation(
            score.Id,
            score.Possible,
            score.Points,
            releaseScores.Exercises.Single(released => released.Id == score.Id).Points,
            [.. verdicts.Where(verdict => verdict.Exercise == score.Id)]))]);
    }
}
