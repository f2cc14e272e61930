using System.Collections.Concurrent;
using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using CourseKit.Session.Language.Completing;
using CourseKit.Session.Language.Inspecting;

namespace CourseKit.Session.Language;

/// <summary>
/// Answers questions about code that is being written, one after another on a thread of its own, from what the cells
/// so far have left: so it answers while a cell runs. Code that is written is mostly wrong; it is never an error here.
/// </summary>
internal sealed class LanguageServices
{
    // An editor that waited longer has long been typed into.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Action<Message> _send;
    private readonly BlockingCollection<LanguageRequest> _questions = [];
    private readonly DirectiveCompletion _directives;
    private readonly Completer _completer;
    private readonly Inspector _inspector;
    private bool _warm;

    public LanguageServices(CellSession session, CellCompiler compiler, IEnumerable<string> kitPackages, Action<Message> send)
    {
        _send = send;
        _directives = new DirectiveCompletion(kitPackages);
        _completer = new Completer(compiler, _directives);
        _inspector = new Inspector(compiler, session.ValueOf);
        new Thread(AnswerAll) { Name = "Language", IsBackground = true }.Start();
    }

    public void Ask(LanguageRequest question) => _questions.Add(question);

    /// <summary>Remembers what a cell that has run has brought, and gets ready for the first question.</summary>
    public void Learn(string code)
    {
        _directives.Learn(code);
        if (_warm)
            return;
        _warm = true;
        new Thread(WarmUp) { Name = "Language warm-up", IsBackground = true, Priority = ThreadPriority.BelowNormal }.Start();
    }

    // What the compiler reads once, it keeps: the first question should not have to wait for it.
    private void WarmUp()
    {
        Answer(new CompleteRequest(0, "s", 1));
        Answer(new CompleteRequest(0, "\"\".", 3));
        Answer(new CompleteRequest(0, "Math.Max(", 9));
        Answer(new InspectRequest(0, "Math.Max(", 7, 0));
        Answer(new IsCompleteRequest(0, "{"));
    }

    private void AnswerAll()
    {
        foreach (var question in _questions.GetConsumingEnumerable())
            _send(Answer(question));
    }

    private LanguageEvent Answer(LanguageRequest question)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            return question switch
            {
                CompleteRequest complete => _completer.Complete(complete, patience.Token),
                InspectRequest inspect => _inspector.Inspect(inspect, patience.Token),
                _ => CompletenessCheck.Answer((IsCompleteRequest)question, patience.Token),
            };
        }
#pragma warning disable CA1031 // The compiler meets code here that no compiler is made for; the next question has nothing to do with it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Nothing(question);
        }
    }

    private static LanguageEvent Nothing(LanguageRequest question) => question switch
    {
        CompleteRequest complete => new CompletionsEvent(complete.Id, [], complete.Cursor, complete.Cursor, []),
        InspectRequest => new InspectionEvent(question.Id, false, []),
        _ => new CompletenessEvent(question.Id, CompletenessEvent.Unknown, ""),
    };
}
