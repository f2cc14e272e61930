namespace CourseKit.Tests;

/// <summary>Batches that are made while the one before is used.</summary>
public class BatchesAheadTests
{
    [Fact]
    public void A_batch_is_made_while_the_one_before_it_is_used()
    {
        using var made = new SemaphoreSlim(0);
        var used = 0;
        foreach (var batch in BatchesAhead.Of(5, number =>
        {
            made.Release();
            return Numbered(number);
        }))
        {
            // This one was made, and the next is, without being asked for. There is time enough on any machine.
            if (used == 0)
                Assert.True(made.Wait(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken));
            if (used < 4)
                Assert.True(made.Wait(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken));
            Assert.Equal(used++, batch.Inputs.Item());
        }
        Assert.Equal(5, used);
        Assert.Empty(BatchesAhead.Of(0, Numbered));
    }

    [Fact]
    public void A_scope_gives_back_the_batch_that_is_used_in_it_and_no_other()
    {
        Tensor? before = null;
        using var batches = BatchesAhead.Of(4, Numbered).GetEnumerator();
        for (var number = 0; number < 4; number++)
        {
            using var scope = new TensorScope();
            Assert.True(batches.MoveNext());
            if (before is not null)
                Assert.Throws<ObjectDisposedException>(() => before.Item());
            before = batches.Current.Inputs;
            Assert.Equal(number, before.Item());
            Assert.Equal(-number, batches.Current.Targets.Item());
        }
        Assert.False(batches.MoveNext());
    }

    [Fact]
    public void What_a_batch_needed_to_be_made_is_given_back_before_it_is_handed_out()
    {
        Tensor? needed = null;
        foreach (var batch in BatchesAhead.Of(1, number =>
        {
            needed = Tensor.Full([1, 1], 1, Device.Cpu);
            return new TensorDataset(needed + number, IntTensor.From([number]));
        }))
            Assert.Equal(1, batch.Inputs.Item());
        Assert.Throws<ObjectDisposedException>(() => needed!.Item());
    }

    [Fact]
    public void An_epoch_that_is_left_early_gives_back_the_batch_that_was_ready()
    {
        var made = new List<TensorDataset>();
        using (new TensorScope())
            foreach (var batch in BatchesAhead.Of(5, number =>
            {
                made.Add(Numbered(number));
                return made[^1];
            }))
                if (batch.Inputs.Item() == 2)
                    break;
        Assert.Equal(4, made.Count);
        Assert.All(made, batch => Assert.Throws<ObjectDisposedException>(() => batch.Inputs.Item()));
    }

    [Fact]
    public void What_making_a_batch_throws_is_thrown_where_that_batch_is_asked_for()
    {
        using var batches = BatchesAhead.Of(5, number => number == 2 ? throw new InvalidDataException("no such row") : Numbered(number)).GetEnumerator();
        Assert.True(batches.MoveNext());
        Assert.True(batches.MoveNext());
        Assert.Equal(1, batches.Current.Inputs.Item());
        Assert.Equal("no such row", Assert.Throws<InvalidDataException>(() => batches.MoveNext()).Message);
        // Left before its turn, it is nobody's business.
        foreach (var batch in BatchesAhead.Of(2, number => number == 1 ? throw new InvalidDataException("no such row") : Numbered(number)))
            break;
    }

    private static TensorDataset Numbered(int number) => new(Tensor.Full([1, 1], number, Device.Cpu), Tensor.Full([1, 1], -number, Device.Cpu));
}
