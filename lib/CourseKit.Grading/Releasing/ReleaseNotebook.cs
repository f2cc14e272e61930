using System.Globalization;
using CourseKit.Grading.Releasing;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// Makes the students' version of an instructor's notebook, as nbgrader's generate_assignment does: solutions become
/// stubs; hidden tests, mark schemes and outputs go; cells are locked; checksums are set. Unlike there, both versions
/// are run first, so that no student meets an exercise that cannot be solved or that gives points for nothing.
/// </summary>
public static class ReleaseNotebook
{
    /// <summary>Only makes the students' version, without running anything. The reference is not changed.</summary>
    /// <exception cref="ReleaseRefusedException">Metadata or markers are wrong; all problems are listed.</exception>
    public static NotebookDocument Strip(NotebookDocument reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var (release, problems) = NotebookStripper.Strip(reference);
        return problems.Count == 0 ? release : throw new ReleaseRefusedException(problems);
    }

    /// <summary>
    /// Makes the students' version, runs the reference (it must reach full points) and the students' version (it must
    /// run to its end with 0 points) and the mutants beside it (each must fail), and writes the latter only when nothing
    /// speaks against it.
    /// </summary>
    /// <param name="notebook">The instructor's notebook.</param>
    /// <param name="outputFolder">Where the students' version goes, under the same file name.</param>
    /// <param name="options">How to run, and whether.</param>
    /// <param name="cancellationToken">Stops the runs; nothing is written then.</param>
    /// <returns>The points of both versions, and the problems if it was refused.</returns>
    /// <exception cref="NotebookFormatException">The file is not a notebook that can be read.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task<ReleaseReport> ReleaseAsync(
        string notebook, string outputFolder, ReleaseOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(notebook);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        options ??= new ReleaseOptions();
        var target = Path.Combine(outputFolder, Path.GetFileName(notebook));
        if (string.Equals(Path.GetFullPath(target), Path.GetFullPath(notebook), PathComparison))
            throw new IOException($"{notebook}: the students' version would overwrite it; choose another output folder.");

        var reference = NotebookDocument.Load(notebook);
        var (mutants, mutantProblem) = LoadMutants(notebook);
        var (release, problems) = NotebookStripper.Strip(reference, mutants);
        if (mutantProblem is not null)
            problems.Add(mutantProblem);
        var report = new ReleaseReport(notebook, target, problems);
        if (problems.Count == 0 && options.Verify)
            report = await VerifyAsync(report, reference, release, options.Run, cancellationToken).ConfigureAwait(false);
        if (report.Accepted && options.Verify && mutants is not null)
            report = await VerifyMutantsAsync(report, reference, mutants, options, cancellationToken).ConfigureAwait(false);
        if (report.Accepted) release.Save(target);
        return report;
    }

    private static async Task<ReleaseReport> VerifyAsync(
        ReleaseReport report, NotebookDocument reference, NotebookDocument release, NotebookRunOptions run,
        CancellationToken cancellationToken)
    {
        var referenceScores = await CheckNotebook.RunAsync(reference, run, cancellationToken).ConfigureAwait(false);
        var releaseScores = await CheckNotebook.RunAsync(release, run, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return report with
        {
            ReferenceScores = referenceScores,
            ReleaseScores = releaseScores,
            Problems =
            [
                .. CellProblems(reference, referenceScores, "in the reference"),
                .. referenceScores.Automatic.SelectMany(score => ReferenceProblems(reference, score)),
                .. CellProblems(release, releaseScores, "in the students' version, where the solutions are missing"),
                .. releaseScores.Automatic.Where(score => score.Points > 0).Select(score => new NotebookProblem(
                    release.Name, score.Id, null,
                    $"the students' version earns {Number(score.Points)} of {Number(score.Possible)} points "
                    + "before anything was solved; test more than the default value does.")),
            ],
        };
    }

    /// <summary>The mutants that lie beside the notebook, if any do, or what is wrong with their file.</summary>
    private static (MutantFile? Mutants, NotebookProblem? Problem) LoadMutants(string notebook)
    {
        var path = MutantFile.PathFor(notebook);
        try
        {
            return (File.Exists(path) ? MutantFile.Load(path) : null, null);
        }
        catch (FormatException exception)
        {
            return (null, new NotebookProblem(path, null, null, exception.Message));
        }
    }

    /// <summary>Where mutants lie beside the notebook, its tests must fail each of them.</summary>
    private static async Task<ReleaseReport> VerifyMutantsAsync(ReleaseReport report, NotebookDocument reference, MutantFile mutants, ReleaseOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var verdicts = await MutantRunner.RunAsync(reference, mutants, new MutationOptions { Run = options.Run, OnVerdict = options.OnMutant }, cancellationToken).ConfigureAwait(false);
            return report with
            {
                Mutants = verdicts,
                Problems = [.. verdicts.Where(verdict => !verdict.IsKilled).Select(verdict => new NotebookProblem(reference.Name, verdict.Exercise, null, Survival(verdict)))],
            };
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            return report with { Problems = [new NotebookProblem(MutantFile.PathFor(report.Notebook), null, null, exception.Message)] };
        }
    }

    private static string Survival(MutantVerdict verdict) => verdict.Problem is { } problem
        ? $"the mutant \"{verdict.Mutant}\" proves nothing: {problem}"
        : $"its tests give the wrong answer \"{verdict.Mutant}\" all {Number(verdict.Points)} points; test what tells it from a right one.";

    private static IEnumerable<NotebookProblem> CellProblems(NotebookDocument document, NotebookScores scores, string where)
    {
        foreach (var cell in scores.Cells)
        {
            var problem = cell.Status switch
            {
                CellRunStatus.NotRun => "was not run, because a cell before it ended the session or ran out of time",
                CellRunStatus.TimedOut => $"ran out of time: {cell.Error} On a machine that is busy it may need more: --timeout",
                _ when cell.IsFailure => $"fails: {cell.Error}",
                _ => null,
            };
            if (problem is not null)
                yield return NotebookProblem.In(document, document.Cells[cell.Index], $"{where}, the cell {problem}");
        }
    }

    private static IEnumerable<NotebookProblem> ReferenceProblems(NotebookDocument reference, ExerciseScore score)
    {
        // A cell that failed has been named already.
        if (score.Tested is not { } tested)
        {
            if (score.Status == ScoreStatus.NoResult) yield return Problem(score.Message);
            yield break;
        }
        if (Math.Abs(tested - score.Possible) > Tolerance)
        {
            yield return Problem($"its parts add up to {Number(tested)} points, but the cell's metadata says "
                + $"{Number(score.Possible)}; make the two agree.");
        }
        foreach (var part in score.Parts.Where(part => part.Points < part.Possible))
        {
            yield return Problem($"the reference earns {Number(part.Points)} of {Number(part.Possible)} points "
                + $"in the part \"{part.Name}\": {part.Message}");
        }
        if (score.WritesToStandardError)
            yield return Problem("the test cell writes to standard error, for which nbgrader gives 0 points; print to Console.Out.");

        NotebookProblem Problem(string message) => new(reference.Name, score.Id, null, message);
    }

    private const double Tolerance = 1e-9;

    private static StringComparison PathComparison =>
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
