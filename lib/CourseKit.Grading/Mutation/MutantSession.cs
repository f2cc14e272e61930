using System.Diagnostics;
using CourseKit.Grading.Releasing;
using CourseKit.Notebook;
using CourseKit.Notebook.Running;

namespace CourseKit.Grading.Mutation;

/// <summary>
/// A session in which the reference ran, and in which one solution after the other is redefined. The reference's own is
/// put back only when another cell is to be changed; a mutant that ends the session, or never ends itself, costs a new one.
/// </summary>
internal sealed class MutantSession(NotebookDocument reference, NotebookRunOptions options) : IAsyncDisposable
{
    private NotebookSession? session;
    private NotebookCell? changed;

    public async Task<MutantVerdict> JudgeAsync(string exercise, Mutant mutant, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var solution = CellOf(mutant.Cell);
        var tests = CellOf(exercise);
        var possible = NbgraderMetadata.Read(tests)?.Points ?? 0;
        var source = Mutate(solution, mutant);
        await MakeReadyAsync(solution, cancellationToken).ConfigureAwait(false);

        changed = solution;
        var mutated = await ExecuteAsync(source, cancellationToken).ConfigureAwait(false);
        if (mutated.Status == CellStatus.Error)
            return Verdict(0, $"its cell fails: {mutated.Message}");
        var tested = mutated.Status == CellStatus.Ok ? await ExecuteAsync(tests.Source, cancellationToken).ConfigureAwait(false) : mutated;
        if (tested.Status is CellStatus.TimedOut or CellStatus.Crashed)
        {
            // In a student's notebook that earns nothing, too. What the session is worth after it, nobody knows.
            await EndAsync().ConfigureAwait(false);
            return Verdict(0, null);
        }

        return PointsOf(exercise, tested) is { } earned
            ? Verdict(earned, null)
            : Verdict(0, $"the test cell gave no result: {tested.Message}");

        MutantVerdict Verdict(double points, string? problem) => new(exercise, mutant.Name, points, possible, problem) { Elapsed = clock.Elapsed };
    }

    public ValueTask DisposeAsync() => EndAsync();

    private async ValueTask EndAsync()
    {
        var ended = session;
        session = null;
        changed = null;
        if (ended is not null)
            await ended.DisposeAsync().ConfigureAwait(false);
    }

    private async Task MakeReadyAsync(NotebookCell solution, CancellationToken cancellationToken)
    {
        // A mutant may have taken its session along, or the compiler.
        if (session is { IsAlive: false })
            await EndAsync().ConfigureAwait(false);
        if (session is null)
        {
            session = await NotebookSession.StartAsync(reference, options, cancellationToken).ConfigureAwait(false);
            foreach (var cell in reference.Cells.Where(cell => cell.Kind == CellKind.Code))
                await ExecuteReferenceAsync(cell, cancellationToken).ConfigureAwait(false);
        }
        else if (changed is not null && changed != solution)
        {
            await ExecuteReferenceAsync(changed, cancellationToken).ConfigureAwait(false);
        }

        changed = null;
    }

    private async Task ExecuteReferenceAsync(NotebookCell cell, CancellationToken cancellationToken)
    {
        var result = await ExecuteAsync(cell.Source, cancellationToken).ConfigureAwait(false);
        if (result.Status != CellStatus.Ok)
            throw new InvalidOperationException($"{reference.Name}, cell {NotebookProblem.NameOf(reference, cell)}: the reference itself {(result.Status == CellStatus.TimedOut ? "ran out of time" : "fails")}: {result.Message}{(result.Status == CellStatus.TimedOut ? " On a machine that is busy it may need more: --timeout" : "")}");
    }

    private async Task<CellResult> ExecuteAsync(string source, CancellationToken cancellationToken)
    {
        var result = await session!.Client.ExecuteAsync(source, 1, null, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private string Mutate(NotebookCell solution, Mutant mutant)
    {
        var lines = solution.Source.Split('\n');
        var regions = MarkedRegion.Find(lines, Marker.Solution, (_, message) => throw new InvalidOperationException($"{reference.Name}, cell {mutant.Cell}: {message}"));
        return regions.Count == 1
            ? string.Join('\n', regions[0].ReplaceIn(lines, mutant.Solution))
            : throw new InvalidOperationException($"{reference.Name}, cell {mutant.Cell}: a mutant needs exactly one solution region, and there are {regions.Count}.");
    }

    private double? PointsOf(string exercise, CellResult tested)
    {
        var copy = reference.Clone();
        var cell = copy.Cells[reference.Cells.IndexOf(CellOf(exercise))];
        cell.Outputs.Clear();
        foreach (var output in tested.Outputs)
            cell.Outputs.Add(output.DeepClone());
        var score = NotebookScores.From(copy).Exercises.Single(score => score.Id == exercise);
        return score.Tested is null ? null : score.Points;
    }

    private NotebookCell CellOf(string gradeId) =>
        reference.Cells.FirstOrDefault(cell => NbgraderMetadata.Read(cell)?.GradeId == gradeId)
        ?? throw new InvalidOperationException($"{reference.Name} has no cell with the grade_id \"{gradeId}\" that its mutants name.");
}
