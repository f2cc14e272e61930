using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CourseKit.Exercises;
using CourseKit.Grading.Restoring;
using CourseKit.Grading.Running;
using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// Grades submissions of one assignment. A submission is put right by the reference, runs once with the visible tests
/// (that is what the student gets to see) and once more, in another worker, with the hidden ones; from the second run
/// nothing comes back but points. Every worker stands in a sandbox, is started ahead, and is used once.
/// </summary>
public sealed class SubmissionGrader : ISubmissionGrader
{
    private const string WhatToRaise = "The machine may be too busy: try again later, or give a cell more time with --timeout and all cells together with it.";

    private readonly Assignment _assignment;
    private readonly GradingOptions _options;
    private readonly ISandbox _sandbox;
    private readonly WorkerPool _visible;
    private readonly WorkerPool _hidden;
    private readonly CompilerPool _compilers;
    private readonly SemaphoreSlim _jobs;
    private readonly Dictionary<string, CellScore> _reference;
    private readonly (IReadOnlyList<string> Names, IReadOnlyList<string> Extensions) _reserved;

    private readonly IReadOnlyList<string> _operators;

    private SubmissionGrader(Assignment assignment, GradingOptions options, ISandbox sandbox, Dictionary<string, CellScore> reference)
    {
        (_assignment, _options, _sandbox, _reference) = (assignment, options, sandbox, reference);
        _reserved = ReservedNames.Of(assignment.Reference);
        _operators = ReservedNames.OperatorsOf(assignment.Reference);
        _jobs = new SemaphoreSlim(Math.Max(1, options.Jobs));
        var ahead = Math.Max(1, options.Jobs / 2);
        _compilers = new CompilerPool(token => GradingCompiler.StartAsync(sandbox, options.Starting, token));
        _visible = new WorkerPool(token => StartAsync(isSilent: false, token), ahead);
        _hidden = new WorkerPool(token => StartAsync(isSilent: true, token), assignment.Exercises.Any(cell => cell.HasHiddenTests) ? ahead : 0);
    }

    /// <summary>How student code is kept apart: <c>bubblewrap</c>, <c>docker</c> or <c>process</c>.</summary>
    public string Sandbox => _sandbox.Name;

    /// <summary>What to tell the teacher about the sandbox before grading begins; empty where there is nothing.</summary>
    public string SandboxWarning => _sandbox.Warning;

    /// <summary>Prepares grading: chooses the sandbox by starting it, and runs the reference once to learn its parts.</summary>
    /// <param name="reference">The instructor's notebook, with solutions and hidden tests.</param>
    /// <param name="options">How to run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ReleaseRefusedException">Metadata or markers of the reference are wrong.</exception>
    /// <exception cref="InvalidOperationException">The sandbox does not start, or the reference does not earn its own points.</exception>
    /// <exception cref="TimeoutException">A worker did not start in time, or the reference did not come to its end in the time that cells have.</exception>
    public static async Task<SubmissionGrader> CreateAsync(NotebookDocument reference, GradingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(options);
        var assignment = new Assignment(reference);
        var sandbox = await SandboxSelection.ChooseAsync(options, cancellationToken).ConfigureAwait(false);
        var scores = new Dictionary<string, CellScore>(StringComparer.Ordinal);
        var grader = new SubmissionGrader(assignment, options, sandbox, scores);
        try
        {
            await grader.LearnAsync(scores, cancellationToken).ConfigureAwait(false);
            grader._visible.Fill();
            grader._hidden.Fill();
            return grader;
        }
        catch
        {
            await grader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<GradedSubmission> GradeAsync(Submission submission, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        await _jobs.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var clock = Stopwatch.StartNew();
            var graded = await GradeOneAsync(submission, Convert.ToHexStringLower(SHA256.HashData(submission.Content.Span)), cancellationToken).ConfigureAwait(false);
            return graded with { Result = graded.Result with { Duration = clock.Elapsed } };
        }
        finally
        {
            _jobs.Release();
        }
    }

    /// <summary>Ends the workers that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await _visible.DisposeAsync().ConfigureAwait(false);
        await _hidden.DisposeAsync().ConfigureAwait(false);
        await _compilers.DisposeAsync().ConfigureAwait(false);
        _jobs.Dispose();
    }

