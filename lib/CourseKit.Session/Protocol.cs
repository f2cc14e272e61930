using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CourseKit.Session.Cells;
using CourseKit.Session.Magics;

namespace CourseKit.Session;

// The protocol between a session's client and its worker, whole.
//
// The client makes a named pipe, starts `dotnet CourseKit.Session.dll --pipe NAME`, and the worker connects.
// Both directions carry frames: four bytes of length (little endian), then that many bytes of UTF-8 JSON, one
// message with a "type". The worker's standard streams are not part of it.
//
//   client                       worker
//   start     ->                 the session is made
//             <-  ready          at once; the compiler is warmed up after that, while the client prepares
//             <-  refused        in place of ready: another version, a folder that is not there; the worker ends
//   execute   ->                 cells run one after another, in the order they came
//             <-  started        the cell begins: time is counted from here
//             <-  output*        nbformat 4.5 outputs as they come, without execution_count
//             <-  input         the cell asks the person at the front end for a line
//   inputReply ->                the line, or null where none is given
//             <-  warnings       what the compiler remarked, never part of the outputs
//             <-  suspicions     in a guarded session: what a cell uses that only an attack needs
//             <-  score          the value of a cell that came with a receipt and is a result of the kit's own Check
//             <-  idle           the cell ended, and everything it left has been sent
//   stop      ->                 asks the running cell to stop; it answers with idle, or not, and then the client kills
//             <-  exiting        code called Environment.Exit
//   complete  ->                 what may stand at the cursor; answered at any time, also while a cell runs
//             <-  completions
//   inspect   ->                 what the name at the cursor is
//             <-  inspection
//   isComplete ->                whether a cell is whole
//             <-  completeness
//             <-  split, translate, endsInVoid, cancelTranslation
//                                of a worker that was started with --without-compiler: questions for the compiler
//   their replies ->
//   shutdown  ->                 the worker ends; it also ends when the pipe closes
//
// A compiler is `dotnet CourseKit.Session.dll --pipe NAME --compiler`: to it the client passes a worker's questions on,
// after beginTranslation, by which it forgets the session before. It says ready when it is warm, and no cell is asked for
// before that: how long a process takes to come up is no time of a cell's.
//
// A cursor is an offset in UTF-16 units. Questions have numbers of their own, apart from those of cells.
//
// An output names the running cell (its "id"). Text printed between two cells is held and goes with the next.
internal static class Protocol
{
    /// <summary>Raised whenever a message changes its meaning; both sides come from one build, so they must agree.</summary>
    public const int Version = 4;

    /// <summary>No frame is longer; a longer one is a broken or hostile worker.</summary>
    public const int LongestFrame = 160 * 1024 * 1024;

    private static readonly MessageContext Json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 256,
    });

    public static byte[] Encode(Message message)
    {
        using var frame = new MemoryStream();
        frame.Write([0, 0, 0, 0]);
        JsonSerializer.Serialize(frame, message, Json.Message);
        var bytes = frame.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - sizeof(int));
        return bytes;
    }

    /// <summary>Reads the next message; null when the other side closed the pipe.</summary>
    public static async Task<(Message Message, int Bytes)?> ReadAsync(Stream pipe, CancellationToken cancellationToken = default)
    {
        var header = new byte[sizeof(int)];
        if (await pipe.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < header.Length)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is <= 0 or > LongestFrame)
            throw new InvalidDataException($"A message of {length} bytes was announced; at most {LongestFrame} are allowed.");
        var body = new byte[length];
        if (await pipe.ReadAtLeastAsync(body, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length)
            return null;
        var message = JsonSerializer.Deserialize(body, Json.Message) ?? throw new InvalidDataException("An empty message came.");
        return (message, length);
    }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StartRequest), "start")]
