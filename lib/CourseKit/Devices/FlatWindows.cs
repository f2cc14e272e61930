using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CourseKit;

/// <summary>
/// One axis of a correlation: at output o, tap t looks at input o * Step + First + t * Advance; what lies outside the input is padding.
/// A convolution is a correlation, and so is each phase of its derivative by the input.
/// </summary>
/// <param name="Input">Length of the input.</param>
/// <param name="Output">Length of the output.</param>
/// <param name="Step">How far the window moves from one output to the next.</param>
/// <param name="Taps">How many taps there are.</param>
/// <param name="First">Where tap 0 looks at output 0.</param>
/// <param name="Advance">Distance between two taps, above 0.</param>
internal readonly record struct TapAxis(int Input, int Output, int Step, int Taps, int First, int Advance)
{
    /// <summary>Which of the kernel's taps is tap 0.</summary>
    public int FirstTap { get; init; }

    /// <summary>From there to the kernel's tap that is tap 1.</summary>
    public int TapStep { get; init; } = 1;

    /// <summary>The axis as the convolution slides along it.</summary>
    public static TapAxis Forward(in SlidingAxis axis) => new(axis.Input, axis.Output, axis.Stride, axis.Kernel, -axis.Padding, axis.Dilation);

    /// <summary>
    /// The axis as the derivative by the inputs phase, phase + stride, phase + 2 stride, ... goes along it: such an input is seen by one tap
    /// in every few, and by neighbouring outputs one tap further on. Taps are taken from the last to the first, which makes them ascend.
    /// </summary>
    public static TapAxis Backward(in SlidingAxis axis, int phase)
    {
        int last = -1, beforeLast = -1, taps = 0;
        for (var tap = axis.Kernel - 1; tap >= 0; tap--)
            if (OutputTimesStride(axis, phase, tap) % axis.Stride == 0)
            {
                (last, beforeLast) = taps switch { 0 => (tap, -1), 1 => (last, tap), _ => (last, beforeLast) };
                taps++;
            }
        var inputs = (axis.Input - phase + axis.Stride - 1) / axis.Stride;
        var first = taps > 0 ? OutputTimesStride(axis, phase, last) / axis.Stride : 0;
        var advance = taps > 1 ? OutputTimesStride(axis, phase, beforeLast) / axis.Stride - first : 1;
        return new(axis.Output, Math.Max(0, inputs), 1, taps, first, advance) { FirstTap = Math.Max(0, last), TapStep = taps > 1 ? beforeLast - last : 1 };

        static int OutputTimesStride(in SlidingAxis axis, int input, int tap) => input + axis.Padding - tap * axis.Dilation;
    }
}

