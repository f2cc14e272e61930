using System.Runtime.ExceptionServices;

namespace CourseKit;

/// <summary>
/// A few threads that share out the pieces of one operation at a time. A training step is hundreds of short operations, so
/// a thread that has just worked looks around for the next one for some microseconds before it goes to sleep; asleep it costs
/// nothing. Which thread does a piece never matters: pieces are cut by size and write to places of their own.
/// </summary>
internal static class WorkerPool
{
    // About 20 microseconds on a machine of today; a thread that sleeps takes longer than that to wake.
    private const int LooksBeforeSleep = 400, PausesPerLook = 8;

    private static readonly Lock Owner = new();
    private static readonly SemaphoreSlim Wake = new(0);
    private static volatile Job? current;
    private static int workers, sleeping;

    /// <summary>Runs a piece of work for each number below <paramref name="count"/>, on up to <paramref name="threads"/> threads, this one among them.</summary>
    /// <exception cref="Exception">What a piece threw first; the others have ended by then.</exception>
    public static void For(int count, int threads, Action<int> piece)
    {
        // Someone else's operation, on another thread of the user's, or one inside another, goes on alone.
        if (threads < 2 || count < 2 || !Owner.TryEnter())
        {
            for (var i = 0; i < count; i++)
                piece(i);
            return;
        }
        var job = new Job(count, piece);
        try
        {
            var helpers = Math.Min(threads, count) - 1;
            while (workers < helpers)
                StartWorker();
            job.Seats = helpers;
            current = job;
            Interlocked.MemoryBarrier(); // a worker that does not see the job is counted as asleep
            var wakes = Math.Min(helpers, Volatile.Read(ref sleeping));
            if (wakes > 0)
                Wake.Release(wakes);
            job.Work();
        }
        finally
        {
            // Also where this thread is interrupted: no piece may write on after the operation has ended.
            job.Close();
            current = null;
            Owner.Exit();
        }
        job.Error?.Throw();
    }

    private static void StartWorker()
    {
        workers++;
        new Thread(Serve) { IsBackground = true, Name = "CourseKit worker" }.Start();
    }

    private static void Serve()
    {
        while (true)
        {
            for (var look = 0; look < LooksBeforeSleep; look++)
            {
                if (current is { } job && job.TakeSeat())
                {
                    job.Work();
                    job.LeaveSeat();
                    look = 0;
                }
                Thread.SpinWait(PausesPerLook);
            }
            Interlocked.Increment(ref sleeping);
            if (current is not { IsOpen: true })
                Wake.Wait();
            Interlocked.Decrement(ref sleeping);
        }
    }

    /// <summary>One operation: its pieces are taken one by one.</summary>
    private sealed class Job(int count, Action<int> piece)
    {
        private int next = -1, working;
        private int seats;
        private volatile bool closed;

        /// <summary>How many workers may join.</summary>
        public int Seats
        {
            set => seats = value;
        }

        public ExceptionDispatchInfo? Error { get; private set; }

        public bool IsOpen => !closed && Volatile.Read(ref seats) > 0 && Volatile.Read(ref next) < count - 1;

        public bool TakeSeat()
        {
            if (!IsOpen)
                return false;
            Interlocked.Increment(ref working);
            // After the count of those at work was raised, closing waits for us, or we see that it has begun.
            if (!closed && Interlocked.Decrement(ref seats) >= 0)
                return true;
            Interlocked.Decrement(ref working);
            return false;
        }

        public void LeaveSeat() => Interlocked.Decrement(ref working);

        public void Work()
        {
            try
            {
                for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                    piece(i);
            }
            catch (Exception error) when (error is not ThreadInterruptedException)
            {
                lock (this)
                    Error ??= ExceptionDispatchInfo.Capture(error);
                Volatile.Write(ref next, count); // the rest is not begun
            }
        }

        /// <summary>Lets nobody in any more, and waits until all have left.</summary>
        public void Close()
        {
            closed = true;
            Volatile.Write(ref next, count);
            Interlocked.MemoryBarrier();
            var spinner = new SpinWait();
            while (Volatile.Read(ref working) > 0)
                spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
