using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Convolution as a matrix product (im2col: Chellapilla, Puri, Simard 2006). For one image and one group, with the windows as
/// columns of a matrix W (terms x places), y = weight W, dW = weight^T dy and dweight = dy W^T. W is never made whole: its numbers
/// go from the image straight into the panels that the matrix product's kernel reads, a block at a time.
/// Threads share out images; the weight's gradient is summed within chunks of images cut by size, and then chunk by chunk.
/// </summary>
public sealed partial class CpuDevice
{
    // What is left of the rows after tiles of 12 goes by four: few output channels are common in small networks.
    private const int SmallTileRows = 4;

    // Places of the output, or terms of the weight, worked on at a time: a block of 384 x 256 numbers stays in the second-level cache.
    private const int BlockPlaces = 256;

    // Each chunk of images has a gradient of its own: at most this many chunks, and at most this many numbers in all.
    private const int ChunksOfImages = 16, NumbersOfChunks = 1 << 24;

    [ThreadStatic]
    private static float[]? packedLeft, packedRight, product;

    /// <inheritdoc/>
    public override void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate)
    {
        if (!accumulate)
            Of(y).Clear();
        if (plan.Multiplications == 0)
            return;
        if (plan.OutputsPerGroup == 1)
        {
            ConvolutionByTaps(x, weight, y, plan);
            return;
        }
        var shape = plan; // a closure cannot hold an `in` parameter
        var panelRows = PanelRows(plan.OutputsPerGroup);
        var packed = pool.Rent(plan.Groups * panelRows * plan.Terms);
        for (var group = 0; group < plan.Groups; group++)
            for (var depth = 0; depth < plan.Terms; depth += BlockDepth)
                PackRows(Of(weight)[(group * plan.OutputsPerGroup * plan.Terms + depth)..], plan.Terms, 1, plan.OutputsPerGroup, Math.Min(BlockDepth, plan.Terms - depth),
                    packed.Numbers.AsSpan(panelRows * (group * plan.Terms + depth)));
        ShareOut(plan.Batch * plan.Groups, plan.Multiplications, item => ConvolveImage(x, packed.Numbers, y, shape, item / shape.Groups, item % shape.Groups));
        pool.Return(packed);
    }

    private static void ConvolveImage(StorageView x, float[] packedWeight, StorageView y, in ConvolutionPlan plan, int image, int group)
    {
        var panelRows = PanelRows(plan.OutputsPerGroup);
        var input = GroupOfInput(x, plan, image, group);
        ref var output = ref First(GroupOfOutput(y, plan, image, group));
        for (var place = 0; place < plan.OutputArea; place += BlockPlaces)
        {
            var places = Math.Min(BlockPlaces, plan.OutputArea - place);
            for (var term = 0; term < plan.Terms; term += BlockDepth)
            {
                var terms = Math.Min(BlockDepth, plan.Terms - term);
                var windows = Scratch(ref packedRight, PanelColumns(places) * terms);
                PackWindows(Of(input), plan, term, terms, place, places, windows);
                MultiplyPanels(ref packedWeight[panelRows * (group * plan.Terms + term)], plan.OutputsPerGroup, ref windows[0], places, terms, ref Unsafe.Add(ref output, place), plan.OutputArea);
            }
        }
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate)
    {
        if (!accumulate)
            Of(dx).Clear();
        if (plan.Multiplications == 0)
            return;
        if (plan.OutputsPerGroup == 1)
        {
            ConvolutionByTapsBackwardInput(dy, weight, dx, plan);
            return;
        }
        var shape = plan;
        var panelRows = PanelRows(plan.Terms);
        var packed = pool.Rent(plan.Groups * panelRows * plan.OutputsPerGroup);
        for (var group = 0; group < plan.Groups; group++)
            for (var output = 0; output < plan.OutputsPerGroup; output += BlockDepth)
                PackRows(Of(weight)[((group * plan.OutputsPerGroup + output) * plan.Terms)..], 1, plan.Terms, plan.Terms, Math.Min(BlockDepth, plan.OutputsPerGroup - output),
                    packed.Numbers.AsSpan(panelRows * (group * plan.OutputsPerGroup + output)));
        ShareOut(plan.Batch * plan.Groups, plan.Multiplications, item => SpreadImage(dy, packed.Numbers, dx, shape, item / shape.Groups, item % shape.Groups));
        pool.Return(packed);
    }

    private static void SpreadImage(StorageView dy, float[] packedWeight, StorageView dx, in ConvolutionPlan plan, int image, int group)
    {
        var panelRows = PanelRows(plan.Terms);
        var gradient = Of(GroupOfOutput(dy, plan, image, group));
        var target = Of(GroupOfInput(dx, plan, image, group));
        var windows = Scratch(ref product, BlockRows * BlockPlaces);
        for (var place = 0; place < plan.OutputArea; place += BlockPlaces)
        {
            var places = Math.Min(BlockPlaces, plan.OutputArea - place);
            var panelColumns = PanelColumns(places);
            var packed = Scratch(ref packedRight, panelColumns * plan.OutputsPerGroup);
            for (var output = 0; output < plan.OutputsPerGroup; output += BlockDepth)
            {
                var outputs = Math.Min(BlockDepth, plan.OutputsPerGroup - output);
                PackB(gradient, transpose: false, plan.OutputArea, plan.OutputsPerGroup, place, places, output, outputs, packed.AsSpan(panelColumns * output));
            }
            // The windows' gradients, some terms at a time, and from there to the image.
            for (var term = 0; term < plan.Terms; term += BlockRows)
            {
                var terms = Math.Min(BlockRows, plan.Terms - term);
                windows.AsSpan(0, terms * BlockPlaces).Clear();
                for (var output = 0; output < plan.OutputsPerGroup; output += BlockDepth)
                {
                    var outputs = Math.Min(BlockDepth, plan.OutputsPerGroup - output);
                    MultiplyPanels(ref packedWeight[panelRows * (group * plan.OutputsPerGroup + output) + term * outputs], terms, ref packed[panelColumns * output], places, outputs, ref windows[0], BlockPlaces);
                }
                AddWindows(windows, plan, term, terms, place, places, target);
            }
        }
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate)
    {
        if (!accumulate)
            Of(dw).Clear();
        if (plan.Multiplications == 0)
            return;
        // How the images are cut depends on sizes alone: the sum has the same bits for any number of threads.
        var shape = plan;
        var most = Math.Clamp(NumbersOfChunks / dw.Length, 1, ChunksOfImages);
        var imagesPerChunk = (plan.Batch + most - 1) / most;
        var chunks = (plan.Batch + imagesPerChunk - 1) / imagesPerChunk;
        var partial = pool.Rent(chunks * dw.Length);
        ShareOut(chunks, plan.Multiplications, chunk =>
        {
            var sum = new StorageView(partial, chunk * dw.Length, dw.Length);
            Of(sum).Clear();
            for (var image = chunk * imagesPerChunk; image < Math.Min((chunk + 1) * imagesPerChunk, shape.Batch); image++)
                for (var group = 0; group < shape.Groups; group++)
                {
                    if (shape.OutputsPerGroup == 1)
                        WeightGradientByTaps(x, dy, sum, shape, image, group);
                    else
                        WeightGradientOfImage(x, dy, sum, shape, image, group);
                }
        });
        for (var chunk = 0; chunk < chunks; chunk++)
            Copy(new StorageView(partial, chunk * dw.Length, dw.Length), dw, accumulate: true);
        pool.Return(partial);
    }

    private static void WeightGradientOfImage(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, int image, int group)
    {
        var input = Of(GroupOfInput(x, plan, image, group));
        var gradient = Of(GroupOfOutput(dy, plan, image, group));
        ref var target = ref First(Part(dw, group * plan.OutputsPerGroup * plan.Terms, plan.OutputsPerGroup * plan.Terms));
        for (var place = 0; place < plan.OutputArea; place += BlockDepth)
        {
            var places = Math.Min(BlockDepth, plan.OutputArea - place);
            var left = Scratch(ref packedLeft, PanelRows(plan.OutputsPerGroup) * places);
            PackRows(gradient[place..], plan.OutputArea, 1, plan.OutputsPerGroup, places, left);
            for (var term = 0; term < plan.Terms; term += BlockPlaces)
            {
                var terms = Math.Min(BlockPlaces, plan.Terms - term);
                var right = Scratch(ref packedRight, PanelColumns(terms) * places);
                PackWindowsTransposed(input, plan, term, terms, place, places, right);
                MultiplyPanels(ref left[0], plan.OutputsPerGroup, ref right[0], terms, places, ref Unsafe.Add(ref target, term), plan.Terms);
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

    private static float[] Scratch(ref float[]? block, int length)
    {
        if (block is null || block.Length < length)
            block = GC.AllocateUninitializedArray<float>(length);
        return block;
    }

    /// <summary>Rows with the padding that panels of 12, and of 4 at the end, need.</summary>
    private static int PanelRows(int rows) => rows / TileRows * TileRows + (rows % TileRows + SmallTileRows - 1) / SmallTileRows * SmallTileRows;

    private static int PanelColumns(int columns) => (columns + TileColumns - 1) / TileColumns * TileColumns;

    /// <summary>Copies a matrix into panels of 12 rows, and of 4 for what is left: for each step of depth, the panel's rows side by side. Missing rows are zeros.</summary>
    private static void PackRows(ReadOnlySpan<float> source, int rowStride, int depthStride, int rows, int depths, Span<float> packed)
    {
        for (var row = 0; row < rows;)
        {
            var height = rows - row >= TileRows ? TileRows : SmallTileRows;
            var present = Math.Min(height, rows - row);
            var panel = packed.Slice(row * depths, height * depths);
            if (present < height)
                panel.Clear();
            if (rowStride == 1)
                for (var p = 0; p < depths; p++)
                    source.Slice(row + p * depthStride, present).CopyTo(panel[(p * height)..]);
            else
                for (var r = 0; r < present; r++)
                {
                    var line = source[((row + r) * rowStride)..];
                    for (var p = 0; p < depths; p++)
                        panel[p * height + r] = line[p * depthStride];
                }
            row += height;
        }
    }

    /// <summary>Some rows (terms) and columns (places) of the windows' matrix, into panels of 32 places.</summary>
    private static void PackWindows(ReadOnlySpan<float> input, in ConvolutionPlan plan, int term, int terms, int place, int places, Span<float> packed)
    {
        Span<float> line = stackalloc float[BlockPlaces];
        line.Clear();
        ref var from = ref MemoryMarshal.GetReference(line);
        ref var to = ref MemoryMarshal.GetReference(packed);
        var tap = new Tap(plan, term);
        for (var p = 0; p < terms; p++, tap.MoveOn(plan))
        {
            ReadWindows(input, plan, tap, place, places, line);
            for (var j = 0; j < places; j += TileColumns)
            {
                ref var panel = ref Unsafe.Add(ref to, j * terms + p * TileColumns);
                Vector512.LoadUnsafe(ref from, (nuint)j).StoreUnsafe(ref panel);
                Vector512.LoadUnsafe(ref from, (nuint)(j + Lanes.Width)).StoreUnsafe(ref panel, Lanes.Width);
            }
        }
    }

    /// <summary>Some rows (terms) and columns (places) of the windows' matrix, transposed, into panels of 32 terms.</summary>
    private static void PackWindowsTransposed(ReadOnlySpan<float> input, in ConvolutionPlan plan, int term, int terms, int place, int places, Span<float> packed)
    {
        // Four terms and a few places at a time, so that what is written crosswise stays in the first-level cache.
        const int Few = 96, Side = 4;
        Span<float> lines = stackalloc float[Side * Few];
        for (var j = 0; j < terms; j += TileColumns)
        {
            var width = Math.Min(TileColumns, terms - j);
            ref var panel = ref packed[j * places];
            if (width < TileColumns)
                packed.Slice(j * places, TileColumns * places).Clear();
            for (var few = 0; few < places; few += Few)
            {
                var count = Math.Min(Few, places - few);
                var tap = new Tap(plan, term + j);
                for (var column = 0; column < width; column += Side)
                {
                    var present = Math.Min(Side, width - column);
                    for (var line = 0; line < present; line++, tap.MoveOn(plan))
                        ReadWindows(input, plan, tap, place + few, count, lines.Slice(line * Few, Few));
                    ref var from = ref MemoryMarshal.GetReference(lines);
                    ref var to = ref Unsafe.Add(ref panel, few * TileColumns + column);
                    var p = 0;
                    if (present == Side)
                        for (; p + Side <= count; p += Side)
                            TransposeSquare(ref Unsafe.Add(ref from, p), Few, ref Unsafe.Add(ref to, p * TileColumns), TileColumns);
                    for (; p < count; p++)
                        for (var line = 0; line < present; line++)
                            Unsafe.Add(ref to, p * TileColumns + line) = Unsafe.Add(ref from, line * Few + p);
                }
            }
        }
    }

    /// <summary>One term of a window: a channel and a tap of the kernel, and the columns of the output at which that tap sees the image.</summary>
    private struct Tap
    {
        public int Channel, Row, Column, Start, End;

        public Tap(in ConvolutionPlan plan, int term)
        {
            (Channel, var inKernel) = Math.DivRem(term, plan.KernelArea);
            (Row, Column) = Math.DivRem(inKernel, plan.Columns.Kernel);
            (Start, End) = plan.Columns.OutputsInside(Column);
        }

        public void MoveOn(in ConvolutionPlan plan)
        {
            if (++Column == plan.Columns.Kernel)
            {
                Column = 0;
                if (++Row == plan.Rows.Kernel)
                    (Row, Channel) = (0, Channel + 1);
            }
            (Start, End) = plan.Columns.OutputsInside(Column);
        }
    }

    /// <summary>What one tap sees at neighbouring places of the output: a piece of one row of the windows' matrix, zeros where it sees padding.</summary>
    private static void ReadWindows(ReadOnlySpan<float> input, in ConvolutionPlan plan, in Tap tap, int place, int places, Span<float> line)
    {
        ref var image = ref Unsafe.Add(ref MemoryMarshal.GetReference(input), tap.Channel * plan.InputArea);
        ref var to = ref MemoryMarshal.GetReference(line);
        var (row, column) = Math.DivRem(place, plan.Columns.Output);
        if (IsWithoutPadding(plan, tap, row, (place + places - 1) / plan.Columns.Output))
        {
            // The usual case, kept short: small images have short rows.
            ref var from = ref Unsafe.Add(ref image, plan.Rows.InputAt(row, tap.Row) * plan.Columns.Input + plan.Columns.InputAt(0, tap.Column));
            var rowStep = plan.Rows.Stride * plan.Columns.Input;
            for (var at = 0; at < places;)
            {
                var run = Math.Min(plan.Columns.Output - column, places - at);
                CopyRun(ref Unsafe.Add(ref from, column), ref Unsafe.Add(ref to, at), run);
                at += run;
                column = 0;
                from = ref Unsafe.Add(ref from, rowStep);
            }
            return;
        }
        for (var at = 0; at < places;)
        {
            var run = Math.Min(plan.Columns.Output - column, places - at);
            var (start, end) = plan.Rows.IsInside(row, tap.Row) ? (Math.Max(tap.Start, column), Math.Min(tap.End, column + run)) : (column, column);
            if (end > start)
            {
                ref var from = ref Unsafe.Add(ref image, plan.Rows.InputAt(row, tap.Row) * plan.Columns.Input + plan.Columns.InputAt(start, tap.Column));
                ref var into = ref Unsafe.Add(ref to, at + start - column);
                if (plan.Columns.Stride == 1)
                    CopyRun(ref from, ref into, end - start);
                else
                    for (var i = 0; i < end - start; i++)
                        Unsafe.Add(ref into, i) = Unsafe.Add(ref from, i * plan.Columns.Stride);
            }
            else
            {
                (start, end) = (column, column);
            }
            for (var i = column; i < start; i++)
                Unsafe.Add(ref to, at + i - column) = 0;
            for (var i = end; i < column + run; i++)
                Unsafe.Add(ref to, at + i - column) = 0;
            at += run;
            (row, column) = (row + 1, 0);
        }
    }

    /// <summary>Whether a tap sees the image, and neighbours side by side, at every place of some rows of the output.</summary>
    private static bool IsWithoutPadding(in ConvolutionPlan plan, in Tap tap, int firstRow, int lastRow)
        => plan.Columns.Stride == 1 && tap.Start == 0 && tap.End == plan.Columns.Output && plan.Rows.IsInside(firstRow, tap.Row) && plan.Rows.IsInside(lastRow, tap.Row);

    /// <summary>The reverse of <see cref="ReadWindows"/>: adds gradients of windows (terms x places, 256 to a row) to the gradient of the image.</summary>
    private static void AddWindows(ReadOnlySpan<float> windows, in ConvolutionPlan plan, int term, int terms, int place, int places, Span<float> target)
    {
        var tap = new Tap(plan, term);
        for (var t = 0; t < terms; t++, tap.MoveOn(plan))
        {
            ref var image = ref Unsafe.Add(ref MemoryMarshal.GetReference(target), tap.Channel * plan.InputArea);
            ref var line = ref Unsafe.Add(ref MemoryMarshal.GetReference(windows), t * BlockPlaces);
            var (row, column) = Math.DivRem(place, plan.Columns.Output);
            if (IsWithoutPadding(plan, tap, row, (place + places - 1) / plan.Columns.Output))
            {
                ref var into = ref Unsafe.Add(ref image, plan.Rows.InputAt(row, tap.Row) * plan.Columns.Input + plan.Columns.InputAt(0, tap.Column));
                var rowStep = plan.Rows.Stride * plan.Columns.Input;
                for (var at = 0; at < places;)
                {
                    var run = Math.Min(plan.Columns.Output - column, places - at);
                    AddRun(ref Unsafe.Add(ref line, at), ref Unsafe.Add(ref into, column), run);
                    at += run;
                    column = 0;
                    into = ref Unsafe.Add(ref into, rowStep);
                }
                continue;
            }
            for (var at = 0; at < places;)
            {
                var run = Math.Min(plan.Columns.Output - column, places - at);
                var (start, end) = (Math.Max(tap.Start, column), Math.Min(tap.End, column + run));
                if (end > start && plan.Rows.IsInside(row, tap.Row))
                {
                    ref var into = ref Unsafe.Add(ref image, plan.Rows.InputAt(row, tap.Row) * plan.Columns.Input + plan.Columns.InputAt(start, tap.Column));
                    ref var from = ref Unsafe.Add(ref line, at + start - column);
                    if (plan.Columns.Stride == 1)
                        AddRun(ref from, ref into, end - start);
                    else
                        for (var i = 0; i < end - start; i++)
                            Unsafe.Add(ref into, i * plan.Columns.Stride) += Unsafe.Add(ref from, i);
                }
                at += run;
                (row, column) = (row + 1, 0);
            }
        }
    }

    // Copying and adding number by number give the same bits at any width, so a tail may step down to narrower vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRun(ref float from, ref float to, int count)
    {
        var i = 0;
        for (; i + 8 <= count; i += 8)
            Vector256.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        if (i + 4 <= count)
        {
            Vector128.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
            i += 4;
        }
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRun(ref float from, ref float to, int count)
    {
        var i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.LoadUnsafe(ref from, (nuint)i) + Vector256.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        if (i + 4 <= count)
        {
            (Vector128.LoadUnsafe(ref from, (nuint)i) + Vector128.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
            i += 4;
        }
        for (; i < count; i++)
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
    }

    /// <summary>c (rows x columns) += a in panels of 12 and 4 rows, times b in panels of 32 columns.</summary>
    private static void MultiplyPanels(ref float a, int rows, ref float b, int columns, int depths, ref float c, int stride)
    {
        Span<float> edge = stackalloc float[TileRows * TileColumns];
        ref var edges = ref MemoryMarshal.GetReference(edge);
        for (var column = 0; column < columns; column += TileColumns)
        {
            ref var panel = ref Unsafe.Add(ref b, column * depths);
            var width = Math.Min(TileColumns, columns - column);
            for (var row = 0; row < rows;)
            {
                var height = rows - row >= TileRows ? TileRows : SmallTileRows;
                var present = Math.Min(height, rows - row);
                var isWhole = present == height && width == TileColumns;
                ref var tile = ref Unsafe.Add(ref c, (nint)row * stride + column);
                if (!isWhole)
                    edge.Clear();
                MultiplyTileOf(height, ref Unsafe.Add(ref a, row * depths), 1, height, ref panel, TileColumns, depths, ref isWhole ? ref tile : ref edges, isWhole ? stride : TileColumns);
                if (!isWhole)
                    for (var r = 0; r < present; r++)
                        AddRun(ref Unsafe.Add(ref edges, r * TileColumns), ref Unsafe.Add(ref tile, (nint)r * stride), width);
                row += height;
            }
        }
    }
}
