using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// The derivative of a convolution by its weight: for each output channel and each term the dot product, along the places of the flat copy,
/// of the output's gradient with what the term sees. A tile of 8 channels by 3 terms is summed in registers. Threads share out chunks
/// of blocks, cut by size; each has sums of its own, which are added up chunk by chunk.
/// </summary>
public sealed partial class CpuDevice
{
    // Places of 8 rows of a gradient that stay in the first-level cache while all terms go along them. With many fewer,
    // adding up the lanes at the end of each tile would take as long as the products.
    private const int PlacesOfGradient = 64 * Lanes.Width;

    // Each chunk has a gradient of its own: at most this many chunks, and at most this many numbers in all.
    private const int MostChunks = 16, NumbersOfChunks = 1 << 24;

    [ThreadStatic]
    private static float[]? flatGradient;

    /// <inheritdoc/>
    public override void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate)
    {
        if (!accumulate)
            Of(dw).Clear();
        if (plan.Multiplications == 0)
            return;
        if (plan.OutputsPerGroup == 1)
            AddWeightGradientByTaps(x, dy, dw, plan);
        else
            AddWeightGradientByTiles(x, dy, dw, plan);
    }

    private void AddWeightGradientByTaps(StorageView x, StorageView dy, StorageView dw, ConvolutionPlan plan)
    {
        var sums = SumInChunks(plan.Batch, dw.Length, plan.Multiplications, (image, sum) =>
        {
            for (var group = 0; group < plan.Groups; group++)
                WeightGradientByTaps(x, dy, sum, plan, image, group);
        });
        Copy(new StorageView(sums, 0, dw.Length), dw, accumulate: true);
        pool.Return(sums);
    }

    private void AddWeightGradientByTiles(StorageView x, StorageView dy, StorageView dw, ConvolutionPlan plan)
    {
        using var windows = new FlatWindows(plan.Batch, plan.InputsPerGroup, TapAxis.Forward(plan.Rows), TapAxis.Forward(plan.Columns), plan.Multiplications, leastPlaces: PlacesOfGradient);
        var sums = SumTiles(x, dy, plan, windows);
        for (var group = 0; group < plan.Groups; group++)
            AddTiles(sums.Numbers.AsSpan(group * NumbersOfTiles(plan)), plan, Of(dw)[(group * plan.OutputsPerGroup * plan.Terms)..]);
        pool.Return(sums);
    }

    private FloatStorage SumTiles(StorageView x, StorageView dy, ConvolutionPlan plan, FlatWindows windows)
        => SumInChunks(windows.Blocks, plan.Groups * NumbersOfTiles(plan), plan.Multiplications, (block, sum) =>
        {
            for (var group = 0; group < plan.Groups; group++)
                AddBlock(x, dy, Part(sum, group * NumbersOfTiles(plan), NumbersOfTiles(plan)), plan, windows, group, windows[block]);
        });

    /// <summary>The tiles of one group's gradient one after another: channel by channel, and for these term by term.</summary>
    private static int NumbersOfTiles(in ConvolutionPlan plan) => PaddedChannels(plan.OutputsPerGroup) * ((plan.Terms + TileTerms - 1) / TileTerms * TileTerms);

    /// <summary>Adds up what pieces of work have to add. How they are cut into chunks depends on sizes alone, so the sum has the same bits for any number of threads.</summary>
    private FloatStorage SumInChunks(int pieces, int length, long multiplications, Action<int, StorageView> add)
    {
        var most = Math.Clamp(NumbersOfChunks / length, 1, MostChunks);
        var perChunk = (pieces + most - 1) / most;
        var chunks = (pieces + perChunk - 1) / perChunk;
        var sums = pool.Rent(chunks * length);
        ShareOut(chunks, multiplications, chunk =>
        {
            var sum = new StorageView(sums, chunk * length, length);
            Of(sum).Clear();
            for (var piece = chunk * perChunk; piece < Math.Min((chunk + 1) * perChunk, pieces); piece++)
                add(piece, sum);
        });
        for (var chunk = 1; chunk < chunks; chunk++)
            Copy(new StorageView(sums, chunk * length, length), new StorageView(sums, 0, length), accumulate: true);
        return sums;
    }

    private static void AddBlock(StorageView x, StorageView dy, StorageView sum, in ConvolutionPlan plan, FlatWindows windows, int group, FlatWindows.Block block)
    {
        ref var image = ref AlignedScratch(ref flatImage, windows.Size);
        windows.Fill(ref First(x), plan.InputChannels, group * plan.InputsPerGroup, block, ref image);
        if (!AreFinite(ref image, windows.Size))
        {
            AddBlockRunByRun(ref image, dy, sum, plan, windows, group, block);
            return;
        }
        var (outputs, terms) = (plan.OutputsPerGroup, plan.Terms);
        var offsets = windows.Offsets;
        var length = (windows.Places(block) + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        ref var gradient = ref AlignedScratch(ref flatGradient, TileChannels * length);
        ref var target = ref First(sum);
        for (var output = 0; output < outputs; output += TileChannels)
        {
            var height = TileHeight(output, outputs);
            for (var i = 0; i < Math.Min(height, outputs - output); i++)
                windows.FillGradient(ref Of(dy)[((block.Image * plan.Groups + group) * outputs + output + i) * plan.OutputArea], plan.OutputChannels * plan.OutputArea, block, length, ref Unsafe.Add(ref gradient, i * length));
            for (var start = 0; start < length; start += PlacesOfGradient)
            {
                var steps = Math.Min(PlacesOfGradient, length - start) / Lanes.Width;
                ref var place = ref Unsafe.Add(ref image, start);
                ref var tile = ref target;
                for (var term = 0; term < terms; term += TileTerms)
                {
                    // Beyond the last term there is nothing to see; the last one is looked at again, and what comes of it is not used.
                    AddDotProducts(height, ref Unsafe.Add(ref gradient, start), length, ref Unsafe.Add(ref place, offsets[term]),
                        ref Unsafe.Add(ref place, offsets[Math.Min(term + 1, terms - 1)]), ref Unsafe.Add(ref place, offsets[Math.Min(term + 2, terms - 1)]), steps, ref tile);
                    tile = ref Unsafe.Add(ref tile, height * TileTerms);
                }
            }
            target = ref Unsafe.Add(ref target, height * ((terms + TileTerms - 1) / TileTerms * TileTerms));
        }
    }

    /// <summary>Whether there is no infinity among the numbers, and nothing that is not a number: 0 times either is not 0.</summary>
    private static bool AreFinite(ref float first, int count)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < count; i += Lanes.Width)
            sum = Vector512.FusedMultiplyAdd(Lanes.Load(ref first, i, count), Vector512<float>.Zero, sum);
        return Vector512.EqualsAll(sum, Vector512<float>.Zero);
    }

    /// <summary>The same for numbers some of which are not finite: the places between rows must not be looked at, though their gradient is 0.</summary>
    private static void AddBlockRunByRun(ref float image, StorageView dy, StorageView sum, in ConvolutionPlan plan, FlatWindows windows, int group, FlatWindows.Block block)
    {
        var (outputs, terms) = (plan.OutputsPerGroup, plan.Terms);
        var offsets = windows.Offsets;
        var target = Of(sum);
        for (var walk = windows.Along(block, acrossRows: false); walk.Next(int.MaxValue, out var run);)
            for (var output = 0; output < outputs; output++)
            {
                ref var gradient = ref Of(dy)[((run.Image * plan.Groups + group) * outputs + output) * plan.OutputArea + run.Row * plan.Columns.Output];
                var (tile, row) = Math.DivRem(output, TileChannels);
                var height = TileHeight(tile * TileChannels, outputs);
                var start = tile * TileChannels * ((terms + TileTerms - 1) / TileTerms * TileTerms) + row * TileTerms;
                for (var term = 0; term < terms; term++)
                {
                    var (lanes, rest) = (Vector512<float>.Zero, 0.0);
                    AddProducts(ref Unsafe.Add(ref image, run.Place + offsets[term]), 1, ref gradient, run.Count, ref lanes, ref rest);
                    target[start + term / TileTerms * height * TileTerms + term % TileTerms] += Lanes.Sum(lanes) + (float)rest;
                }
            }
    }

    /// <summary>Adds the sums of a group's tiles to its weights' gradients.</summary>
    private static void AddTiles(ReadOnlySpan<float> sums, in ConvolutionPlan plan, Span<float> dw)
    {
        var (outputs, terms) = (plan.OutputsPerGroup, plan.Terms);
        for (var output = 0; output < outputs; output += TileChannels)
        {
            var height = TileHeight(output, outputs);
            for (var term = 0; term < terms; term += TileTerms)
            {
                for (var i = 0; i < Math.Min(height, outputs - output); i++)
                    for (var t = 0; t < Math.Min(TileTerms, terms - term); t++)
                        dw[(output + i) * terms + term + t] += sums[i * TileTerms + t];
                sums = sums[(height * TileTerms)..];
            }
        }
    }
}
