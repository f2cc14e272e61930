using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Convolution, directly: a tile of 8 output channels by 48 places is summed in registers, term by term, from the image's flat copy
/// (<see cref="FlatWindows"/>). No matrix of windows is ever made. The derivative by the input is the same correlation, one for each
/// phase of the stride. Threads share out blocks of images or rows.
/// </summary>
public sealed partial class CpuDevice
{
    // Places whose results are kept before they are stored: 8 x 480 numbers stay in the first-level cache.
    private const int PlacesAtATime = 10 * TilePlaces;

    // A number that is read from memory and written takes about as long as so many multiplications in a kernel.
    private const int WorkPerNumber = 32;

    [ThreadStatic]
    private static float[]? flatImage, results;

    /// <summary>
    /// One correlation: y[n, m, i, j] = sum over inputs s and taps k, l of weight[m OutputStep + s InputStep + tap] x[n, s, rows.. + k, columns.. + l].
    /// Output m is a channel of the target or, with several phases, one phase of a channel; its numbers stand as far apart in the target as the phases ask for.
    /// </summary>
    private readonly record struct Correlation(int Batch, int Groups, int Inputs, int Outputs, TapAxis Rows, TapAxis Columns)
    {
        /// <summary>From the weights of one output to those of the next, and from those of one input to those of the next.</summary>
        public required int OutputStep { get; init; }
        public required int InputStep { get; init; }

        /// <summary>From one group's weights to the next, and from a row of taps to the next.</summary>
        public required int GroupStep { get; init; }
        public required int KernelColumns { get; init; }

        public required int TargetRows { get; init; }
        public required int TargetColumns { get; init; }

        /// <summary>Phases of a channel that are outputs of their own, downwards and to the right.</summary>
        public int RowPhases { get; init; } = 1;
        public int ColumnPhases { get; init; } = 1;

        /// <summary>Where in the target the first output stands, and how far the next one is from it.</summary>
        public int FirstRow { get; init; }
        public int FirstColumn { get; init; }
        public int RowStep { get; init; } = 1;
        public int ColumnStep { get; init; } = 1;

        public long Multiplications => (long)Batch * Groups * Outputs * Inputs * Rows.Output * Rows.Taps * Columns.Output * Columns.Taps;
    }

    /// <summary>What becomes of the sums: added to what is there, or stored with a bias, which a view without storage stands for having none, and nothing below 0.</summary>
    private readonly record struct Ending(bool Accumulate, StorageView Bias = default, bool Rectified = false);

