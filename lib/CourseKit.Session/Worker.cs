using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CourseKit.Session.Cells;
using CourseKit.Session.Guarding;
using CourseKit.Session.Language;
using CourseKit.Session.Interactive;
using CourseKit.Session.Output;
using CourseKit.Session.Stopping;

namespace CourseKit.Session;

/// <summary>Speaks the protocol: reads requests, runs cells one after another, sends what they leave.</summary>
internal sealed class Worker
{
    private readonly Stream _pipe;
    private readonly Outbox _outbox;
    private readonly BlockingCollection<ExecuteRequest> _cells = [];
    private OutputSink? _sink;

    // Made on the thread of the cells, which begins before the client has said a word; whoever needs it sooner waits.
    private readonly Lazy<CellEngine> _engine = new(static () => new CellEngine());
    private CellSession? _session;
    private LanguageServices? _language;

    // Ctrl-C goes to all processes of a terminal at once; what it means for a cell is the client's to decide.
    private readonly PosixSignalRegistration _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);

    public Worker(Stream pipe)
    {
        _pipe = pipe;
        _outbox = new Outbox(pipe);
    }

    public async Task ServeAsync()
    {
        // A number printed here reads the same on every machine, whatever language it speaks.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        new Thread(RunCells) { Name = "Cells", IsBackground = true }.Start();

        try
        {
            while (await Protocol.ReadAsync(_pipe).ConfigureAwait(false) is var (message, _))
            {
                switch (message)
                {
                    case StartRequest start:
                        Start(start);
                        break;
                    case ExecuteRequest execute:
                        _cells.Add(execute);
                        break;
                    case InputReply reply:
                        _session?.Input.Answer(reply);
                        break;
                    case StopRequest stop:
                        _session?.Stop(stop.Id);
                        break;
                    case LanguageRequest question:
                        _language?.Ask(question);
                        break;
                    case ShutdownRequest:
                        End();
                        return;
                }
            }
        }
        catch (IOException)
        {
            // The client went away in the middle of a message.
        }

        End();
    }

    /// <summary>Ends at once: code of a cell that waits in a ProcessExit handler or a finalizer must not keep the process.</summary>
    private static void End()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private void Start(StartRequest start)
    {
        if (start.Version != Protocol.Version)
        {
            Refuse($"The client speaks version {start.Version} of the session's protocol, this worker version {Protocol.Version}: build both from one source.");
            return;
        }

        try
        {
            Directory.SetCurrentDirectory(start.WorkingDirectory);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            Refuse($"The working directory {start.WorkingDirectory} cannot be used: {exception.Message}");
            return;
        }

        _sink = new OutputSink(_outbox.Send, start.TextLimit, start.DisplayLimit) { IsSilent = start.Guard?.IsSilent == true };
        OutputSink.Current = _sink;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SayGoodbye(Environment.ExitCode);
        AppDomain.CurrentDomain.UnhandledException += (_, _) => SayLastWords();
        StopCheck.PublishToLibraries();
        if (start.Guard is not null)
            MemoryShield.Raise();
        _engine.Value.References.Offer(start.KitPackages);
        _session = new CellSession(_engine.Value, _sink, _outbox.Send, start.Guard is { } rules ? (new CellGuard(rules), new ScoreSource(start.KitPackages)) : null);
        _language = new LanguageServices(_session, start.KitPackages.Keys, _outbox.Send);
        InputRequests.Current = _session.Input;
        _outbox.Send(new ReadyEvent(Protocol.Version, Environment.ProcessId));
    }

    private void Refuse(string reason)
    {
        _outbox.Send(new RefusedEvent(reason));
        _outbox.Close(TimeSpan.FromSeconds(2));
        End();
    }

    private void RunCells()
    {
        _engine.Value.WarmUp();
        foreach (var cell in _cells.GetConsumingEnumerable())
        {
            _session!.Run(cell);
            _language!.Learn(cell.Code);
        }
    }

    private void SayGoodbye(int exitCode)
    {
        _sink!.Flush();
        _outbox.Send(new ExitingEvent(exitCode));
        _outbox.Close(TimeSpan.FromSeconds(2));
    }

    private void SayLastWords()
    {
        _sink!.Flush();
        _outbox.Close(TimeSpan.FromSeconds(2));
    }
}
