using System.Collections.Concurrent;
using CourseKit.Grading.Mutation;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// Puts each mutant in the place of the solution and asks the tests. Each of a few sessions runs the notebook once; then a
/// mutant is one redefinition in it and its test cell again.
/// </summary>
public static class MutantRunner
{
    // A session runs the whole notebook before its first mutant; for fewer it does not pay.
    private const int FewestForASession = 6;

    /// <summary>Runs every mutant of a notebook.</summary>
    /// <param name="reference">The instructor's notebook.</param>
    /// <param name="mutants">Its mutants.</param>
    /// <param name="options">How to run them.</param>
    /// <param name="cancellationToken">Stops all.</param>
    /// <returns>The verdicts in the order of the mutants.</returns>
    /// <exception cref="InvalidOperationException">The reference itself fails, or a mutant names a cell that is not there.</exception>
    /// <exception cref="NotebookFormatException">The notebook cannot be read as one.</exception>
    public static async Task<IReadOnlyList<MutantVerdict>> RunAsync(NotebookDocument reference, MutantFile mutants, MutationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(mutants);
        ArgumentNullException.ThrowIfNull(options);
        var all = mutants.Exercises.SelectMany(exercise => exercise.Mutants.Select(mutant => (exercise.Id, Mutant: mutant))).ToList();
        var verdicts = new MutantVerdict[all.Count];
        var waiting = new ConcurrentQueue<int>(Enumerable.Range(0, all.Count));
        var done = 0;
        var report = new Lock();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var jobs = Math.Clamp(all.Count / FewestForASession, 1, Math.Max(1, options.Jobs));
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(_ => Task.Run(RunWaitingAsync, CancellationToken.None))).ConfigureAwait(false);
        return verdicts;

        async Task RunWaitingAsync()
        {
            // A document is not for several threads at once.
            NotebookDocument copy;
            lock (report)
                copy = reference.Clone();
            var session = new MutantSession(copy, options.Run);
            try
            {
                await using (session.ConfigureAwait(false))
                {
                    while (waiting.TryDequeue(out var next))
                    {
                        var verdict = verdicts[next] = await session.JudgeAsync(all[next].Id, all[next].Mutant, stop.Token).ConfigureAwait(false);
                        lock (report)
                            options.OnVerdict?.Invoke(new MutantProgress(++done, all.Count, verdict));
                    }
                }
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