    /// <inheritdoc/>
    public override void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate)
        => Convolve(x, weight, y, plan, new Ending(accumulate));

    /// <inheritdoc/>
    public override void ConvolutionWithBias(StorageView x, StorageView weight, StorageView bias, StorageView y, in ConvolutionPlan plan, bool rectified)
    {
        if (plan.Multiplications == 0 || plan.OutputsPerGroup == 1)
            base.ConvolutionWithBias(x, weight, bias, y, plan, rectified);
        else
            Convolve(x, weight, y, plan, new Ending(Accumulate: false, bias, rectified));
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate)
        => ConvolveBackward(dy, weight, dx, plan, new Ending(accumulate));

    /// <inheritdoc/>
    public override void ConvolutionBackwardInputWithBias(StorageView dy, StorageView weight, StorageView bias, StorageView dx, in ConvolutionPlan plan)
    {
        // In one pass where every number of the output is written in one.
        if (plan.Multiplications > 0 && plan.OutputsPerGroup > 1 && AreFinite(ref First(weight), weight.Length) && (IsTiling(plan) || plan is { Rows.Stride: 1, Columns.Stride: 1 }))
            ConvolveBackward(dy, weight, dx, plan, new Ending(Accumulate: false, bias));
        else
            base.ConvolutionBackwardInputWithBias(dy, weight, bias, dx, plan);
    }

    private void Convolve(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, in Ending ending)
    {
        if (plan.Multiplications == 0 || plan.OutputsPerGroup == 1)
        {
            if (!ending.Accumulate)
                Of(y).Clear();
            if (plan.Multiplications > 0)
                ConvolutionByTaps(x, weight, y, plan);
            return;
        }
        Correlate(x, weight, y, new(plan.Batch, plan.Groups, plan.InputsPerGroup, plan.OutputsPerGroup, TapAxis.Forward(plan.Rows), TapAxis.Forward(plan.Columns))
        {
            OutputStep = plan.Terms,
            InputStep = plan.KernelArea,
            GroupStep = plan.OutputsPerGroup * plan.Terms,
            KernelColumns = plan.Columns.Kernel,
            TargetRows = plan.Rows.Output,
            TargetColumns = plan.Columns.Output,
        }, ending);
    }

    private void ConvolveBackward(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, in Ending ending)
    {
        var (rows, columns) = (plan.Rows, plan.Columns);
        // Beyond the output there is nothing to multiply with, not zeros: that matters where a weight is not finite.
        if (plan.Multiplications == 0 || plan.OutputsPerGroup == 1 || !AreFinite(ref First(weight), weight.Length))
        {
            if (!ending.Accumulate)
                Of(dx).Clear();
            if (plan.Multiplications > 0)
                ConvolutionByTapsBackwardInput(dy, weight, dx, plan);
            return;
        }
        var correlation = new Correlation(plan.Batch, plan.Groups, plan.OutputsPerGroup, plan.InputsPerGroup, TapAxis.Backward(rows, 0), TapAxis.Backward(columns, 0))
        {
            OutputStep = plan.KernelArea,
            InputStep = plan.Terms,
            GroupStep = plan.OutputsPerGroup * plan.Terms,
            KernelColumns = columns.Kernel,
            TargetRows = rows.Input,
            TargetColumns = columns.Input,
            RowStep = rows.Stride,
            ColumnStep = columns.Stride,
        };
        if (IsTiling(plan))
        {
            // Windows side by side: every tap is a phase that one output alone sees, so that all phases read the same numbers.
            Correlate(dy, weight, dx, correlation with { Outputs = plan.Terms, OutputStep = 1, RowPhases = rows.Kernel, ColumnPhases = columns.Kernel }, ending);
            return;
        }
        if (!ending.Accumulate && (rows.Stride > 1 || columns.Stride > 1))
            Of(dx).Clear(); // a phase that no tap sees is not written
        for (var row = 0; row < rows.Stride; row++)
            for (var column = 0; column < columns.Stride; column++)
                Correlate(dy, weight, dx, correlation with { Rows = TapAxis.Backward(rows, row), Columns = TapAxis.Backward(columns, column), FirstRow = row, FirstColumn = column }, ending);
    }

    /// <summary>Whether windows lie side by side and cover the input.</summary>
    private static bool IsTiling(in ConvolutionPlan plan)
    {
        return Tiles(plan.Rows) && Tiles(plan.Columns);

        static bool Tiles(in SlidingAxis axis) => axis.Kernel == axis.Stride && axis.Padding == 0 && axis.Dilation == 1 && axis.Input == axis.Output * axis.Stride;
    }

    private void Correlate(StorageView x, StorageView weight, StorageView y, in Correlation correlation, in Ending ending)
    {
        if (correlation.Multiplications == 0)
            return;
        using var windows = new FlatWindows(correlation.Batch, correlation.Inputs, correlation.Rows, correlation.Columns, correlation.Multiplications);
        var weightsOfGroup = PaddedChannels(correlation.Outputs) * windows.Terms;
        var packed = pool.Rent(correlation.Groups * weightsOfGroup);
        for (var group = 0; group < correlation.Groups; group++)
            PackWeights(Of(weight)[(group * correlation.GroupStep)..], correlation, packed.Numbers.AsSpan(group * weightsOfGroup, weightsOfGroup));
        CorrelateBlocks(x, packed.Numbers, y, correlation, windows, ending);
        pool.Return(packed);
    }

    private void CorrelateBlocks(StorageView x, float[] weights, StorageView y, Correlation correlation, FlatWindows windows, Ending ending)
        => ShareOut(windows.Blocks * correlation.Groups, correlation.Multiplications, piece =>
            CorrelateBlock(x, weights, y, correlation, windows, ending, group: piece % correlation.Groups, windows[piece / correlation.Groups]));

    private static void CorrelateBlock(StorageView x, float[] weights, StorageView y, in Correlation correlation, FlatWindows windows, in Ending ending, int group, FlatWindows.Block block)
    {
        ref var image = ref AlignedScratch(ref flatImage, windows.Size);
        windows.Fill(ref First(x), correlation.Groups * correlation.Inputs, group * correlation.Inputs, block, ref image);
        ref var offsets = ref MemoryMarshal.GetReference(windows.Offsets);
        ref var result = ref AlignedScratch(ref results, TileChannels * PlacesAtATime);
        var (places, terms, outputs) = (windows.Places(block), windows.Terms, correlation.Outputs);
        Span<Target> targets = stackalloc Target[TileChannels];
        for (var output = 0; output < outputs; output += TileChannels)
        {
            var height = TileHeight(output, outputs);
            var present = Math.Min(height, outputs - output);
            for (var i = 0; i < present; i++)
                targets[i] = TargetOf(output + i, correlation, ending, group);
            ref var weightsOfTile = ref weights[(group * PaddedChannels(outputs) + output) * terms];
            var walk = windows.Along(block, acrossRows: correlation.RowStep == 1 && correlation.ColumnStep == 1);
            for (var start = 0; start < places; start += PlacesAtATime)
            {
                var end = Math.Min(start + PlacesAtATime, places);
                for (var place = start; place < end;)
                {
                    // The last places go by 16, which is less work where they are few.
                    var isWhole = height < TileChannels || end - place > TilePlaces - Lanes.Width;
                    Correlate(height, ref weightsOfTile, ref Unsafe.Add(ref image, place), ref offsets, terms, ref Unsafe.Add(ref result, place - start), PlacesAtATime, isWhole);
                    place += isWhole ? TilePlaces : Lanes.Width;
                }
                while (walk.Next(end, out var run))
                    StoreRun(ref Unsafe.Add(ref result, run.Place - start), run, ref First(y), targets[..present], correlation, ending);
            }
        }
    }

    /// <summary>Where in the target an output's first number of the first image stands, and what is added to all of its numbers.</summary>
    private readonly record struct Target(int Start, float Bias);

    private static Target TargetOf(int output, in Correlation correlation, in Ending ending, int group)
    {
        var phases = correlation.RowPhases * correlation.ColumnPhases;
        var (channel, phase) = Math.DivRem(output, phases);
        var (rowPhase, columnPhase) = Math.DivRem(phase, correlation.ColumnPhases);
        channel += group * (correlation.Outputs / phases);
        var start = (channel * correlation.TargetRows + correlation.FirstRow + rowPhase) * correlation.TargetColumns + correlation.FirstColumn + columnPhase;
        return new Target(start, ending.Bias.Storage is null ? 0 : Of(ending.Bias)[channel]);
    }

    /// <summary>Stores a run of up to 8 outputs (<see cref="PlacesAtATime"/> apart in the results).</summary>
    private static void StoreRun(ref float results, FlatWindows.Run run, ref float y, ReadOnlySpan<Target> targets, in Correlation correlation, in Ending ending)
    {
        var channels = correlation.Groups * correlation.Outputs / (correlation.RowPhases * correlation.ColumnPhases);
        y = ref Unsafe.Add(ref y, (nint)run.Image * channels * correlation.TargetRows * correlation.TargetColumns
            + (nint)run.Row * correlation.RowStep * correlation.TargetColumns + (nint)run.Column * correlation.ColumnStep);
        var isPair = correlation is { ColumnStep: 2, ColumnPhases: 2 };
        for (var i = 0; i < targets.Length; i++, results = ref Unsafe.Add(ref results, PlacesAtATime))
        {
            ref var to = ref Unsafe.Add(ref y, targets[i].Start);
            if (isPair && i + 1 < targets.Length)
            {
                // Two outputs that take turns in the target.
                ref var odd = ref Unsafe.Add(ref results, PlacesAtATime);
                Runs.Interleave(ref results, targets[i].Bias, ref odd, targets[++i].Bias, ref to, run.Count, ending.Accumulate);
                results = ref odd;
            }
            else if (correlation.ColumnStep > 1)
                for (var j = 0; j < run.Count; j++, to = ref Unsafe.Add(ref to, correlation.ColumnStep))
                    to = Unsafe.Add(ref results, j) + (ending.Accumulate ? to : targets[i].Bias);
            else if (ending.Accumulate)
                Runs.Add(ref results, ref to, run.Count);
            else if (ending.Rectified)
                Runs.CopyRectified(ref results, ref to, run.Count, targets[i].Bias);
            else
                Runs.CopyShifted(ref results, ref to, run.Count, targets[i].Bias);
        }
    }

    /// <summary>Copies weights into tiles of 8 outputs, and of 4 for the last few: for each term, the tile's outputs side by side. Missing outputs are zeros.</summary>
    private static void PackWeights(ReadOnlySpan<float> weight, in Correlation correlation, Span<float> packed)
    {
        var at = 0;
        for (var output = 0; output < correlation.Outputs; output += TileChannels)
        {
            var height = TileHeight(output, correlation.Outputs);
            var present = Math.Min(height, correlation.Outputs - output);
            for (var input = 0; input < correlation.Inputs; input++)
                for (var k = 0; k < correlation.Rows.Taps; k++)
                    for (var l = 0; l < correlation.Columns.Taps; l++, at += height)
                    {
                        var tap = (correlation.Rows.FirstTap + k * correlation.Rows.TapStep) * correlation.KernelColumns + correlation.Columns.FirstTap + l * correlation.Columns.TapStep;
                        var from = output * correlation.OutputStep + input * correlation.InputStep + tap;
                        var tile = packed.Slice(at, height);
                        for (var i = 0; i < present; i++, from += correlation.OutputStep)
                            tile[i] = weight[from];
                        tile[present..].Clear();
                    }
        }
    }

    /// <summary>Runs pieces of work that do not touch each other's results, on several threads where there is enough to do.</summary>
    private void ShareOut(int pieces, long multiplications, Action<int> work)
        => WorkerPool.For(pieces, multiplications >= MultiplicationsWorthThreads ? Threads : 1, work);

    private static StorageView GroupOfInput(StorageView x, in ConvolutionPlan plan, int image, int group)
        => Part(x, (image * plan.InputChannels + group * plan.InputsPerGroup) * plan.InputArea, plan.InputsPerGroup * plan.InputArea);

    private static StorageView GroupOfOutput(StorageView y, in ConvolutionPlan plan, int image, int group)
        => Part(y, (image * plan.OutputChannels + group * plan.OutputsPerGroup) * plan.OutputArea, plan.OutputsPerGroup * plan.OutputArea);

    /// <summary>A thread's own memory for one purpose. It begins where a vector of 64 bytes lies in one line of the cache, and never moves.</summary>
    private static ref float AlignedScratch(ref float[]? block, int length)
    {
        if (block is null || block.Length < length + Lanes.Width)
            block = GC.AllocateUninitializedArray<float>(length + Lanes.Width, pinned: true);
        ref var first = ref MemoryMarshal.GetArrayDataReference(block);
        var beyond = Misalignment(ref first);
        return ref Unsafe.Add(ref first, beyond == 0 ? 0 : Lanes.Width - beyond);

        static unsafe int Misalignment(ref float number) => (int)((nuint)Unsafe.AsPointer(ref number) / sizeof(float) % Lanes.Width);
    }
}
