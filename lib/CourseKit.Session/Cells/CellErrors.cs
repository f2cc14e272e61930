using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace CourseKit.Session.Cells;

/// <summary>What went wrong in a cell, in the words of an <c>error</c> output.</summary>
internal sealed record CellError(string Name, string Value, IReadOnlyList<string> Traceback);

/// <summary>Turns exceptions and wrong directives into what a person reads below the cell.</summary>
internal static partial class CellErrors
{
    private const int MostExceptions = 5;
    private const int FirstFrames = 10;
    private const int LastFrames = 5;
    private const int LongestMessage = 20_000;
    private const string NoKeyboard = "A notebook has no keyboard from which single keys are read. Use Console.ReadLine() or await GetInputAsync(\"...\"), which ask for a line.";

    public static CellError OfDirective(DirectiveException exception, CellText text)
    {
        var directive = exception.Directive;
        return new CellError(
            directive.Name.StartsWith('!') ? "MagicCommandError" : "ReferenceError",
            exception.Message,
            [string.Create(CultureInfo.InvariantCulture, $"{text.Place}({directive.Line},1): {exception.Message}"), "    " + text.Line(directive.Line).TrimEnd()]);
    }

    public static CellError OfException(Exception exception, CellLoader loader)
    {
        var traceback = new List<string>();
        Describe(exception, "", loader, traceback, 0);
        var named = Unwrapped(exception);
        return new CellError(TypeName(named.GetType()), MessageOf(named), traceback);
    }

    // What only says that something went wrong elsewhere: a wait for a task, a call by reflection.
    private static Exception Unwrapped(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [{ } only] } => Unwrapped(only),
        TargetInvocationException { InnerException: { } inner } => Unwrapped(inner),
        _ => exception,
    };

    private static void Describe(Exception exception, string introduction, CellLoader loader, List<string> traceback, int depth)
    {
        if (depth >= MostExceptions)
            return;
        if (Unwrapped(exception) is var inside && inside != exception)
        {
            Describe(inside, introduction, loader, traceback, depth);
            traceback.AddRange(Frames(exception, loader).Where(frame => !traceback.Contains(frame)));
            return;
        }

        traceback.Add(introduction + TypeName(exception.GetType()) + ": " + MessageOf(exception));
        traceback.AddRange(Frames(exception, loader));
        if (exception is AggregateException several)
        {
            foreach (var one in several.InnerExceptions.Take(MostExceptions))
                Describe(one, "one of them: ", loader, traceback, depth + 1);
            if (several.InnerExceptions.Count > MostExceptions)
                traceback.Add(string.Create(CultureInfo.InvariantCulture, $"... and {several.InnerExceptions.Count - MostExceptions} more"));
        }
        else if (exception.InnerException is { } inner)
        {
            Describe(inner, "caused by ", loader, traceback, depth + 1);
        }
    }

    /// <summary>The lines of cells that an exception went through, innermost first; nothing of what is below and between.</summary>
    public static IReadOnlyList<string> Frames(Exception exception, CellLoader loader)
    {
        var frames = new StackTrace(exception, fNeedFileInfo: false).GetFrames();
        var ours = frames.Where(frame => frame.GetMethod() is { } method && IsCell(method) && !IsEntry(method)).ToArray();
        if (ours.Length <= FirstFrames + LastFrames)
            return [.. WithoutRepetition(ours.Select(frame => Describe(frame, loader)))];
        return
        [
            .. WithoutRepetition(ours[..FirstFrames].Select(frame => Describe(frame, loader))),
            string.Create(CultureInfo.InvariantCulture, $"   ... {ours.Length - FirstFrames - LastFrames:N0} more calls"),
            .. WithoutRepetition(ours[^LastFrames..].Select(frame => Describe(frame, loader))),
        ];
    }

    // A recursion is told by one of its lines.
    private static IEnumerable<string> WithoutRepetition(IEnumerable<string> lines)
    {
        string? last = null;
        foreach (var line in lines)
        {
            if (line != last)
                yield return line;
            last = line;
        }
    }

    private static bool IsCell(MethodBase method) => method.Module.Assembly.GetName().Name is { } name
        && (name.StartsWith("Submission-", StringComparison.Ordinal) || name.StartsWith(LibraryImage.NamePrefix, StringComparison.Ordinal));

    // The functions that start a cell stand for none of its lines, and neither do those put in for extension methods.
    private static bool IsEntry(MethodBase method) =>
        method.Name is "<Factory>" or "<Initialize>" || method.IsDefined(typeof(StackTraceHiddenAttribute), inherit: false);

    private static string Describe(StackFrame frame, CellLoader loader)
    {
        var method = frame.GetMethod()!;
        var function = FunctionName(method);
        var where = loader.Find(method, frame.GetILOffset()) is { Line: > 0 } line
            ? string.Create(CultureInfo.InvariantCulture, $"{line.Cell}, line {line.Line}: {line.Text}")
            : "a cell";
        return function is null ? $"   at {where}" : $"   at {function} in {where}";
    }

    /// <summary>A function's name as it was written; null for a cell's own statements.</summary>
    private static string? FunctionName(MethodBase method)
    {
        // The compiler's own names: <Initialize> is a cell, <F>d__1.MoveNext an async F, <F>g__Inner|0_0 a function inside F, <F>b__1 a lambda.
        var name = method.Name == "MoveNext" && method.DeclaringType is { } machine && machine.Name.StartsWith('<') ? machine.Name : method.Name;
        if (LocalFunction().Match(name) is { Success: true } local)
            return local.Groups[1].Value;
        if (Lambda().IsMatch(name))
            return "a lambda";
        if (name.Contains("<Initialize>", StringComparison.Ordinal))
            return null;
        if (StateMachine().Match(name) is { Success: true } async)
            name = async.Groups[1].Value;
        var type = method.DeclaringType;
        while (type is not null && type.Name.StartsWith('<'))
            type = type.DeclaringType;
        if (name == ".cctor")
            return "the static constructor of " + type?.Name;
        if (name == ".ctor")
            return "new " + type?.Name;
        return type is null || type.Name.StartsWith("Submission#", StringComparison.Ordinal) ? name : type.Name + "." + name;
    }

    private static string TypeName(Type type) => type.Name.Split('`')[0];

    private static string MessageOf(Exception exception)
    {
        try
        {
            var message = IsReadKey(exception) ? NoKeyboard : exception.Message;
            return message.Length <= LongestMessage ? message : message[..LongestMessage] + "...";
        }
        catch (Exception)
        {
            // An exception of the cell's own may throw while it says what it is.
            return "(its message cannot be read)";
        }
    }

    // .NET's own sentence is about terminals.
    private static bool IsReadKey(Exception exception) =>
        exception is InvalidOperationException && exception.TargetSite is { Name: "ReadKey", DeclaringType.Namespace: "System" };

    [GeneratedRegex(@"g__([^|]+)\|")]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@">b__")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"^<([^<>]+)>d__")]
    private static partial Regex StateMachine();
}
