using System.Runtime.CompilerServices;

namespace CourseKit;

// Random numbers: each is a function of its position alone, so they can be made in any order by any number of threads.
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void Draw(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b)
    {
        if (WorthThreads(target.Length))
            DrawInChunks(distribution, target, seed, position, a, b);
        else
            DrawOne(distribution, Of(target), seed, position, a, b);
    }

    // A chunk has an even length, so no pair of normal numbers is torn apart.
    private void DrawInChunks(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b)
        => InChunks(target.Length, (start, length) => DrawOne(distribution, Of(Part(target, start, length)), seed, position + (ulong)start, a, b));

    private static void DrawOne(Distribution distribution, Span<float> numbers, ulong seed, ulong position, double a, double b)
    {
        var reader = new BlockReader(seed, position);
        if (distribution == Distribution.Uniform)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = (float)(a + (b - a) * Generator.ToUniform(reader.Next()));
            return;
        }
        for (var i = 0; i < numbers.Length; i += 2)
        {
            var (first, second) = Generator.ToNormalPair(Generator.ToUniform(reader.Next()), Generator.ToUniform(reader.Next()));
            numbers[i] = (float)(a + b * first);
            if (i + 1 < numbers.Length)
                numbers[i + 1] = (float)(a + b * second);
        }
    }

    /// <summary>Reads the generator's sequence from a position on, four numbers at a time.</summary>
    private ref struct BlockReader(ulong seed, ulong position)
    {
        [InlineArray(4)]
        private struct Block
        {
            private uint first;
        }

        private Block block;
        private bool started;

        public uint Next()
        {
            if (!started || position % 4 == 0)
                Generator.Philox(position / 4, 0, (uint)seed, (uint)(seed >> 32), block);
            started = true;
            return block[(int)(position++ % 4)];
        }
    }
}
