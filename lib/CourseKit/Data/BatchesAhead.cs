namespace CourseKit;

/// <summary>The batches of an epoch, each made by a second thread while the one before it is used.</summary>
internal static class BatchesAhead
{
    /// <summary>
    /// Batches in order. One that is made and not yet handed out belongs to no scope; handed out, it belongs to the scope that is then open. What
    /// making one throws is thrown where that one is asked for. Where the epoch is left early, the one that is ready is given back.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="make">Makes one, by its number from 0. It must draw no random numbers: who draws when would be a matter of chance.</param>
    public static IEnumerable<TensorDataset> Of(int count, Func<int, TensorDataset> make)
    {
        Task<TensorDataset>? next = null;
        try
        {
            for (var batch = 0; batch < count; batch++)
            {
                next ??= Task.Run(() => Make(0));
                var ready = next.GetAwaiter().GetResult();
                var following = batch + 1;
                next = following < count ? Task.Run(() => Make(following)) : null;
                foreach (var tensor in ready.Numbers)
                    tensor.GiveToScope();
                yield return ready;
            }
        }
        finally
        {
            if (next is not null)
                GiveBack(next);
        }

        TensorDataset Make(int batch)
        {
            using var scope = new TensorScope();
            var made = make(batch);
            foreach (var tensor in made.Numbers)
                tensor.Keep();
            return made;
        }
    }

    private static void GiveBack(Task<TensorDataset> unused)
    {
        ((Task)unused).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        if (unused.IsCompletedSuccessfully)
            foreach (var tensor in unused.Result.Numbers)
                tensor.Release();
    }
}
