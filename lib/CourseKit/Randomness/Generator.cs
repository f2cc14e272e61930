namespace CourseKit;

/// <summary>
/// Random numbers by counting: number i of a seed is a fixed function of (seed, i), Philox 4x32 with 10 rounds
/// (Salmon, Moraes, Dror, Shaw 2011). The same seed gives the same integers and uniforms on every machine and device.
/// </summary>
public sealed class Generator
{
    private static Generator shared = new(0);

    private ulong seed;
    private readonly uint[] block = new uint[4];
    private ulong position; // of the next 32-bit number in the sequence; four make one block
    private double spareNormal = double.NaN;

    /// <summary>A generator that starts at the beginning of the seed's sequence.</summary>
    public Generator(ulong seed) => this.seed = seed;

    /// <summary>The generator used where none is given.</summary>
    public static Generator Default => shared;

    /// <summary>Makes everything drawn from <see cref="Default"/> from now on the same at every run.</summary>
    public static Generator ManualSeed(ulong seed) => shared = new Generator(seed);

    /// <summary>Where the generator stands, to go on from there later: see <see cref="Restore"/>.</summary>
    public GeneratorState State => new(seed, position, spareNormal);

    /// <summary>A generator that goes on where another one stood.</summary>
    public static Generator Restore(GeneratorState state)
    {
        var generator = new Generator(state.Seed);
        generator.GoOnFrom(state);
        return generator;
    }

    /// <summary>Goes on where another one stood: everything that draws from this generator does.</summary>
    internal void GoOnFrom(GeneratorState state)
    {
        (seed, position, spareNormal) = state;
        if (position % 4 != 0)
            Philox(position / 4, 0, (uint)seed, (uint)(seed >> 32), block);
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        if (position % 4 == 0)
            Philox(position / 4, 0, (uint)seed, (uint)(seed >> 32), block);
        return block[position++ % 4];
    }

    /// <summary>Evenly from 0 (included) to 1 (excluded), a multiple of 2^-24: exact in float32 too.</summary>
    public double Uniform() => ToUniform(NextUInt32());

    /// <summary>From the normal distribution with mean 0 and standard deviation 1 (Box and Muller 1958).</summary>
    public double Normal()
    {
        if (!double.IsNaN(spareNormal))
        {
            var spare = spareNormal;
            spareNormal = double.NaN;
            return spare;
        }
        (var first, spareNormal) = ToNormalPair(Uniform(), Uniform());
        return first;
    }

    /// <summary>Fills memory of a device with what <see cref="Uniform()"/> or <see cref="Normal"/> would give one by one, scaled and shifted, and moves on.</summary>
    internal void Fill(Distribution distribution, Tensor tensor, double a, double b)
    {
        var target = tensor.View;
        if (distribution == Distribution.Normal && target.Length > 0 && !double.IsNaN(spareNormal))
        {
            tensor.Device.Fill(target with { Length = 1 }, a + b * Normal());
            target = target with { Offset = target.Offset + 1, Length = target.Length - 1 };
        }
        tensor.Device.Draw(distribution, target, seed, position, a, b);
        var drawn = (ulong)target.Length;
        if (distribution == Distribution.Normal && drawn % 2 == 1)
        {
            // The second number of the last pair is the next one that is asked for.
            spareNormal = NormalPairAt(seed, position + drawn - 1).Second;
            drawn++;
        }
        position += drawn;
        if (position % 4 != 0)
            Philox(position / 4, 0, (uint)seed, (uint)(seed >> 32), block);
    }

    internal static double ToUniform(uint bits) => (bits >> 8) * (1.0 / (1 << 24));

    internal static (double First, double Second) ToNormalPair(double u, double v)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - u));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * v);
        return (radius * cosine, radius * sine);
    }

    /// <summary>The uniform number at a position of a seed's sequence.</summary>
    internal static double UniformAt(ulong seed, ulong position)
    {
        Span<uint> numbers = stackalloc uint[4];
        Philox(position / 4, 0, (uint)seed, (uint)(seed >> 32), numbers);
        return ToUniform(numbers[(int)(position % 4)]);
    }

    /// <summary>The two normal numbers made of the uniform ones at a position and the next.</summary>
    internal static (double First, double Second) NormalPairAt(ulong seed, ulong position)
        => ToNormalPair(UniformAt(seed, position), UniformAt(seed, position + 1));

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1, each equally likely (Lemire 2019).</summary>
    public int NextInt(int count)
    {
        ArgumentCheck.AtLeast(1, "Generator.NextInt", nameof(count), count);
        var threshold = (uint)-count % (uint)count;
        while (true)
        {
            var product = (ulong)NextUInt32() * (uint)count;
            if ((uint)product >= threshold)
                return (int)(product >> 32);
        }
    }

    /// <summary>The whole numbers from 0 to <paramref name="count"/> - 1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        ArgumentCheck.AtLeast(0, "Generator.Permutation", nameof(count), count);
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    /// <summary>One block of four numbers, from a 128-bit counter (the upper half is <paramref name="stream"/>) and a 64-bit key.</summary>
    internal static void Philox(ulong counter, ulong stream, uint key0, uint key1, Span<uint> output)
        => (output[0], output[1], output[2], output[3]) = Philox(counter, stream, key0, key1);

    /// <summary>The same as a value: what a kernel on a graphics processor can hold.</summary>
    internal static (uint First, uint Second, uint Third, uint Fourth) Philox(ulong counter, ulong stream, uint key0, uint key1)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53UL * c0;
            var p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ key0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ key1, (uint)p0);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }
        return (c0, c1, c2, c3);
    }
}

/// <summary>Where a generator stands in its sequence: what a checkpoint keeps, so that training goes on with the same numbers.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Position">How many 32-bit numbers were drawn.</param>
/// <param name="SpareNormal">The second normal number of the last pair where it was not given out yet, else NaN.</param>
public readonly record struct GeneratorState(ulong Seed, ulong Position, double SpareNormal);