    private async Task<GradedSubmission> GradeOneAsync(Submission submission, string hash, CancellationToken cancellationToken)
    {
        var graders = _assignment.Exercises.Where(IsWanted).Select(cell => (Cell: cell, Grader: new ExerciseGrader(cell, _reference.GetValueOrDefault(cell.Id), hash))).ToList();
        var (submitted, problem) = SubmissionReader.Read(submission);
        if (submitted is null)
        {
            var result = Result(submission, hash, [.. graders.Select(entry => entry.Grader.Blank(ScoreStatus.NotRun, "The file could not be read."))]);
            return new GradedSubmission(result with { Failure = $"{submission.Path}: {problem}", Flags = [new SubmissionFlag(SubmissionFlagKind.Unreadable, "", problem)] }, null);
        }

        var restored = NotebookRestorer.Restore(_assignment, submitted);
        var (visible, hidden, unsure, hasCompiler) = await RunBothAsync(restored, graders, cancellationToken).ConfigureAwait(false);
        // A compiler that ends may have met code it dies on, or bad luck: a second one tells which. A session that did not get
        // through the author's own first cells had bad luck, and says nothing about the student.
        if (!hasCompiler || NotReady() is not null)
            (visible, hidden, unsure, _) = await RunBothAsync(restored, graders, cancellationToken).ConfigureAwait(false);
        if (NotReady() is { } reason)
            throw new TimeoutException($"The chapter's own cells, before the first answer, did not come to their end as they did in the reference: {reason} {WhatToRaise}");
        var exercises = graders.Select(entry => entry.Cell.Metadata.IsManual
            ? Manual(entry.Grader, restored, entry.Cell)
            : entry.Grader.Grade(visible, unsure.Contains(entry.Cell.Id) ? hidden : null)).ToList();
        DropImitations(restored);
        return new GradedSubmission(Result(submission, hash, exercises) with { Flags = [.. restored.Flags, .. Suspicious(visible), .. Contradicted(graders)] }, restored.Notebook);

        string? NotReady() => visible.NotReady ?? hidden?.NotReady;
    }

