using System.Collections.Concurrent;
using System.Collections.Immutable;
using CourseKit.Session.Cells;
using CourseKit.Session.Magics;

namespace CourseKit.Session.Compiling;

/// <summary>
/// Has cells translated by another process, to which the client passes the questions on. A process that has compiled many
/// cells is quick; one that has never compiled any needs a second to become so.
/// </summary>
internal sealed class RemoteTranslator(Action<Message> send) : ICellTranslator
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<TranslatorReply>> _questions = new();
    private int _count;
    private bool _keepsLast;

    /// <summary>Takes an answer; one that nobody waits for any more is dropped.</summary>
    public void Take(TranslatorReply reply)
    {
        if (_questions.TryRemove(reply.Question, out var question))
            question.TrySetResult(reply);
    }

    public ImmutableArray<CellPart> Split(string code, CancellationToken cancellationToken) =>
        CellParts.IsPlain(code) ? [CellParts.Plain(code)] : Ask<SplitReply>(new SplitRequest(0, code), cancellationToken).Parts;

    public CompiledCell Translate(CellText text, CellSource source, bool isTrusted, ImmutableArray<string> references, CancellationToken cancellationToken)
    {
        var request = new TranslateRequest(0, _keepsLast, text, source, isTrusted, references);
        _keepsLast = false;
        var reply = Ask<TranslateReply>(request, cancellationToken);
        return reply.Cell ?? throw new CellFailedException(reply.Error!);
    }

    // Said with the next question, before which nobody needs to know.
    public void Keep() => _keepsLast = true;

    public bool EndsInVoid(CancellationToken cancellationToken) => Ask<EndsInVoidReply>(new EndsInVoidRequest(0), cancellationToken).Value;

    private TReply Ask<TReply>(TranslatorRequest request, CancellationToken cancellationToken)
        where TReply : TranslatorReply
    {
        var number = ++_count;
        var answer = new TaskCompletionSource<TranslatorReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[number] = answer;
        send(request with { Question = number });
        try
        {
            answer.Task.Wait(cancellationToken);
        }
        catch
        {
            // Stopped: by the token, or by an interrupt of the thread.
            _questions.TryRemove(number, out _);
            send(new CancelTranslationRequest(number));
            throw;
        }

        return answer.Task.Result switch
        {
            TReply reply => reply,
            NoTranslatorReply none => throw new CellFailedException(new CellError("CompilerEnded", none.Reason, [none.Reason])),
            var other => throw new InvalidOperationException($"The compiler answered a {typeof(TReply).Name} with a {other.GetType().Name}."),
        };
    }
}
