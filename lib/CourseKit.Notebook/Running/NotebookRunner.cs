using System.Diagnostics;
using CourseKit.Notebook.Running;
using CourseKit.Session.Magics;

namespace CourseKit.Notebook;

/// <summary>
/// Runs a notebook from its first code cell to its last without anybody watching. A cell that fails does not keep the
/// later ones from running, as a reader wants to see them all; a cell that ended its worker, or that had to be stopped,
/// does, for what comes after would stand on a state nobody knows.
/// </summary>
public static class NotebookRunner
{
    private const string SkipTag = "skip-execution";

    /// <summary>Runs every code cell of a notebook in one session.</summary>
    /// <param name="document">The notebook; it stays as it is.</param>
    /// <param name="options">Limits, the kit's packages and who watches the progress.</param>
    /// <param name="cancellationToken">Stops the cell that runs and leaves out the ones after it.</param>
    /// <returns>An executed copy of the notebook and what became of each cell.</returns>
    /// <exception cref="NotebookFormatException">The notebook is made for a kernel of another language.</exception>
    /// <exception cref="SessionStartException">The session does not start; the message says why.</exception>
    /// <exception cref="TimeoutException">It does not start within <see cref="NotebookRunOptions.StartTimeout"/>.</exception>
    public static async Task<NotebookRun> RunAsync(
        NotebookDocument document,
        NotebookRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new NotebookRunOptions();
        CheckLanguage(document);

        var clock = Stopwatch.StartNew();
        var executed = document.Clone();
        var plan = Plan(executed);
        var session = await NotebookSession.StartAsync(document, options, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var runs = await RunCellsAsync(plan, session, document.Name, options.OnProgress, cancellationToken).ConfigureAwait(false);
            return new NotebookRun(executed, runs, clock.Elapsed);
        }
    }

    /// <summary>A notebook for Python cannot run here at all: better said before its first cell than at each.</summary>
    private static void CheckLanguage(NotebookDocument document)
    {
        if (CellLanguages.IsSpoken(document.Language))
            return;
        var cell = document.Cells.FirstOrDefault(cell => cell.Kind == CellKind.Code && cell.Language == document.Language);
        if (cell is not null)
            throw new NotebookFormatException(document.Name, $"the notebook is made for a kernel of the language \"{document.Language}\" (cell {document.Cells.IndexOf(cell) + 1} is in it), but C# alone can be run here; choose the kernel \".NET (C#)\" in your notebook editor and save it.");
    }

    private static List<(NotebookCell Cell, CellRun Run)> Plan(NotebookDocument executed)
    {
        var plan = new List<(NotebookCell, CellRun)>();
        for (var index = 0; index < executed.Cells.Count; index++)
        {
            var cell = executed.Cells[index];
            if (cell.Kind != CellKind.Code)
                continue;
            var run = new CellRun
            {
                Index = index,
                Number = plan.Count + 1,
                Id = cell.Id,
                FirstLine = FirstLine(cell.Source),
                Status = cell.Tags.Contains(SkipTag) ? CellRunStatus.Skipped : CellRunStatus.NotRun,
            };
            plan.Add((cell, run));
            if (run.Status == CellRunStatus.Skipped)
                continue;
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
        }

        return plan;
    }

    private static async Task<List<CellRun>> RunCellsAsync(
        List<(NotebookCell Cell, CellRun Run)> plan,
        NotebookSession session,
        string notebook,
        Action<CellProgress>? report,
        CancellationToken cancellationToken)
    {
        var runs = new List<CellRun>();
        var results = new List<(NotebookCell, CellResult, int)>();
        var executionCount = 0;
        var goesOn = true;
        foreach (var (cell, planned) in plan)
        {
            var run = planned;
            if (goesOn && run.Status != CellRunStatus.Skipped)
            {
                report?.Invoke(new CellProgress(run.Number, plan.Count, run.FirstLine, Finished: null));
                var result = await ExecuteAsync(cell, ++executionCount, run, session.Client, notebook, cancellationToken).ConfigureAwait(false);
                results.Add((cell, result, executionCount));
                run = run with { Status = StatusOf(result.Status), Elapsed = result.Elapsed, Error = result.Sentence };
                goesOn = session.IsAlive && run.Status is CellRunStatus.Ok or CellRunStatus.Error;
                report?.Invoke(new CellProgress(run.Number, plan.Count, run.FirstLine, run));
            }

            runs.Add(run);
        }

        // Only now, as a later cell may update what an earlier one displays.
        foreach (var (cell, result, count) in results)
            result.WriteTo(cell, count);
        return runs;
    }

    private static async Task<CellResult> ExecuteAsync(
        NotebookCell cell, int executionCount, CellRun run, SessionClient session, string notebook, CancellationToken cancellationToken)
    {
        var source = cell.Source;
        var language = cell.Language;
        if (!CellLanguages.IsSpoken(language))
        {
            return new CellResult(CellStatus.Error, [], TimeSpan.Zero)
            {
                Message = $"{notebook}, cell {run.Index + 1}: the cell is in the language \"{language}\", which cannot be run here; C#, HTML, JavaScript, Markdown and Mermaid can.",
            };
        }

        // What the metadata says of a cell's language, its first line says to the session.
        if (language != CellLanguages.CSharp && NotebookLanguages.LeadingMagic(source) is null)
            source = $"#!{language}\n{source}";
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await session.ExecuteAsync(source, executionCount, onOutput: null, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new CellResult(CellStatus.Cancelled, [], TimeSpan.Zero) { Message = "The run was cancelled before this cell." };
        }
    }

    private static CellRunStatus StatusOf(CellStatus status) => status switch
    {
        CellStatus.Ok => CellRunStatus.Ok,
        CellStatus.Error => CellRunStatus.Error,
        CellStatus.TimedOut => CellRunStatus.TimedOut,
        CellStatus.Cancelled => CellRunStatus.Cancelled,
        _ => CellRunStatus.Crashed,
    };

    private static string FirstLine(string source) =>
        source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "";
}