[JsonDerivedType(typeof(ExecuteRequest), "execute")]
[JsonDerivedType(typeof(StopRequest), "stop")]
[JsonDerivedType(typeof(ShutdownRequest), "shutdown")]
[JsonDerivedType(typeof(InputReply), "inputReply")]
[JsonDerivedType(typeof(InputRequestEvent), "input")]
[JsonDerivedType(typeof(ReadyEvent), "ready")]
[JsonDerivedType(typeof(RefusedEvent), "refused")]
[JsonDerivedType(typeof(StartedEvent), "started")]
[JsonDerivedType(typeof(OutputEvent), "output")]
[JsonDerivedType(typeof(WarningsEvent), "warnings")]
[JsonDerivedType(typeof(SuspicionsEvent), "suspicions")]
[JsonDerivedType(typeof(ScoreEvent), "score")]
[JsonDerivedType(typeof(IdleEvent), "idle")]
[JsonDerivedType(typeof(ExitingEvent), "exiting")]
[JsonDerivedType(typeof(CompleteRequest), "complete")]
[JsonDerivedType(typeof(InspectRequest), "inspect")]
[JsonDerivedType(typeof(IsCompleteRequest), "isComplete")]
[JsonDerivedType(typeof(CompletionsEvent), "completions")]
[JsonDerivedType(typeof(InspectionEvent), "inspection")]
[JsonDerivedType(typeof(CompletenessEvent), "completeness")]
[JsonDerivedType(typeof(BeginTranslationRequest), "beginTranslation")]
[JsonDerivedType(typeof(SplitRequest), "split")]
[JsonDerivedType(typeof(TranslateRequest), "translate")]
[JsonDerivedType(typeof(EndsInVoidRequest), "endsInVoid")]
[JsonDerivedType(typeof(CancelTranslationRequest), "cancelTranslation")]
[JsonDerivedType(typeof(SplitReply), "splitReply")]
[JsonDerivedType(typeof(TranslateReply), "translateReply")]
[JsonDerivedType(typeof(EndsInVoidReply), "endsInVoidReply")]
[JsonDerivedType(typeof(NoTranslatorReply), "noTranslator")]
internal abstract record Message;

/// <summary>Sent once, first. Limits are in characters: of printed text, and of displayed data, for each cell.</summary>
internal sealed record StartRequest(
    int Version,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> KitPackages,
    long TextLimit,
    long DisplayLimit,
    GuardRules? Guard = null) : Message;

/// <summary>Makes a session one in which cells are not trusted: see <see cref="Guarding.CellGuard"/>.</summary>
/// <param name="ReservedNames">Names that no untrusted cell may give to a type, a function, a variable or an alias.</param>
/// <param name="ReservedExtensions">Names that no untrusted cell may give to an extension method.</param>
/// <param name="IsSilent">Whether outputs are thrown away in the worker: what a cell shows or prints leaves it in no form.</param>
/// <param name="ExpectedOperators">
/// Operators that an exercise asks for, as type and token (<c>Value +</c>, <c>Value implicit double</c>, <c>Value Equals</c>):
/// of an untrusted cell's own operators, tests may use these alone.
/// </param>
internal sealed record GuardRules(IReadOnlyList<string> ReservedNames, IReadOnlyList<string> ReservedExtensions, bool IsSilent, IReadOnlyList<string> ExpectedOperators);

/// <summary>Runs a cell, which tracebacks call <c>Cell[3]</c>.</summary>
/// <param name="Id">The cell's number in this protocol.</param>
/// <param name="Cell">What tracebacks call it.</param>
/// <param name="Code">The cell as it was written.</param>
/// <param name="TakesInput">Whether somebody answers when the cell asks.</param>
/// <param name="IsTrusted">In a guarded session: whether the cell is the author's, word for word.</param>
/// <param name="Receipt">In a guarded session: a number known to nobody else, which the cell's score has to carry.</param>
internal sealed record ExecuteRequest(int Id, string Cell, string Code, bool TakesInput = false, bool IsTrusted = false, string? Receipt = null) : Message;

/// <summary>The answer to <see cref="InputRequestEvent"/>; null where none is given.</summary>
internal sealed record InputReply(int Id, int Request, string? Value) : Message;

internal sealed record StopRequest(int Id) : Message;

internal sealed record ShutdownRequest : Message;

internal sealed record ReadyEvent(int Version, int ProcessId) : Message;

internal sealed record RefusedEvent(string Reason) : Message;

/// <summary>What the worker says about one cell.</summary>
internal abstract record CellEvent(int Id) : Message;

internal sealed record StartedEvent(int Id) : CellEvent(Id);

/// <summary>One output: <c>stream</c>, <c>display_data</c>, <c>update_display_data</c>, <c>execute_result</c>, <c>clear_output</c> or <c>error</c>.</summary>
internal sealed record OutputEvent(int Id, JsonObject Output) : CellEvent(Id);

/// <summary>The cell asks for a line; a cell may ask more than once at a time, so every question has a number.</summary>
internal sealed record InputRequestEvent(int Id, int Request, string Prompt, bool IsPassword) : CellEvent(Id);

internal sealed record WarningsEvent(int Id, IReadOnlyList<string> Warnings) : CellEvent(Id);

/// <summary>What the guard found in a cell.</summary>
internal sealed record SuspicionsEvent(int Id, IReadOnlyList<Suspicion> Found) : CellEvent(Id);

/// <summary>One place in a cell.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="What">What is used there.</param>
/// <param name="IsRefused">Whether the cell was not run because of it.</param>
internal sealed record Suspicion(int Line, string What, bool IsRefused);

/// <summary>The result of a test cell, read by the worker itself from the object that is the cell's value.</summary>
internal sealed record ScoreEvent(int Id, string Receipt, string Exercise, string Title, IReadOnlyList<ScorePart> Parts) : CellEvent(Id);

