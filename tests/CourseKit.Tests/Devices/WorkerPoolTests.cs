namespace CourseKit.Tests;

/// <summary>The threads that share out an operation: every piece once, errors reported, nobody left behind.</summary>
public class WorkerPoolTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(7, 1)]
    [InlineData(1000, 2)]
    [InlineData(1000, 7)]
    public void Every_piece_is_done_once(int count, int threads)
    {
        for (var round = 0; round < 200; round++)
        {
            var done = new int[count];
            WorkerPool.For(count, threads, piece => Interlocked.Increment(ref done[piece]));
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void What_a_piece_throws_reaches_the_caller_and_the_pool_goes_on()
    {
        for (var round = 0; round < 50; round++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => WorkerPool.For(100, 3, piece =>
            {
                if (piece == 37)
                    throw new InvalidOperationException("piece 37");
            }));
            Assert.Equal("piece 37", error.Message);
            var sum = 0;
            WorkerPool.For(100, 3, piece => Interlocked.Add(ref sum, piece));
            Assert.Equal(4950, sum);
        }
    }

    [Fact]
    public void No_piece_runs_after_the_call_has_returned()
    {
        for (var round = 0; round < 200; round++)
        {
            var running = 0;
            WorkerPool.For(8, 4, _ =>
            {
                Interlocked.Increment(ref running);
                Thread.SpinWait(200);
                Interlocked.Decrement(ref running);
            });
            Assert.Equal(0, Volatile.Read(ref running));
        }
    }

    [Fact]
    public async Task Several_threads_may_ask_at_once_and_a_piece_may_ask_again()
    {
        var tasks = Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 100; round++)
            {
                var sum = 0;
                WorkerPool.For(10, 3, _ => WorkerPool.For(10, 3, inner => Interlocked.Add(ref sum, inner)));
                Assert.Equal(450, sum);
            }
        }, TestContext.Current.CancellationToken));
        await Task.WhenAll(tasks);
    }
}
