using System.Collections.Concurrent;
using CourseKit.Session;

namespace CourseKit.Notebook;

// Questions about code that is being written. They have a thread of their own in the worker, so they wait for no cell,
// and an ended session answers that it knows nothing: a key pressed in an editor is no place for an exception.
public sealed partial class SessionClient
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<LanguageEvent?>> _questions = [];
    private int _questionCount;

    /// <summary>Finds what may stand at the cursor: names of the session and of .NET, keywords, paths and packages.</summary>
    /// <param name="code">The cell as it stands.</param>
    /// <param name="cursor">The cursor's offset in it, in UTF-16 units.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>At most some hundred matches; none for code that makes no sense.</returns>
    public async Task<Completions> CompleteAsync(string code, int cursor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return await AskAsync(id => new CompleteRequest(id, code, cursor), cancellationToken).ConfigureAwait(false) is CompletionsEvent found
            ? new Completions(found.Matches, found.Start, found.End, found.Types)
            : new Completions([], cursor, cursor, []);
    }

    /// <summary>Describes the name at the cursor, or the function whose arguments are being written there.</summary>
    /// <param name="code">The cell as it stands.</param>
    /// <param name="cursor">The cursor's offset in it, in UTF-16 units.</param>
    /// <param name="detail">1 adds the members of a type; 0 does not.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The description.</returns>
    public async Task<Inspection> InspectAsync(string code, int cursor, int detail = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return await AskAsync(id => new InspectRequest(id, code, cursor, detail), cancellationToken).ConfigureAwait(false) is InspectionEvent found
            ? new Inspection(found.Found, found.Data)
            : new Inspection(false, []);
    }

    /// <summary>Tells whether a cell can run as it stands, or needs another line.</summary>
    /// <param name="code">The cell as it stands.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Jupyter's word for it.</returns>
    public async Task<Completeness> IsCompleteAsync(string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return await AskAsync(id => new IsCompleteRequest(id, code), cancellationToken).ConfigureAwait(false) is CompletenessEvent found
            ? new Completeness(found.Status, found.Indent)
            : new Completeness(CompletenessEvent.Unknown, "");
    }

    private async Task<LanguageEvent?> AskAsync(Func<int, LanguageRequest> ask, CancellationToken cancellationToken)
    {
        if (!IsAlive)
            return null;
        var question = ask(Interlocked.Increment(ref _questionCount));
        var answer = new TaskCompletionSource<LanguageEvent?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[question.Id] = answer;
        try
        {
            await _worker.SendAsync(question).ConfigureAwait(false);
            await Task.WhenAny(answer.Task, _workerEnded).WaitAsync(cancellationToken).ConfigureAwait(false);
            return answer.Task.IsCompleted ? await answer.Task.ConfigureAwait(false) : null;
        }
        finally
        {
            _questions.TryRemove(question.Id, out _);
        }
    }

    private void Answer(LanguageEvent answer)
    {
        if (_questions.TryRemove(answer.Id, out var question))
            question.TrySetResult(answer);
    }
}