/// <summary>One part of it, with the names of the kit's statuses and what it compared, in the form that the kit's library gives it.</summary>
internal sealed record ScorePart(string Name, double Points, double Possible, string Status, string Message, IReadOnlyList<string> Comparisons);

/// <summary>The cell ended. A stopped cell leaves no <c>error</c> output: only the client knows why it was stopped.</summary>
/// <param name="Id">The cell.</param>
/// <param name="Status">One of <see cref="Ok"/>, <see cref="Error"/>, <see cref="Stopped"/>.</param>
/// <param name="Message">One sentence where it is an error.</param>
/// <param name="Traceback">Where a stopped cell stood.</param>
internal sealed record IdleEvent(int Id, string Status, string? Message, IReadOnlyList<string>? Traceback) : CellEvent(Id)
{
    public const string Ok = "ok";
    public const string Error = "error";
    public const string Stopped = "stopped";
}

internal sealed record ExitingEvent(int ExitCode) : Message;

/// <summary>A question about code that is being written; it changes nothing.</summary>
internal abstract record LanguageRequest(int Id, string Code) : Message;

internal sealed record CompleteRequest(int Id, string Code, int Cursor) : LanguageRequest(Id, Code);

/// <summary>Asks what stands at the cursor; detail 1 asks for a type's members as well.</summary>
internal sealed record InspectRequest(int Id, string Code, int Cursor, int Detail) : LanguageRequest(Id, Code);

internal sealed record IsCompleteRequest(int Id, string Code) : LanguageRequest(Id, Code);

/// <summary>The answer to a <see cref="LanguageRequest"/>.</summary>
internal abstract record LanguageEvent(int Id) : Message;

/// <summary>Texts that may take the place of what stands from <paramref name="Start"/> to <paramref name="End"/>, the best first.</summary>
/// <param name="Id">The question.</param>
/// <param name="Matches">The texts.</param>
/// <param name="Start">Where they begin.</param>
/// <param name="End">Where what they replace ends.</param>
/// <param name="Types">What each of them is: <c>method</c>, <c>class</c>, <c>keyword</c>.</param>
internal sealed record CompletionsEvent(int Id, IReadOnlyList<string> Matches, int Start, int End, IReadOnlyList<string> Types) : LanguageEvent(Id);

/// <summary>A description, in the forms of a MIME bundle.</summary>
internal sealed record InspectionEvent(int Id, bool Found, JsonObject Data) : LanguageEvent(Id);

/// <summary>Jupyter's word: <c>complete</c>, <c>incomplete</c> (then the next line's indent goes with it), <c>invalid</c> or <c>unknown</c>.</summary>
internal sealed record CompletenessEvent(int Id, string Status, string Indent) : LanguageEvent(Id)
{
    public const string Complete = "complete";
    public const string Incomplete = "incomplete";
    public const string Invalid = "invalid";
    public const string Unknown = "unknown";
}

/// <summary>A new session: the compiler forgets the one before.</summary>
/// <param name="Guard">The rules where its cells are not trusted.</param>
internal sealed record BeginTranslationRequest(GuardRules? Guard) : Message;

/// <summary>A question for the compiler: see <see cref="ICellTranslator"/>.</summary>
internal abstract record TranslatorRequest(int Question) : Message;

internal sealed record SplitRequest(int Question, string Code) : TranslatorRequest(Question);

/// <summary>Keeps the cell that was compiled last, where that is said, and compiles this one.</summary>
internal sealed record TranslateRequest(int Question, bool KeepsLast, CellText Text, CellSource Source, bool IsTrusted, ImmutableArray<string> References) : TranslatorRequest(Question);

internal sealed record EndsInVoidRequest(int Question) : TranslatorRequest(Question);

/// <summary>Nobody waits for that answer any more; there may still come one.</summary>
internal sealed record CancelTranslationRequest(int Question) : Message;

/// <summary>The answer to a <see cref="TranslatorRequest"/>.</summary>
internal abstract record TranslatorReply(int Question) : Message;

internal sealed record SplitReply(int Question, ImmutableArray<CellPart> Parts) : TranslatorReply(Question);

/// <summary>The cell, or why it does not compile.</summary>
internal sealed record TranslateReply(int Question, CompiledCell? Cell, CellError? Error) : TranslatorReply(Question);

internal sealed record EndsInVoidReply(int Question, bool Value) : TranslatorReply(Question);

/// <summary>There is no answer, because there is no compiler any more or it failed.</summary>
internal sealed record NoTranslatorReply(int Question, string Reason) : TranslatorReply(Question);

// Generated readers and writers: the ones made by reflection would cost a tenth of a second at every start.
[JsonSerializable(typeof(Message))]
internal sealed partial class MessageContext : JsonSerializerContext;