/// <summary>
/// How an axis lies in the flat copy. With a step of 1 the copy is the padded input, and the next output's window begins one number further on.
/// With a larger step the inputs are dealt out to several frames, so that within one it is the same again; or, where padding would
/// take too much room, each tap has a frame of its own that holds what it sees and nothing else.
/// </summary>
internal readonly struct FlatAxis
{
    private readonly TapAxis taps;
    private readonly int advance;

    public FlatAxis(in TapAxis taps, bool apart)
    {
        this.taps = taps;
        var common = GreatestCommonDivisor(taps.Step, taps.Advance);
        Frames = apart ? taps.Taps : Math.Min(taps.Taps, taps.Step / common);
        advance = apart ? 0 : taps.Advance / common;
        Length = taps.Output + LongestAdvance;
        Shared = LongestAdvance;
        for (var frame = 0; frame < Frames; frame++)
        {
            var (start, end) = Inside(frame);
            Shared = Math.Min(Shared, Math.Min(start, Length - end));
        }
    }

    /// <summary>Copies that taps choose from.</summary>
    public int Frames { get; }

    /// <summary>Numbers along the axis in one frame.</summary>
    public int Length { get; }

    /// <summary>Zeros at the end of one row (image) that serve as those at the beginning of the next.</summary>
    public int Shared { get; }

    /// <summary>From the beginning of one row (image) to that of the next.</summary>
    public int Pitch => Length - Shared;

    /// <summary>Outputs along the axis.</summary>
    public int Output => taps.Output;

    /// <summary>How much further than the first tap the last one looks.</summary>
    public int LongestAdvance => (taps.Taps - 1) / Frames * advance;

    /// <summary>The frame in which a tap looks, and how far from the output's place.</summary>
    public (int Frame, int Advance) Of(int tap) => (tap % Frames, tap / Frames * advance);

    /// <summary>Where in the input a frame's number stands.</summary>
    public int SourceOf(int frame, int index) => index * taps.Step + taps.First + frame * taps.Advance;

    /// <summary>How far apart neighbours in a frame are in the input.</summary>
    public int SourceStep => taps.Step;

    /// <summary>The numbers of a frame, from Start up to but not including End, that are inputs; the others are padding.</summary>
    public (int Start, int End) Inside(int frame)
    {
        var first = SourceOf(frame, 0);
        var start = Math.Clamp((-first + taps.Step - 1) / taps.Step, 0, Length);
        return (start, Math.Clamp((taps.Input - first + taps.Step - 1) / taps.Step, start, Length));
    }

    public bool IsInside(int frame, int index) => (uint)SourceOf(frame, index) < (uint)taps.Input;

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

/// <summary>
/// The flat copy of an input that a correlation reads: padded rows one after another, so that all outputs, row by row, are places along
/// one line, and what a tap sees from 48 neighbouring places on is 48 neighbouring numbers, whichever rows they are in. The few places between
/// two rows, where a window would begin in one row and end in the next, are computed too and thrown away. Large images are cut into
/// bands of rows, small ones are taken several at a time: how, depends on sizes alone.
/// </summary>
internal sealed class FlatWindows : IDisposable
{
    // A block's copy stays in the second-level cache.
    private const int NumbersPerBlock = 3 << 15;

    // Enough pieces for threads to share out, of enough multiplications each to be worth it.
    private const int MostPieces = 16, LeastMultiplications = 1 << 20, LeastRows = 8;

    // Kernels may read this far beyond the last place: zeros.
    private const int Slack = 64;

    private readonly FlatAxis rows, columns;
    private readonly int batch, channels, inputArea, inputColumns;
    private readonly int imagesPerBlock, rowsPerBlock, bands, frameSize;
    private readonly int[] offsets;

    /// <summary>Plans the copy.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="channels">Channels that an output sees.</param>
    /// <param name="rowTaps">How windows go down.</param>
    /// <param name="columnTaps">How windows go to the right.</param>
    /// <param name="multiplications">How much work there is.</param>
    /// <param name="leastPlaces">How many places a block should have at least, where they fit.</param>
    public FlatWindows(int batch, int channels, in TapAxis rowTaps, in TapAxis columnTaps, long multiplications, int leastPlaces = 1)
    {
        (this.batch, this.channels, inputColumns, inputArea) = (batch, channels, columnTaps.Input, rowTaps.Input * columnTaps.Input);
        rows = new FlatAxis(rowTaps, apart: false);
        columns = new FlatAxis(columnTaps, apart: false);
        // Where more than an eighth of the places would be thrown away, each column of taps gets its own copy.
        if ((columns.Pitch - columns.Output) * 8 > columns.Pitch)
            columns = new FlatAxis(columnTaps, apart: true);
        Terms = channels * rowTaps.Taps * columnTaps.Taps;

        var pieces = (int)Math.Clamp(multiplications / LeastMultiplications, 1, MostPieces);
        var row = channels * rows.Frames * columns.Frames * columns.Pitch;
        var images = Math.Min(batch, Math.Max((batch + pieces - 1) / pieces, leastPlaces / (rows.Pitch * columns.Pitch)));
        imagesPerBlock = (int)Math.Clamp(NumbersPerBlock / ((long)rows.Pitch * row), 1, images);
        rowsPerBlock = rows.Output;
        if (imagesPerBlock == 1)
        {
            var fitting = NumbersPerBlock / row - rows.LongestAdvance;
            var wanted = Math.Max((int)(((long)rows.Output * batch + pieces - 1) / pieces), leastPlaces / columns.Pitch);
            bands = (rows.Output - 1) / Math.Max(LeastRows, Math.Min(fitting, wanted)) + 1;
            rowsPerBlock = (rows.Output + bands - 1) / bands;
        }
        bands = (rows.Output + rowsPerBlock - 1) / rowsPerBlock;
        Blocks = imagesPerBlock == 1 ? batch * bands : (batch + imagesPerBlock - 1) / imagesPerBlock;
        frameSize = ((imagesPerBlock - 1) * rows.Pitch + rowsPerBlock + rows.LongestAdvance) * Pitch + columns.Shared + Slack;

        offsets = ArrayPool<int>.Shared.Rent(Terms);
        var term = 0;
        for (var channel = 0; channel < channels; channel++)
            for (var k = 0; k < rowTaps.Taps; k++)
                for (var l = 0; l < columnTaps.Taps; l++)
                {
                    var ((rowFrame, down), (columnFrame, right)) = (rows.Of(k), columns.Of(l));
                    offsets[term++] = ((channel * rows.Frames + rowFrame) * columns.Frames + columnFrame) * frameSize + down * Pitch + right;
                }
    }

    /// <summary>Some rows of one image, or all rows of several.</summary>
    public readonly record struct Block(int Image, int Images, int Row, int Rows);

    /// <summary>Products that each output is a sum of.</summary>
    public int Terms { get; }

    /// <summary>How far from an output's place each term looks: channel by channel, tap by tap.</summary>
    public ReadOnlySpan<int> Offsets => offsets.AsSpan(0, Terms);

    /// <summary>Blocks of the whole batch.</summary>
    public int Blocks { get; }

    /// <summary>From a place to the one below it.</summary>
    public int Pitch => columns.Pitch;

    /// <summary>From a place to the same one in the next image of the block.</summary>
    public int ImagePitch => rows.Pitch * Pitch;

    /// <summary>Numbers of a block's copy.</summary>
    public int Size => channels * rows.Frames * columns.Frames * frameSize;

    public void Dispose() => ArrayPool<int>.Shared.Return(offsets);

    public Block this[int index]
    {
        get
        {
            if (imagesPerBlock > 1)
                return new Block(index * imagesPerBlock, Math.Min(imagesPerBlock, batch - index * imagesPerBlock), 0, rows.Output);
            var (image, band) = Math.DivRem(index, bands);
            return new Block(image, 1, band * rowsPerBlock, Math.Min(rowsPerBlock, rows.Output - band * rowsPerBlock));
        }
    }

    /// <summary>Places from a block's first output to its last, those between rows counted.</summary>
    public int Places(Block block) => (block.Images - 1) * ImagePitch + (block.Rows - 1) * Pitch + columns.Output;

    /// <summary>Copies what a block's windows see.</summary>
    /// <param name="source">All images.</param>
    /// <param name="channelsOfImage">Channels of an image, of which some follow from <paramref name="channel"/> on.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="block">The block.</param>
    /// <param name="flat">The copy.</param>
    public void Fill(ref float source, int channelsOfImage, int channel, Block block, ref float flat)
    {
        ref var from = ref Unsafe.Add(ref source, (nint)(block.Image * channelsOfImage + channel) * inputArea);
        ref var to = ref flat;
        for (var c = 0; c < channels; c++, from = ref Unsafe.Add(ref from, inputArea))
            for (var rowFrame = 0; rowFrame < rows.Frames; rowFrame++)
                for (var columnFrame = 0; columnFrame < columns.Frames; columnFrame++)
                {
                    FillFrame(ref from, channelsOfImage * inputArea, rowFrame, columnFrame, block, ref to);
                    to = ref Unsafe.Add(ref to, frameSize);
                }
    }

    private void FillFrame(ref float source, int nextImage, int rowFrame, int columnFrame, Block block, ref float to)
    {
        MemoryMarshal.CreateSpan(ref to, frameSize).Clear();
        var (start, end) = columns.Inside(columnFrame);
        if (start == end)
            return;
        source = ref Unsafe.Add(ref source, columns.SourceOf(columnFrame, start));
        to = ref Unsafe.Add(ref to, start);
        for (var image = 0; image < block.Images; image++)
        {
            var count = image < block.Images - 1 ? rows.Pitch : block.Rows + rows.LongestAdvance;
            for (var row = block.Row; row < block.Row + count; row++, to = ref Unsafe.Add(ref to, Pitch))
                if (rows.IsInside(rowFrame, row))
                    Runs.CopyEvery(columns.SourceStep, ref Unsafe.Add(ref source, rows.SourceOf(rowFrame, row) * inputColumns), ref to, end - start);
            source = ref Unsafe.Add(ref source, nextImage);
        }
    }

    /// <summary>Copies a block's rows of the output's gradient to the places of its outputs, with zeros between: what windows between rows see then counts for nothing.</summary>
    /// <param name="gradient">One channel of the block's first image.</param>
    /// <param name="nextImage">From there to the same channel of the next image.</param>
    /// <param name="block">The block.</param>
    /// <param name="length">How many places are written, with zeros at the end.</param>
    /// <param name="flat">The copy.</param>
    public void FillGradient(ref float gradient, int nextImage, Block block, int length, ref float flat)
    {
        MemoryMarshal.CreateSpan(ref flat, length).Clear();
        for (var image = 0; image < block.Images; image++)
        {
            ref var from = ref Unsafe.Add(ref gradient, image * nextImage + block.Row * columns.Output);
            ref var to = ref Unsafe.Add(ref flat, image * ImagePitch);
            for (var row = 0; row < block.Rows; row++)
                Runs.CopyEvery(1, ref Unsafe.Add(ref from, row * columns.Output), ref Unsafe.Add(ref to, row * Pitch), columns.Output);
        }
    }

    /// <summary>A walk over a block's outputs, which are runs of neighbouring places: rows or, if runs may go on in the next row and there is no gap between rows, images.</summary>
    public Walk Along(Block block, bool acrossRows) => new(this, block, acrossRows && Pitch == columns.Output);

    /// <summary>Neighbouring outputs: the place of the first, its image, row and column, and how many.</summary>
    public readonly record struct Run(int Place, int Image, int Row, int Column, int Count);

    /// <summary>Where a walk over a block's outputs stands.</summary>
    public struct Walk(FlatWindows windows, Block block, bool acrossRows)
    {
        private int image, row, column;

        /// <summary>The next run, or what of it lies before a place.</summary>
        public bool Next(int end, out Run run)
        {
            run = default;
            if (image == block.Images)
                return false;
            var place = image * windows.ImagePitch + row * windows.Pitch + column;
            if (place >= end)
                return false;
            var width = windows.columns.Output;
            var left = (acrossRows ? (block.Rows - row) * width : width) - column;
            run = new Run(place, block.Image + image, block.Row + row, column, Math.Min(left, end - place));
            if (run.Count < left)
            {
                (var lines, column) = Math.DivRem(column + run.Count, width);
                row += lines;
                return true;
            }
            (row, column) = (acrossRows ? block.Rows : row + 1, 0);
            if (row == block.Rows)
                (image, row) = (image + 1, 0);
            return true;
        }
    }
}