    /// <summary>The run with visible tests, the one with hidden tests of the exercises that need it, and whether the compiler lived through both.</summary>
    private async Task<(CellRecord Visible, CellRecord? Hidden, HashSet<string> Unsure, bool HasCompiler)> RunBothAsync(
        RestoredNotebook restored, List<(GradedCell Cell, ExerciseGrader Grader)> graders, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.SubmissionTimeout);
        var compiler = await _compilers.TakeAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            var visible = await RunAsync(_visible, compiler, VisiblePlan(restored), deadline.Token, cancellationToken).ConfigureAwait(false);
            var unsure = graders.Where(entry => entry.Grader.NeedsHiddenRun(visible)).Select(entry => entry.Cell.Id).ToHashSet(StringComparer.Ordinal);
            var hidden = unsure.Count == 0 ? null : await RunAsync(_hidden, compiler, HiddenPlan(restored, unsure), deadline.Token, cancellationToken).ConfigureAwait(false);
            return (visible, hidden, unsure, compiler.Process.IsAlive);
        }
        finally
        {
            await _compilers.GiveBackAsync(compiler).ConfigureAwait(false);
        }
    }

    private SubmissionResult Result(Submission submission, string hash, IReadOnlyList<ExerciseResult> exercises) => new()
    {
        Student = submission.Student,
        Assignment = _assignment.Name,
        SubmittedAt = submission.SubmittedAt,
        SubmissionHash = hash,
        Exercises = exercises,
        Sandbox = _sandbox.Name,
        SandboxWarning = _sandbox.Warning,
    };

    private bool IsWanted(GradedCell cell) => _options.OnlyExercises is not { } only || only.Contains(cell.Id);

    private static ExerciseResult Manual(ExerciseGrader grader, RestoredNotebook restored, GradedCell cell)
    {
        var answer = restored.Cells.First(entry => entry.Metadata?.GradeId == cell.Id).Cell;
        var isUnanswered = cell.Metadata.Solution && SourceText.Normalize(answer.Source) == SourceText.Normalize(cell.VisibleSource);
        return isUnanswered
            ? grader.Blank(ScoreStatus.NotAttempted, "No answer was written.")
            : grader.Blank(ScoreStatus.NeedsManualGrade, "");
    }

    private static IEnumerable<SubmissionFlag> Suspicious(CellRecord record) =>
        record.Suspicions.Select(found => new SubmissionFlag(SubmissionFlagKind.Suspicious, found.Id, string.Create(CultureInfo.InvariantCulture,
            $"line {found.Suspicion.Line}: {found.Suspicion.What}{(found.Suspicion.IsRefused ? "; the cell was not run" : "")}"))).Distinct();

    private static IEnumerable<SubmissionFlag> Contradicted(IEnumerable<(GradedCell Cell, ExerciseGrader Grader)> graders) =>
        graders.Where(entry => entry.Grader.IsContradicted).Select(entry => new SubmissionFlag(SubmissionFlagKind.Suspicious, entry.Cell.Id,
            "a part of these tests said that it had passed, and the values it compared say otherwise: something in the program changes the checks; the part earns nothing"));

    // Whoever reads the executed notebook later shall not take what a student displayed for a result.
    private static void DropImitations(RestoredNotebook restored)
    {
        foreach (var cell in restored.Cells.Where(cell => cell.Metadata is not { Grade: true } && cell.Cell.Kind == CellKind.Code))
        {
            foreach (var output in cell.Cell.Outputs)
                (output?["data"] as System.Text.Json.Nodes.JsonObject)?.Remove(Exercise.MimeType);
        }
    }

    private List<CellPlan> VisiblePlan(RestoredNotebook restored) =>
        [.. Runnable(restored).Select(cell => new CellPlan(cell.Metadata?.GradeId ?? "", SourceOf(cell.Cell), cell.IsTrusted, IsTest(cell), cell.Cell))];

    /// <summary>The same cells up to the last one in question, those in question with all their tests, the other tests left out.</summary>
    private List<CellPlan> HiddenPlan(RestoredNotebook restored, HashSet<string> unsure)
    {
        var full = _assignment.Exercises.ToDictionary(cell => cell.Id, cell => cell.FullSource, StringComparer.Ordinal);
        var cells = Runnable(restored).ToList();
        var last = cells.FindLastIndex(cell => IsTest(cell) && unsure.Contains(cell.Metadata!.GradeId));
        return [.. cells.Take(last + 1).Where(cell => !IsTest(cell) || unsure.Contains(cell.Metadata!.GradeId)).Select(cell => IsTest(cell)
            ? new CellPlan(cell.Metadata!.GradeId, full[cell.Metadata.GradeId], IsTrusted: true, WantsScore: true, null)
            : new CellPlan(cell.Metadata?.GradeId ?? "", SourceOf(cell.Cell), cell.IsTrusted, WantsScore: false, null))];
    }

    private IEnumerable<RestoredCell> Runnable(RestoredNotebook restored) => restored.Cells.Where(cell =>
        cell.Cell.Kind == CellKind.Code && !cell.Cell.Tags.Contains("skip-execution")
        && !(IsTest(cell) && _options.OnlyExercises is { } only && !only.Contains(cell.Metadata!.GradeId)));

    private static bool IsTest(RestoredCell cell) => cell.Metadata is { Grade: true, IsManual: false };

    // What the metadata says of a cell's language, its first line says to the session.
    private static string SourceOf(NotebookCell cell) =>
        cell.Language != "csharp" && !cell.Source.AsSpan().TrimStart().StartsWith("#!") ? $"#!{cell.Language}\n{cell.Source}" : cell.Source;

    private async Task<CellRecord> RunAsync(WorkerPool pool, PooledCompiler compiler, List<CellPlan> plan, CancellationToken deadline, CancellationToken cancellationToken)
    {
        var worker = await pool.TakeAsync(cancellationToken).ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            await worker.Session.UseCompilerAsync(compiler.Process, cancellationToken).ConfigureAwait(false);
            return await CellRunner.RunAsync(worker, plan, _options, deadline, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<GradingWorker> StartAsync(bool isSilent, CancellationToken cancellationToken)
    {
        return GradingWorker.StartAsync(_sandbox, _options.Starting with
        {
            KitPackages = _options.KitPackages,
            CellTimeout = _options.CellTimeout,
            BorrowsCompiler = true,
            DisplayLimit = Math.Min(new SessionOptions().DisplayLimit, _options.OutputCharacters),
            Guard = new SessionGuard(_reserved.Names, _reserved.Extensions, isSilent) { ExpectedOperators = _operators },
        }, cancellationToken);
    }

    /// <summary>Runs the reference with all tests: it must earn all points, and its parts are those that count.</summary>
    private async Task LearnAsync(Dictionary<string, CellScore> scores, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.SubmissionTimeout);
        var cells = _assignment.Reference.Cells.Where(cell => cell.Kind == CellKind.Code && !cell.Tags.Contains("skip-execution"))
            .Select(cell => (Cell: cell, Metadata: NbgraderMetadata.Read(cell)))
            .ToList();
        var plan = cells.Select(entry => new CellPlan(entry.Metadata?.GradeId ?? "", SourceOf(entry.Cell), IsTrusted: true, entry.Metadata is { Grade: true, IsManual: false }, null))
            .ToList();
        var compiler = await _compilers.TakeAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var record = await RunAsync(_visible, compiler, plan, deadline.Token, cancellationToken).ConfigureAwait(false);
        await _compilers.GiveBackAsync(compiler).ConfigureAwait(false);
        var problems = new List<string>();
        foreach (var cell in _assignment.Exercises.Where(cell => !cell.Metadata.IsManual && IsWanted(cell)))
        {
            var result = record.Tests.GetValueOrDefault(cell.Id);
            if (result is { Status: CellStatus.Ok, Score: { } score } && Math.Abs(score.Parts.Sum(part => part.Points) - cell.Possible) < 1e-9)
                scores[cell.Id] = score;
            else
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{cell.Id}: {(result is null ? record.Ended ?? "the session ended before" : result.Score is { } less ? $"{less.Parts.Sum(part => part.Points)} of {cell.Possible} points" : result.Message ?? "no result of a Check.Exercise")}"));
        }

        if (problems.Count == 0)
            return;

        // What a cell was to define is missing in those after it: the first that did not come to its end is the one to look at,
        // and one that was stopped for time says nothing about the chapter.
        var late = record.Results.FindIndex(result => result.Status is CellStatus.TimedOut or CellStatus.Cancelled);
        if (late >= 0)
            throw new TimeoutException($"The reference {_assignment.Reference.Name} did not come to its end in the time that cells have, so nobody was graded by it; it may be right. Cell {Name(late)}: {record.Results[late].Message} {WhatToRaise}");
        var failed = record.Results.FindIndex(result => result.Status != CellStatus.Ok);
        if (failed >= 0 && !plan[failed].WantsScore)
            problems.Insert(0, $"cell {Name(failed)} fails: {record.Results[failed].Message}");
        throw new InvalidOperationException($"The reference {_assignment.Reference.Name} does not earn its own points, so nobody can be graded by it. {string.Join("; ", problems)}. Check it with: coursekit release");

        string Name(int index) => NotebookProblem.NameOf(_assignment.Reference, cells[index].Cell);
    }
}
