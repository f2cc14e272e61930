using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace CourseKit.Session.Stopping;

/// <summary>
/// What the compiler puts into every loop and every function of a cell, so that it can be stopped at a safe place and
/// a recursion without end is an error that can be caught. Not for calling by hand.
/// </summary>
/// <remarks>
/// A library that works long without running any code of the cell can ask as well, knowing nothing of sessions:
/// <c>AppContext.GetData("CourseKit.StopRequested") is Func&lt;bool&gt; stop &amp;&amp; stop()</c>, on the thread that called it or on
/// one that its execution context flowed to; then it throws <see cref="OperationCanceledException"/>. Outside a session
/// the data is null. A wait (a lock, a sleep, a task) needs nothing: it is interrupted by <see cref="Thread.Interrupt"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StopCheck
{
    private const string LibraryHook = "CourseKit.StopRequested";

    // Set while any cell is being stopped: as long as none is, a check costs one read.
    private static volatile bool s_anyStopping;

    private const int AsyncStack = 1024 * 1024;

    // The highest address of this thread's stack that was seen at a check.
    [ThreadStatic]
    private static nint t_stackStart;

    /// <summary>At the start of every turn of a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Loop()
    {
        if (s_anyStopping)
            ThrowIfStopping();
    }

    /// <summary>At the start of every function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            ThrowTooDeep();
        if (s_anyStopping)
            ThrowIfStopping();
    }

    /// <summary>At the start of every async function.</summary>
    /// <remarks>
    /// An exception that rises through nested async functions is thrown anew in each, with a longer stack trace each
    /// time: from the depth that plain functions may reach it would take minutes. So they get less of the stack.
    /// </remarks>
    public static void EnterAsync()
    {
        Enter();
        var position = StackPosition();
        if (position > t_stackStart)
            t_stackStart = position;
        else if (t_stackStart - position > AsyncStack)
            ThrowTooDeep();
    }

    internal static void SetStopping(bool any) => s_anyStopping = any;

    internal static void PublishToLibraries() =>
        AppContext.SetData(LibraryHook, (Func<bool>)(() => s_anyStopping && CellRun.Current is { IsStopping: true }));

    // The stack grows downwards, so the address of any local tells how much of it is in use.
    private static unsafe nint StackPosition()
    {
        byte local;
        return (nint)(&local);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowIfStopping()
    {
        if (CellRun.Current is { IsStopping: true })
            throw new CellStoppedException();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowTooDeep() =>
        throw new InsufficientExecutionStackException("The recursion is too deep: a function calls itself, directly or through others, and never comes to an end. Check the case in which it should return without calling itself.");
}
