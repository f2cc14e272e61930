using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using CourseKit.Session.Cells;
using CourseKit.Session.Guarding;
using CourseKit.Session.Output;

namespace CourseKit.Session.Compiling;

/// <summary>
/// The compiler as a process of its own: it translates for one session after another and runs nothing of what it
/// compiles. It stays warm; of a session that is over it knows nothing any more.
/// </summary>
internal sealed class TranslatorService(Stream pipe)
{
    // What people nest deeply, the compiler follows deeply.
    private const int StackSize = 16 * 1024 * 1024;

    private readonly Outbox _outbox = new(pipe);
    private readonly BlockingCollection<(Message Message, CancellationTokenSource Stop)> _waiting = [];
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _stops = new();

    // Ctrl-C goes to all processes of a terminal at once; what it means is the client's to decide.
    private readonly PosixSignalRegistration _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);

    /// <summary>Serves until the other side closes the pipe.</summary>
    public async Task ServeAsync()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        new Thread(Work, StackSize) { Name = "Compiler", IsBackground = true }.Start();
        try
        {
            while (await Protocol.ReadAsync(pipe).ConfigureAwait(false) is var (message, _))
            {
                if (message is CancelTranslationRequest cancel)
                {
                    await CancelAsync(cancel.Question).ConfigureAwait(false);
                    continue;
                }

                var stop = new CancellationTokenSource();
                if (message is TranslatorRequest request)
                    _stops[request.Question] = stop;
                _waiting.Add((message, stop));
            }
        }
        catch (IOException)
        {
            // The other side went away in the middle of a message.
        }
    }

    private async Task CancelAsync(int question)
    {
        if (!_stops.TryGetValue(question, out var running))
            return;
        try
        {
            await running.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has been answered in this moment.
        }
    }

    private void Work()
    {
        WarmUp();
        _outbox.Send(new ReadyEvent(Protocol.Version, Environment.ProcessId));
        var translator = new CellTranslator();
        foreach (var (message, stop) in _waiting.GetConsumingEnumerable())
        {
            if (message is BeginTranslationRequest begin)
            {
                translator = new CellTranslator { Guard = begin.Guard is { } rules ? new CellGuard(rules) : null };
            }
            else if (message is TranslatorRequest request)
            {
                _outbox.Send(Answer(translator, request, stop.Token));
                _stops.TryRemove(request.Question, out _);
            }

            stop.Dispose();
        }
    }

    // The first cell a process compiles costs fifty times what a later one does.
    private static void WarmUp()
    {
        var translator = new CellTranslator { Guard = new CellGuard(new GuardRules([], [], IsSilent: false, [])) };
        var text = new CellText("Warm-up", "using System.Linq;\nint Twice(int x) => 2 * x;\nvar all = new[] { 1, 2 }.Select(Twice).ToList();\nforeach (var one in all) { Console.WriteLine($\"{one:F1}\"); }\nall.Count", "");
        _ = translator.Translate(text, new CellSource(text.Code, []), isTrusted: false, [], CancellationToken.None);
        translator.Keep();
    }

    private static TranslatorReply Answer(CellTranslator translator, TranslatorRequest request, CancellationToken stop)
    {
        try
        {
            switch (request)
            {
                case SplitRequest split:
                    return new SplitReply(request.Question, translator.Split(split.Code, stop));
                case EndsInVoidRequest:
                    return new EndsInVoidReply(request.Question, translator.EndsInVoid(stop));
                case TranslateRequest wanted:
                    if (wanted.KeepsLast)
                        translator.Keep();
                    return new TranslateReply(request.Question, translator.Translate(wanted.Text, wanted.Source, wanted.IsTrusted, wanted.References, stop), null);
                default:
                    throw new InvalidOperationException($"The compiler does not know the question {request.GetType().Name}.");
            }
        }
        catch (CellFailedException failure)
        {
            return new TranslateReply(request.Question, null, failure.Error);
        }
        catch (OperationCanceledException)
        {
            return new NoTranslatorReply(request.Question, "The cell was stopped while it was compiled.");
        }
#pragma warning disable CA1031 // Code that the compiler itself fails on costs its own cell, not the sessions after it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new NoTranslatorReply(request.Question, $"The compiler failed on this cell: {failure.Message}");
        }
    }
}
