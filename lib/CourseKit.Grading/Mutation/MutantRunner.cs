using CourseKit.Grading.Releasing;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// Puts each mutant in the place of the solution and asks the tests. The notebook is run once; then each mutant is one
/// redefinition in the same session, its test cell again, and the reference solution put back.
/// </summary>
public static class MutantRunner
{
    /// <summary>Runs every mutant of a notebook.</summary>
    /// <exception cref="InvalidOperationException">The reference itself fails, or a mutant names a cell that is not there.</exception>
    /// <exception cref="NotebookFormatException">The notebook cannot be read as one.</exception>
    public static async Task<IReadOnlyList<MutantVerdict>> RunAsync(NotebookDocument reference, MutantFile mutants, NotebookRunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(mutants);
        ArgumentNullException.ThrowIfNull(options);
        var session = await SessionClient.StartAsync(options.SessionFor(reference), cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            foreach (var cell in reference.Cells.Where(cell => cell.Kind == CellKind.Code))
                await ExecuteReferenceAsync(session, cell, cancellationToken).ConfigureAwait(false);
            var verdicts = new List<MutantVerdict>();
            foreach (var exercise in mutants.Exercises)
                foreach (var mutant in exercise.Mutants)
                    verdicts.Add(await JudgeAsync(session, reference, exercise.Id, mutant, cancellationToken).ConfigureAwait(false));
            return verdicts;
        }
    }

    private static async Task<MutantVerdict> JudgeAsync(SessionClient session, NotebookDocument reference, string exercise, Mutant mutant, CancellationToken cancellationToken)
    {
        var solution = CellOf(reference, mutant.Cell);
        var tests = CellOf(reference, exercise);
        var possible = NbgraderMetadata.Read(tests)?.Points ?? 0;
        var mutated = await session.ExecuteAsync(Mutate(reference, solution, mutant), 1, null, cancellationToken).ConfigureAwait(false);
        if (mutated.Status != CellStatus.Ok)
        {
            await ExecuteReferenceAsync(session, solution, cancellationToken).ConfigureAwait(false);
            return new MutantVerdict(exercise, mutant.Name, 0, possible, $"its cell fails: {mutated.Message}");
        }
        var tested = await session.ExecuteAsync(tests.Source, 1, null, cancellationToken).ConfigureAwait(false);
        var points = PointsOf(reference, exercise, tested);
        await ExecuteReferenceAsync(session, solution, cancellationToken).ConfigureAwait(false);
        return points is { } earned
            ? new MutantVerdict(exercise, mutant.Name, earned, possible, null)
            : new MutantVerdict(exercise, mutant.Name, 0, possible, $"the test cell gave no result: {tested.Message}");
    }

    private static string Mutate(NotebookDocument reference, NotebookCell solution, Mutant mutant)
    {
        var lines = solution.Source.Split('\n');
        var regions = MarkedRegion.Find(lines, Marker.Solution, (_, message) => throw new InvalidOperationException($"{reference.Name}, cell {mutant.Cell}: {message}"));
        return regions.Count == 1
            ? string.Join('\n', regions[0].ReplaceIn(lines, mutant.Solution))
            : throw new InvalidOperationException($"{reference.Name}, cell {mutant.Cell}: a mutant needs exactly one solution region, and there are {regions.Count}.");
    }

    private static double? PointsOf(NotebookDocument reference, string exercise, CellResult tested)
    {
        var copy = reference.Clone();
        var cell = CellOf(copy, exercise);
        cell.Outputs.Clear();
        foreach (var output in tested.Outputs)
            cell.Outputs.Add(output.DeepClone());
        var score = NotebookScores.From(copy).Exercises.Single(score => score.Id == exercise);
        return score.Tested is null ? null : score.Points;
    }

    private static NotebookCell CellOf(NotebookDocument document, string gradeId) =>
        document.Cells.FirstOrDefault(cell => NbgraderMetadata.Read(cell)?.GradeId == gradeId)
        ?? throw new InvalidOperationException($"{document.Name} has no cell with the grade_id \"{gradeId}\" that its mutants name.");

    private static async Task ExecuteReferenceAsync(SessionClient session, NotebookCell cell, CancellationToken cancellationToken)
    {
        var result = await session.ExecuteAsync(cell.Source, 1, null, cancellationToken).ConfigureAwait(false);
        if (result.Status != CellStatus.Ok)
            throw new InvalidOperationException($"The reference's cell {cell.Id} fails: {result.Message}");
    }
}
