namespace CourseKit.Session.Tests;

/// <summary>
/// A clock that stands still until a test lets a limit be reached. So a cell meets its limit exactly where the test wants it
/// to, and no other cell does, on a machine as busy as can be.
/// </summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];
    private TimeSpan? _owed;

    /// <summary>Lets a limit be reached: the one that is waited for, or else the next of this length.</summary>
    public void RunOut(TimeSpan limit)
    {
        Waiting? reached;
        lock (_gate)
        {
            reached = _waiting.Find(waiting => waiting.IsOnce && waiting.Due == limit);
            _owed = reached is null ? limit : null;
        }

        reached?.Come();
    }

    /// <summary>Lets time go on for whatever is done again and again.</summary>
    public void Tick()
    {
        List<Waiting> due;
        lock (_gate)
            due = _waiting.FindAll(waiting => !waiting.IsOnce);
        due.ForEach(waiting => waiting.Come());
    }

    /// <summary>Whether a limit of this length is waited for.</summary>
    public bool Awaits(TimeSpan limit)
    {
        lock (_gate)
            return _waiting.Exists(waiting => waiting.Due == limit);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(this, callback, state, dueTime, period == Timeout.InfiniteTimeSpan);
        var isReached = false;
        lock (_gate)
        {
            if (waiting.IsOnce && _owed == dueTime)
                (isReached, _owed) = (true, null);
            _waiting.Add(waiting);
        }

        if (isReached)
            ThreadPool.QueueUserWorkItem(_ => waiting.Come());
        return waiting;
    }

    private void Forget(Waiting waiting)
    {
        lock (_gate)
            _waiting.Remove(waiting);
    }

    private sealed class Waiting(StandingClock clock, TimerCallback callback, object? state, TimeSpan due, bool isOnce) : ITimer
    {
        public TimeSpan Due => due;

        public bool IsOnce => isOnce;

        public void Come()
        {
            if (isOnce)
                clock.Forget(this);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => clock.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
