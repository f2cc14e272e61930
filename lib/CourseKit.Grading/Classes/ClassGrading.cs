using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using CourseKit.Grading.Gradebooks;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// Grades a class: every submission that has no result from the same file and the same tests. It may be stopped or killed at
/// any moment and started again; several may work on one folder at once.
/// </summary>
public sealed class ClassGrading
{
    // Results are taken into the gradebook in small groups: each transaction waits for the disk.
    private const int ResultsAtOnce = 50;

    private readonly GradeFolder folder;
    private readonly GradingReference reference;
    private readonly SubmissionCollection collection;
    private readonly ClassGradingOptions options;
    private readonly Lazy<Task<ISubmissionGrader>> grader;
    private readonly ResultStore results;
    private readonly Lock reporting = new();
    private readonly Dictionary<SubmissionOutcome, int> outcomes = [];
    private readonly List<string> problems = [];
    private readonly ConcurrentQueue<GradingRecord> untaken = new();
    private int isTaking;

    /// <summary>Prepares a run.</summary>
    /// <param name="folder">Where the grades go.</param>
    /// <param name="reference">What is graded against.</param>
    /// <param name="collection">What was handed in.</param>
    /// <param name="startGrader">Starts the grader when the first submission needs one; for a regrade, one for those exercises.</param>
    /// <param name="options">Which submissions.</param>
    /// <exception cref="GradingException">The exercises to regrade are not the reference's.</exception>
    public ClassGrading(GradeFolder folder, GradingReference reference, SubmissionCollection collection, Func<Task<ISubmissionGrader>> startGrader, ClassGradingOptions options)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(startGrader);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Regrade.FirstOrDefault(id => !reference.ExerciseHashes.ContainsKey(id)) is { } unknown)
            throw new GradingException($"{reference.Assignment} has no exercise {unknown} to grade again; it has {string.Join(", ", reference.Exercises.Select(exercise => exercise.Id))}.");
        this.folder = folder;
        this.reference = reference;
        this.collection = collection;
        this.options = options;
        grader = new Lazy<Task<ISubmissionGrader>>(() => StartAsync(startGrader));
        results = new ResultStore(folder);
    }

    /// <summary>Grades what is to be graded. Stopped, it keeps what is finished and says so in the report.</summary>
    /// <exception cref="GradingException">The gradebook or the sandbox cannot be used.</exception>
    /// <exception cref="IOException">The disk is full or failed; what was finished before is kept.</exception>
    public async Task<ClassGradingReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        // A grader that was killed between a result and the gradebook left the result.
        await TakeAllAsync(cancellationToken).ConfigureAwait(false);
        var submissions = collection.Submissions.Where(submission => options.Shard.Contains(submission.Student.Id)).ToList();
        var isStopped = false;
        try
        {
            var busy = new ConcurrentQueue<CollectedSubmission>();
            await EachAsync(submissions, busy.Enqueue, submissions.Count, cancellationToken).ConfigureAwait(false);
            // By now the other grader has finished them, or it is gone and its claims are stale.
            await EachAsync([.. busy], null, submissions.Count, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            isStopped = true;
        }
        finally
        {
            if (grader is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await grader.Value.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        // Also what another grader has left since; and after Ctrl-C, what is finished.
        await TakeAllAsync(CancellationToken.None).ConfigureAwait(false);
        return new ClassGradingReport
        {
            Count = submissions.Count,
            Outcomes = outcomes,
            Problems = problems,
            IsStopped = isStopped,
            Elapsed = clock.Elapsed,
        };
    }

    private Task EachAsync(List<CollectedSubmission> submissions, Action<CollectedSubmission>? later, int count, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(submissions, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellationToken }, async (submission, stop) =>
        {
            var (outcome, record, problem) = await GradeAsync(submission, stop).ConfigureAwait(false);
            if (outcome == SubmissionOutcome.InUse && later is not null)
            {
                later(submission);
                return;
            }
            Report(submission, outcome, record, problem, count);
            if (outcome == SubmissionOutcome.Graded)
            {
                untaken.Enqueue(record!);
                if (untaken.Count >= ResultsAtOnce)
                    await TakeWaitingAsync(stop).ConfigureAwait(false);
            }
        });

    private async Task<(SubmissionOutcome Outcome, GradingRecord? Record, string Problem)> GradeAsync(CollectedSubmission submission, CancellationToken stop)
    {
        var (handedIn, problem) = Read(submission);
        var hash = handedIn is null ? "" : Convert.ToHexStringLower(SHA256.HashData(handedIn.Content.Span));
        var (fileName, before) = results.Locate(reference.Assignment, submission.Student.Id, submission.FileName);
        if (DoneAlready(before, hash) is { } done)
            return (done, before, "");

        using var claim = Claim.TryTake(folder.ClaimOf(reference.Assignment, fileName), out var holder);
        if (claim is null)
            return (SubmissionOutcome.InUse, before, $"{submission.Student.Id}: {holder?.Description ?? "another grader"} is grading this submission.");
        results.RemoveLeftovers(reference.Assignment, fileName);
        // Between the first look and the claim another grader may have finished it.
        before = results.Find(reference.Assignment, fileName);
        if (DoneAlready(before, hash) is { } doneMeanwhile)
            return (doneMeanwhile, before, "");

        GradedSubmission graded;
        var its = handedIn is null ? null : await grader.Value.ConfigureAwait(false);
        try
        {
            graded = its is null
                ? new GradedSubmission(Unreadable(submission, problem), null)
                : await its.GradeAsync(handedIn!, stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or GradingException or IOException) && IsOfTheSubmission(exception))
        {
            return (SubmissionOutcome.Failed, before, $"{submission.Student.Id} could not be graded and has no new result: {exception.Message}");
        }
        var record = ToRecord(submission, graded.Result, hash, before);
        var executed = record.Regraded.Count > 0 ? ExecutedNotebook.Update(folder.ExecutedOf(reference.Assignment, fileName), graded.Executed, options.Regrade) : graded.Executed;
        results.Write(fileName, record, executed);
        return (SubmissionOutcome.Graded, record, "");
    }

    /// <summary>What keeps the grader from starting keeps it from grading anybody: the run ends with that one sentence.</summary>
    private static async Task<ISubmissionGrader> StartAsync(Func<Task<ISubmissionGrader>> start)
    {
        try
        {
            return await start().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ReleaseRefusedException or TimeoutException)
        {
            throw new GradingException(exception.Message, exception);
        }
    }

    // A bug in grading one file must not end the night's run; what the machine lacks would fail for everyone.
    private static bool IsOfTheSubmission(Exception exception) => exception is not (OutOfMemoryException or UnauthorizedAccessException);

    /// <summary>The bytes; or why there are none, where that is the student's doing and not the disk's.</summary>
    private (Submission? HandedIn, string Problem) Read(CollectedSubmission submission)
    {
        try
        {
            return (collection.Read(submission), "");
        }
        catch (InvalidDataException damage)
        {
            return (null, damage.Message);
        }
    }

    private SubmissionOutcome? DoneAlready(GradingRecord? before, string hash)
    {
        if (options.Regrade.Count > 0)
        {
            if (before is null || before.SubmissionHash != hash || before.Result.Failure.Length > 0)
                return SubmissionOutcome.NotGradedBefore;
            return !options.Force && options.Regrade.All(id => IsCurrent(before, id)) ? SubmissionOutcome.UpToDate : null;
        }
        var isCurrent = before is not null && before.SubmissionHash == hash
            && before.ExerciseHashes.Count == reference.ExerciseHashes.Count && reference.ExerciseHashes.Keys.All(id => IsCurrent(before, id));
        return isCurrent && !options.Force ? SubmissionOutcome.UpToDate : null;
    }

    private bool IsCurrent(GradingRecord before, string exercise) =>
        before.ExerciseHashes.GetValueOrDefault(exercise) == reference.ExerciseHashes[exercise];

    private GradingRecord ToRecord(CollectedSubmission submission, SubmissionResult result, string hash, GradingRecord? before)
    {
        var hashes = reference.ExerciseHashes;
        if (options.Regrade.Count > 0)
        {
            var again = result.Exercises.Where(exercise => options.Regrade.Contains(exercise.Id)).ToDictionary(exercise => exercise.Id);
            var kept = before!.Result.Exercises.ToDictionary(exercise => exercise.Id);
            var exercises = reference.Exercises
                .Select(exercise => again.GetValueOrDefault(exercise.Id) ?? kept.GetValueOrDefault(exercise.Id))
                .OfType<ExerciseResult>().ToList();
            result = result with { Exercises = exercises };
            hashes = exercises.ToDictionary(exercise => exercise.Id,
                exercise => again.ContainsKey(exercise.Id) ? reference.ExerciseHashes[exercise.Id] : before.ExerciseHashes.GetValueOrDefault(exercise.Id, ""));
        }
        return new GradingRecord
        {
            Id = Guid.NewGuid(),
            GradedAt = DateTimeOffset.UtcNow,
            Student = submission.Student,
            SubmissionHash = hash,
            ReferenceHash = reference.Hash,
            ExerciseHashes = hashes,
            Regraded = [.. options.Regrade.Order(StringComparer.Ordinal)],
            Result = result with { Student = submission.Student.Id, Assignment = reference.Assignment },
            History = before is null ? [] : [.. before.History, before.ToPast()],
        };
    }

    /// <summary>The result of a submission that holds no notebook: its student is in the gradebook, with no points and the reason.</summary>
    private SubmissionResult Unreadable(CollectedSubmission submission, string problem) => new()
    {
        Student = submission.Student.Id,
        Assignment = reference.Assignment,
        SubmittedAt = submission.SubmittedAt,
        SubmissionHash = "",
        Exercises = [.. reference.Exercises.Select(exercise => exercise with
        {
            Status = ScoreStatus.NotRun,
            Message = "no notebook could be read",
        })],
        Flags = [new SubmissionFlag(SubmissionFlagKind.Unreadable, "", problem)],
        Failure = problem,
        Sandbox = "",
    };

    private void Report(CollectedSubmission submission, SubmissionOutcome outcome, GradingRecord? record, string problem, int count)
    {
        lock (reporting)
        {
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (problem.Length > 0)
                problems.Add(problem);
            options.OnProgress?.Invoke(new SubmissionProgress(outcomes.Values.Sum(), count, submission, outcome, record, problem));
        }
    }

    private async Task TakeWaitingAsync(CancellationToken stop)
    {
        // One takes for all; who comes meanwhile need not wait for it.
        if (Interlocked.Exchange(ref isTaking, 1) == 1)
            return;
        try
        {
            var records = new List<GradingRecord>();
            while (untaken.TryDequeue(out var record))
                records.Add(record);
            using var gradebook = await Gradebook.OpenToWriteAsync(folder, stop).ConfigureAwait(false);
            gradebook.Take(records);
        }
        finally
        {
            Volatile.Write(ref isTaking, 0);
        }
    }

    private async Task TakeAllAsync(CancellationToken stop)
    {
        untaken.Clear();
        using var gradebook = await Gradebook.OpenToWriteAsync(folder, stop).ConfigureAwait(false);
        if (collection.DueDate is { } dueDate)
            gradebook.SetDueDate(reference.Assignment, dueDate);
        foreach (var problem in gradebook.TakeResults().Problems.Except(problems))
            problems.Add(problem);
    }
}
