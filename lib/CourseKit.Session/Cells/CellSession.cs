using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using CourseKit.Session.Guarding;
using CourseKit.Session.Interactive;
using CourseKit.Session.Magics;
using CourseKit.Session.Output;
using CourseKit.Session.Packages;
using CourseKit.Session.Stopping;

namespace CourseKit.Session.Cells;

/// <summary>One C# session: cells run one after another and see the names of those before.</summary>
internal sealed class CellSession
{
    // Deep enough for honest recursion; a recursion without end is caught when little of it is left.
    private const int StackSize = 16 * 1024 * 1024;

    private readonly OutputSink _sink;
    private readonly Action<Message> _send;
    private readonly CellEngine _engine;
    private readonly CellTextWriter _output;
    private readonly CellTextWriter _error;
    private readonly SessionTools _tools;
    private readonly Lock _gate = new();
    private readonly CellGuard? _guard;
    private readonly ScoreSource? _scores;
    private (CellRun Run, Thread Thread)? _running;

    // A cell that was asked to stop while it waited for the warm-up.
    private int _stopAtStart;

    /// <summary>A session, or, where rules are given, one whose cells are a student's and whose scores are read from the tests' own results.</summary>
    public CellSession(CellEngine engine, OutputSink sink, Action<Message> send, (CellGuard Guard, ScoreSource Scores)? graded = null)
    {
        _engine = engine;
        (_guard, _scores) = (graded?.Guard, graded?.Scores);
        _sink = sink;
        _send = send;
        _output = new CellTextWriter(sink, Nbformat.StandardOutput);
        _error = new CellTextWriter(sink, Nbformat.StandardError);
        Input = new InputRequests(sink, send);
        var variables = new SessionVariables(() => engine.Variables);
        _tools = new SessionTools(engine.References, new PackageLoader(engine.References, sink), variables, new ValueStore(variables, Input), sink);
        HostDisplay.PublishToLibraries();
    }

    public CellCompiler Compiler => _engine.Compiler;

    /// <summary>What a variable of a cell holds; false where there is no such variable. It runs no code of any cell.</summary>
    /// <param name="scriptClass">The class that the cell became.</param>
    /// <param name="name">The variable.</param>
    /// <param name="value">What it holds, as it is at this moment: the cell may be running.</param>
    public bool ValueOf(string scriptClass, string name, out object? value)
    {
        var cell = _engine.Variables.FirstOrDefault(variables => variables?.GetType().Name == scriptClass);
        var field = cell?.GetType().GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        value = field?.GetValue(cell);
        return field is not null;
    }

    /// <summary>What a cell asks the user for, and the answers.</summary>
    public InputRequests Input { get; }

    public void Stop(int id)
    {
        lock (_gate)
        {
            if (_running is var (run, thread) && run.Id == id)
                run.Stop(thread);
            else
                _stopAtStart = id;
        }
    }

    /// <summary>Runs a cell to its end and sends all it leaves.</summary>
    public void Run(ExecuteRequest request)
    {
        // What a cell did to the console is over with the cell.
        Console.SetOut(_output);
        Console.SetError(_error);
        Console.SetIn(new InputReader(Input));
        Input.Begin(request);
        using var run = new CellRun(request.Id);
        var execution = new CellExecution(request, run, this);
        var thread = new Thread(execution.Run, StackSize) { Name = request.Cell, IsBackground = true };
        _sink.Begin(request.Id);
        _send(new StartedEvent(request.Id));
        lock (_gate)
        {
            thread.Start();
            _running = (run, thread);
            if (_stopAtStart == request.Id)
                run.Stop(thread);
        }

        thread.Join();
        lock (_gate)
            _running = null;
        run.End(execution.Remaining);
        Report(request, run, execution);
    }

    private void Report(ExecuteRequest request, CellRun run, CellExecution execution)
    {
        if (execution.Warnings.Count > 0)
            _send(new WarningsEvent(request.Id, execution.Warnings));
        var stopped = run.IsStopping && (execution.Error is null ? !execution.Finished : execution.WasStopped);
        if (execution.Error is { } error && !stopped)
            _sink.AddError(Nbformat.Error(error.Name, error.Value, error.Traceback));
        _sink.End();
        _send(stopped ? new IdleEvent(request.Id, IdleEvent.Stopped, null, execution.Error?.Traceback)
            : execution.Error is { } reason ? new IdleEvent(request.Id, IdleEvent.Error, $"{reason.Name}: {reason.Value}", null)
            : new IdleEvent(request.Id, IdleEvent.Ok, null, null));
    }

