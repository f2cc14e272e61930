using System.Numerics;

namespace CourseKit;

/// <summary>Storages given back, by size: a training loop asks for the same sizes at every step and gets the same blocks.</summary>
internal sealed class StoragePool<TStorage>(Func<int, TStorage> create) where TStorage : Storage
{
    private const int SmallestLog = 4;

    private readonly Stack<TStorage>[] free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<TStorage>())];

    public TStorage Rent(int length)
    {
        var log = Math.Max(SmallestLog, BitOperations.Log2((uint)Math.Max(1, length - 1)) + 1);
        lock (free)
        {
            if (free[log].TryPop(out var storage))
                return storage;
        }
        return create(log < 31 ? 1 << log : length);
    }

    public void Return(TStorage storage)
    {
        storage.Generation++;
        storage.Scope = null;
        lock (free)
            free[BitOperations.Log2((uint)storage.Capacity)].Push(storage);
    }

    /// <summary>Lets go of all blocks that were given back.</summary>
    public void Clear()
    {
        lock (free)
            foreach (var blocks in free)
                blocks.Clear();
    }
}