    /// <summary>What one cell does on its own thread, and what is known of it afterwards.</summary>
    private sealed class CellExecution(ExecuteRequest request, CellRun run, CellSession session)
    {
        private readonly CellText _text = new(request.Cell, request.Code, Environment.CurrentDirectory);

        public CellError? Error { get; private set; }

        /// <summary>Whether the error is the stop itself, and not one that the cell had of its own.</summary>
        public bool WasStopped { get; private set; }

        public bool Finished { get; private set; }

        public IReadOnlyList<string> Warnings { get; private set; } = [];

        /// <summary>A cell that was given up at an await goes on as this task, if ever.</summary>
        public Task? Remaining { get; private set; }

        public void Run()
        {
            run.Enter();
            try
            {
                Execute();
                Finished = true;
            }
            catch (CompilationFailedException failure)
            {
                Error = CellErrors.OfDiagnostics(failure, _text);
            }
            catch (DirectiveException failure)
            {
                Error = CellErrors.OfDirective(failure, _text);
            }
            catch (CellFailedException failure)
            {
                Error = failure.Error;
            }
#pragma warning disable CA1031 // Whatever a cell throws is its result.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Describe(failure);
            }
        }

        private void Execute()
        {
            // Before anything is followed: a reference that was added stays for the cells that come.
            if (session._guard is not null && !request.IsTrusted)
                Refuse(CellGuard.ExamineDirectives(CellParts.Split(request.Code, run.Cancellation)));
            new CellProgram(session._tools, RunCSharp, run.Cancellation).Run(_text);
        }

        /// <summary>Compiles and runs C#, and shows its value; how long it ran.</summary>
        private TimeSpan RunCSharp(CellText text, CellSource source, bool isResult)
        {
            var cell = session._engine.Compiler.Compile(source, text.Name, run.Cancellation);
            Warnings = [.. Warnings, .. cell.Warnings.Select(warning => CellErrors.OfWarning(warning, text))];

            Guard(cell);
            if (cell.Library is { } library)
                session._engine.Loader.Load(library);
            if (!cell.HasCode)
            {
                session._engine.Keep(cell);
                return TimeSpan.Zero;
            }

            // Loaded and kept in one go: from here on the cell's names exist, whatever becomes of it.
            var entry = session._engine.Loader.Load(cell, text.Name, text.Code);
            session._engine.Keep(cell);

            using var disposal = new Disposal(cell.Disposed, name => session.ValueOf(cell.Compilation.ScriptClass!.MetadataName, name, out var held) ? held : null);
            var clock = Stopwatch.StartNew();
            Remaining = entry(session._engine.Variables);
            var value = ((Task<object?>)Remaining).GetAwaiter().GetResult();
            Remaining = null;
            var elapsed = clock.Elapsed;
            if (request.Receipt is { } receipt && isResult && session._scores?.Read(request.Id, receipt, value) is { } score)
                session._send(score);
            if (CellCompiler.EndsInExpression(cell) && !(value is null && CellCompiler.EndsInVoid(cell)))
            {
                var bundle = MimeBundle.Of(value);
                if (isResult)
                    session._sink.Add(Nbformat.Result(bundle.Data), bundle.Length);
                else
                    session._tools.Display(bundle);
            }

            return elapsed;
        }

        /// <summary>In a guarded session: looks at a cell before any of it is loaded, and tells what it found.</summary>
        private void Guard(CompiledCell cell)
        {
            if (session._guard is not { } guard)
                return;
            Refuse(guard.Examine(cell, request.IsTrusted));
            if (!request.IsTrusted)
                guard.Remember(cell);
        }

        private void Refuse(IReadOnlyList<Suspicion> found)
        {
            if (found.Count > 0)
                session._send(new SuspicionsEvent(request.Id, found));
            if (found.FirstOrDefault(suspicion => suspicion.IsRefused) is { } refused)
                throw new CellFailedException(CellGuard.Refusal(request.Cell, refused));
        }

        private void Describe(Exception failure)
        {
            WasStopped = run.IsStopping && IsStop(failure);
            try
            {
                Error = CellErrors.OfException(failure, session._engine.Loader);
            }
#pragma warning disable CA1031 // The cell may have thrown something that throws again while it is looked at, or be stopped meanwhile.
            catch (Exception)
#pragma warning restore CA1031
            {
                WasStopped |= run.IsStopping;
                Error = new CellError(failure.GetType().Name, "The exception cannot be described.", []);
            }
        }

        private static bool IsStop(Exception failure) => failure switch
        {
            OperationCanceledException or ThreadInterruptedException => true,
            AggregateException several => several.InnerExceptions.All(IsStop),
            { InnerException: { } inner } => IsStop(inner),
            _ => false,
        };
    }
}
