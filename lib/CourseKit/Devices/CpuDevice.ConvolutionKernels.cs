using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// The two inner loops of convolution. Both read the image where it lies in its flat copy, at the place of the first output plus the
/// offset of a tap, so nothing is gathered into a matrix first. Sums are named one by one so that each is a register.
/// </summary>
public sealed partial class CpuDevice
{
    // Eight output channels by forty-eight places: 8 x 3 sums, 3 vectors of the image and one weight at a time, in 32 registers.
    // What eight channels leave over goes by four. Machines with 16 registers do the same tile in pieces of 4 x 3.
    private const int TileChannels = 8, FewChannels = 4, TilePlaces = 3 * Lanes.Width;

    // Weights' gradients: eight output channels by three terms.
    private const int TileTerms = 3;

    /// <summary>Channels with the padding that tiles of 8, and of 4 at the end, need.</summary>
    private static int PaddedChannels(int channels) => (channels + FewChannels - 1) / FewChannels * FewChannels;

    /// <summary>How many channels the tile that begins at a channel has: 8, or 4 where no more are left.</summary>
    private static int TileHeight(int channel, int channels) => channels - channel > FewChannels ? TileChannels : FewChannels;

    /// <summary>result (8 or 4 channels x 48 places, or 8 x 16) = sum over terms of weights (terms x height) times what each term sees from the place on.</summary>
    private static void Correlate(int height, ref float weights, ref float place, ref int offsets, int terms, ref float result, int stride, bool isWhole)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (!isWhole)
                CorrelateNarrow<Unit512, Vector512<float>>(ref weights, ref place, ref offsets, terms, ref result, stride);
            else if (height == TileChannels)
                CorrelateTile<Unit512, Vector512<float>>(ref weights, ref place, ref offsets, terms, ref result, stride);
            else
                CorrelateLowTile<Unit512, Vector512<float>>(ref weights, FewChannels, ref place, ref offsets, terms, ref result, stride);
        }
        else if (Vector256.IsHardwareAccelerated)
            CorrelateInPieces<Unit256, Vector256<float>>(height, ref weights, ref place, ref offsets, terms, ref result, stride, isWhole);
        else
            CorrelateInPieces<Unit128, Vector128<float>>(height, ref weights, ref place, ref offsets, terms, ref result, stride, isWhole);
    }

    /// <summary>The same with narrower vectors: fewer places at a time, and four channels at a time where registers are few.</summary>
    private static void CorrelateInPieces<TUnit, TVector>(int height, ref float weights, ref float place, ref int offsets, int terms, ref float result, int stride, bool isWhole)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        var width = isWhole ? 3 * TUnit.Count : TUnit.Count;
        for (var column = 0; column < (isWhole ? TilePlaces : Lanes.Width); column += width)
        {
            ref var at = ref Unsafe.Add(ref place, column);
            ref var to = ref Unsafe.Add(ref result, column);
            if (!isWhole)
                CorrelateNarrow<TUnit, TVector>(ref weights, ref at, ref offsets, terms, ref to, stride);
            else if (height == TileChannels && TUnit.Count == Vector128<float>.Count)
                CorrelateTile<TUnit, TVector>(ref weights, ref at, ref offsets, terms, ref to, stride);
            else
                for (var row = 0; row < height; row += FewChannels)
                    CorrelateLowTile<TUnit, TVector>(ref Unsafe.Add(ref weights, row), height, ref at, ref offsets, terms, ref Unsafe.Add(ref to, row * stride), stride);
        }
    }

    /// <summary>8 channels by 3 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CorrelateTile<TUnit, TVector>(ref float weights, ref float place, ref int offsets, int terms, ref float result, nint stride)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        TVector s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        TVector s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        TVector s40 = default, s41 = default, s42 = default, s50 = default, s51 = default, s52 = default;
        TVector s60 = default, s61 = default, s62 = default, s70 = default, s71 = default, s72 = default;
        for (var term = 0; term < terms; term++)
        {
            ref var seen = ref Unsafe.Add(ref place, offsets);
            var x0 = TUnit.Load(ref seen);
            var x1 = TUnit.Load(ref Unsafe.Add(ref seen, TUnit.Count));
            var x2 = TUnit.Load(ref Unsafe.Add(ref seen, 2 * TUnit.Count));
            TVector w;
            w = TUnit.Broadcast(ref weights); s00 = TUnit.MultiplyAdd(w, x0, s00); s01 = TUnit.MultiplyAdd(w, x1, s01); s02 = TUnit.MultiplyAdd(w, x2, s02);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 1)); s10 = TUnit.MultiplyAdd(w, x0, s10); s11 = TUnit.MultiplyAdd(w, x1, s11); s12 = TUnit.MultiplyAdd(w, x2, s12);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 2)); s20 = TUnit.MultiplyAdd(w, x0, s20); s21 = TUnit.MultiplyAdd(w, x1, s21); s22 = TUnit.MultiplyAdd(w, x2, s22);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 3)); s30 = TUnit.MultiplyAdd(w, x0, s30); s31 = TUnit.MultiplyAdd(w, x1, s31); s32 = TUnit.MultiplyAdd(w, x2, s32);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 4)); s40 = TUnit.MultiplyAdd(w, x0, s40); s41 = TUnit.MultiplyAdd(w, x1, s41); s42 = TUnit.MultiplyAdd(w, x2, s42);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 5)); s50 = TUnit.MultiplyAdd(w, x0, s50); s51 = TUnit.MultiplyAdd(w, x1, s51); s52 = TUnit.MultiplyAdd(w, x2, s52);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 6)); s60 = TUnit.MultiplyAdd(w, x0, s60); s61 = TUnit.MultiplyAdd(w, x1, s61); s62 = TUnit.MultiplyAdd(w, x2, s62);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 7)); s70 = TUnit.MultiplyAdd(w, x0, s70); s71 = TUnit.MultiplyAdd(w, x1, s71); s72 = TUnit.MultiplyAdd(w, x2, s72);
            weights = ref Unsafe.Add(ref weights, TileChannels);
            offsets = ref Unsafe.Add(ref offsets, 1);
        }
        StoreThree<TUnit, TVector>(ref result, s00, s01, s02); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s10, s11, s12); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s20, s21, s22); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s30, s31, s32); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s40, s41, s42); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s50, s51, s52); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s60, s61, s62); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s70, s71, s72);
    }

    /// <summary>4 channels by 3 vectors; the weights of one term stand <paramref name="weightStep"/> after those of the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CorrelateLowTile<TUnit, TVector>(ref float weights, nint weightStep, ref float place, ref int offsets, int terms, ref float result, nint stride)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        TVector s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        TVector s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        for (var term = 0; term < terms; term++)
        {
            ref var seen = ref Unsafe.Add(ref place, offsets);
            var x0 = TUnit.Load(ref seen);
            var x1 = TUnit.Load(ref Unsafe.Add(ref seen, TUnit.Count));
            var x2 = TUnit.Load(ref Unsafe.Add(ref seen, 2 * TUnit.Count));
            TVector w;
            w = TUnit.Broadcast(ref weights); s00 = TUnit.MultiplyAdd(w, x0, s00); s01 = TUnit.MultiplyAdd(w, x1, s01); s02 = TUnit.MultiplyAdd(w, x2, s02);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 1)); s10 = TUnit.MultiplyAdd(w, x0, s10); s11 = TUnit.MultiplyAdd(w, x1, s11); s12 = TUnit.MultiplyAdd(w, x2, s12);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 2)); s20 = TUnit.MultiplyAdd(w, x0, s20); s21 = TUnit.MultiplyAdd(w, x1, s21); s22 = TUnit.MultiplyAdd(w, x2, s22);
            w = TUnit.Broadcast(ref Unsafe.Add(ref weights, 3)); s30 = TUnit.MultiplyAdd(w, x0, s30); s31 = TUnit.MultiplyAdd(w, x1, s31); s32 = TUnit.MultiplyAdd(w, x2, s32);
            weights = ref Unsafe.Add(ref weights, weightStep);
            offsets = ref Unsafe.Add(ref offsets, 1);
        }
        StoreThree<TUnit, TVector>(ref result, s00, s01, s02); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s10, s11, s12); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s20, s21, s22); result = ref Unsafe.Add(ref result, stride);
        StoreThree<TUnit, TVector>(ref result, s30, s31, s32);
    }

    /// <summary>8 channels by one vector: the last places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CorrelateNarrow<TUnit, TVector>(ref float weights, ref float place, ref int offsets, int terms, ref float result, nint stride)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var term = 0; term < terms; term++)
        {
            var x = TUnit.Load(ref Unsafe.Add(ref place, Unsafe.Add(ref offsets, term)));
            s0 = TUnit.MultiplyAdd(TUnit.Broadcast(ref weights), x, s0);
            s1 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 1)), x, s1);
            s2 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 2)), x, s2);
            s3 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 3)), x, s3);
            s4 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 4)), x, s4);
            s5 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 5)), x, s5);
            s6 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 6)), x, s6);
            s7 = TUnit.MultiplyAdd(TUnit.Broadcast(ref Unsafe.Add(ref weights, 7)), x, s7);
            weights = ref Unsafe.Add(ref weights, TileChannels);
        }
        TUnit.Store(s0, ref result);
        TUnit.Store(s1, ref Unsafe.Add(ref result, stride));
        TUnit.Store(s2, ref Unsafe.Add(ref result, 2 * stride));
        TUnit.Store(s3, ref Unsafe.Add(ref result, 3 * stride));
        TUnit.Store(s4, ref Unsafe.Add(ref result, 4 * stride));
        TUnit.Store(s5, ref Unsafe.Add(ref result, 5 * stride));
        TUnit.Store(s6, ref Unsafe.Add(ref result, 6 * stride));
        TUnit.Store(s7, ref Unsafe.Add(ref result, 7 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreThree<TUnit, TVector>(ref float row, TVector first, TVector second, TVector third)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        TUnit.Store(first, ref row);
        TUnit.Store(second, ref Unsafe.Add(ref row, TUnit.Count));
        TUnit.Store(third, ref Unsafe.Add(ref row, 2 * TUnit.Count));
    }

    /// <summary>
    /// target (8 x 3, or 4 x 3) += the dot products of rows of the gradient with what three terms see, over steps of 16 places. Each product
    /// is summed in 16 lanes, whatever the machine's width, and the lanes in a fixed order.
    /// </summary>
    private static void AddDotProducts(int height, ref float gradient, int gradientStride, ref float x0, ref float x1, ref float x2, int steps, ref float target)
    {
        Span<float> lanes = stackalloc float[TileChannels * TileTerms * Lanes.Width];
        ref var sums = ref MemoryMarshal.GetReference(lanes);
        if (Vector512.IsHardwareAccelerated)
        {
            if (height == TileChannels)
                DotTile<Unit512, Vector512<float>>(ref gradient, gradientStride, ref x0, ref x1, ref x2, steps, ref sums);
            else
                DotLowTile<Unit512, Vector512<float>>(ref gradient, gradientStride, ref x0, ref x1, ref x2, steps, ref sums);
        }
        else if (Vector256.IsHardwareAccelerated)
            DotInPieces<Unit256, Vector256<float>>(height, ref gradient, gradientStride, ref x0, ref x1, ref x2, steps, ref sums);
        else
            DotInPieces<Unit128, Vector128<float>>(height, ref gradient, gradientStride, ref x0, ref x1, ref x2, steps, ref sums);
        AddSumsOfLanes(ref sums, ref target, height * TileTerms);
    }

    /// <summary>target += the sums of 16 lanes each, four of them at a time: halves are added, then theirs, then the four quarters' lanes crosswise.</summary>
    private static void AddSumsOfLanes(ref float sums, ref float target, int count)
    {
        for (var i = 0; i < count; i += Vector128<float>.Count)
        {
            ref var four = ref Unsafe.Add(ref sums, i * Lanes.Width);
            var (a, b) = (Quarter(ref four), Quarter(ref Unsafe.Add(ref four, Lanes.Width)));
            var (c, d) = (Quarter(ref Unsafe.Add(ref four, 2 * Lanes.Width)), Quarter(ref Unsafe.Add(ref four, 3 * Lanes.Width)));
            var ab = (Lanes.InterleaveLow(a, b) + Lanes.InterleaveHigh(a, b)).AsDouble(); // a0 + a2, b0 + b2, a1 + a3, b1 + b3
            var cd = (Lanes.InterleaveLow(c, d) + Lanes.InterleaveHigh(c, d)).AsDouble();
            var sum = Lanes.InterleaveLow(ab, cd).AsSingle() + Lanes.InterleaveHigh(ab, cd).AsSingle();
            (Vector128.LoadUnsafe(ref target, (nuint)i) + sum).StoreUnsafe(ref target, (nuint)i);
        }

        static Vector128<float> Quarter(ref float lanes)
        {
            var half = Vector256.LoadUnsafe(ref lanes) + Vector256.LoadUnsafe(ref lanes, (nuint)Vector256<float>.Count);
            return half.GetLower() + half.GetUpper();
        }
    }

    /// <summary>The same with narrower vectors: some of the 16 lanes at a time.</summary>
    private static void DotInPieces<TUnit, TVector>(int height, ref float gradient, int gradientStride, ref float x0, ref float x1, ref float x2, int steps, ref float sums)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        for (var lane = 0; lane < Lanes.Width; lane += TUnit.Count)
            if (height == TileChannels && TUnit.Count == Vector128<float>.Count)
                DotTile<TUnit, TVector>(ref Unsafe.Add(ref gradient, lane), gradientStride, ref Unsafe.Add(ref x0, lane), ref Unsafe.Add(ref x1, lane), ref Unsafe.Add(ref x2, lane), steps, ref Unsafe.Add(ref sums, lane));
            else
                for (var row = 0; row < height; row += FewChannels)
                    DotLowTile<TUnit, TVector>(ref Unsafe.Add(ref gradient, row * gradientStride + lane), gradientStride, ref Unsafe.Add(ref x0, lane), ref Unsafe.Add(ref x1, lane), ref Unsafe.Add(ref x2, lane), steps, ref Unsafe.Add(ref sums, row * TileTerms * Lanes.Width + lane));
    }

    /// <summary>8 channels by 3 terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotTile<TUnit, TVector>(ref float gradient, nint stride, ref float x0, ref float x1, ref float x2, int steps, ref float sums)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        TVector s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        TVector s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        TVector s40 = default, s41 = default, s42 = default, s50 = default, s51 = default, s52 = default;
        TVector s60 = default, s61 = default, s62 = default, s70 = default, s71 = default, s72 = default;
        // Two starting points and three distances name eight rows.
        ref var gradient4 = ref Unsafe.Add(ref gradient, 4 * stride);
        nint row = stride * sizeof(float), row2 = 2 * row, row3 = 3 * row;
        for (nint at = 0; at < (nint)steps * Lanes.Width; at += Lanes.Width)
        {
            var a = TUnit.Load(ref Unsafe.Add(ref x0, at));
            var b = TUnit.Load(ref Unsafe.Add(ref x1, at));
            var c = TUnit.Load(ref Unsafe.Add(ref x2, at));
            ref var g = ref Unsafe.Add(ref gradient, at);
            ref var g4 = ref Unsafe.Add(ref gradient4, at);
            TVector d;
            d = TUnit.Load(ref g); s00 = TUnit.MultiplyAdd(d, a, s00); s01 = TUnit.MultiplyAdd(d, b, s01); s02 = TUnit.MultiplyAdd(d, c, s02);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g, row)); s10 = TUnit.MultiplyAdd(d, a, s10); s11 = TUnit.MultiplyAdd(d, b, s11); s12 = TUnit.MultiplyAdd(d, c, s12);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g, row2)); s20 = TUnit.MultiplyAdd(d, a, s20); s21 = TUnit.MultiplyAdd(d, b, s21); s22 = TUnit.MultiplyAdd(d, c, s22);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g, row3)); s30 = TUnit.MultiplyAdd(d, a, s30); s31 = TUnit.MultiplyAdd(d, b, s31); s32 = TUnit.MultiplyAdd(d, c, s32);
            d = TUnit.Load(ref g4); s40 = TUnit.MultiplyAdd(d, a, s40); s41 = TUnit.MultiplyAdd(d, b, s41); s42 = TUnit.MultiplyAdd(d, c, s42);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g4, row)); s50 = TUnit.MultiplyAdd(d, a, s50); s51 = TUnit.MultiplyAdd(d, b, s51); s52 = TUnit.MultiplyAdd(d, c, s52);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g4, row2)); s60 = TUnit.MultiplyAdd(d, a, s60); s61 = TUnit.MultiplyAdd(d, b, s61); s62 = TUnit.MultiplyAdd(d, c, s62);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g4, row3)); s70 = TUnit.MultiplyAdd(d, a, s70); s71 = TUnit.MultiplyAdd(d, b, s71); s72 = TUnit.MultiplyAdd(d, c, s72);
        }
        StoreLanes<TUnit, TVector>(ref sums, 0, s00, s01, s02); StoreLanes<TUnit, TVector>(ref sums, 1, s10, s11, s12);
        StoreLanes<TUnit, TVector>(ref sums, 2, s20, s21, s22); StoreLanes<TUnit, TVector>(ref sums, 3, s30, s31, s32);
        StoreLanes<TUnit, TVector>(ref sums, 4, s40, s41, s42); StoreLanes<TUnit, TVector>(ref sums, 5, s50, s51, s52);
        StoreLanes<TUnit, TVector>(ref sums, 6, s60, s61, s62); StoreLanes<TUnit, TVector>(ref sums, 7, s70, s71, s72);
    }

    /// <summary>4 channels by 3 terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotLowTile<TUnit, TVector>(ref float gradient, nint stride, ref float x0, ref float x1, ref float x2, int steps, ref float sums)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        TVector s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        TVector s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        nint row = stride * sizeof(float), row2 = 2 * row, row3 = 3 * row;
        for (nint at = 0; at < (nint)steps * Lanes.Width; at += Lanes.Width)
        {
            var a = TUnit.Load(ref Unsafe.Add(ref x0, at));
            var b = TUnit.Load(ref Unsafe.Add(ref x1, at));
            var c = TUnit.Load(ref Unsafe.Add(ref x2, at));
            ref var g = ref Unsafe.Add(ref gradient, at);
            TVector d;
            d = TUnit.Load(ref g); s00 = TUnit.MultiplyAdd(d, a, s00); s01 = TUnit.MultiplyAdd(d, b, s01); s02 = TUnit.MultiplyAdd(d, c, s02);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g, row)); s10 = TUnit.MultiplyAdd(d, a, s10); s11 = TUnit.MultiplyAdd(d, b, s11); s12 = TUnit.MultiplyAdd(d, c, s12);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g, row2)); s20 = TUnit.MultiplyAdd(d, a, s20); s21 = TUnit.MultiplyAdd(d, b, s21); s22 = TUnit.MultiplyAdd(d, c, s22);
            d = TUnit.Load(ref Unsafe.AddByteOffset(ref g, row3)); s30 = TUnit.MultiplyAdd(d, a, s30); s31 = TUnit.MultiplyAdd(d, b, s31); s32 = TUnit.MultiplyAdd(d, c, s32);
        }
        StoreLanes<TUnit, TVector>(ref sums, 0, s00, s01, s02); StoreLanes<TUnit, TVector>(ref sums, 1, s10, s11, s12);
        StoreLanes<TUnit, TVector>(ref sums, 2, s20, s21, s22); StoreLanes<TUnit, TVector>(ref sums, 3, s30, s31, s32);
    }

    /// <summary>One channel's three sums, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes<TUnit, TVector>(ref float sums, int channel, TVector first, TVector second, TVector third)
        where TUnit : IVectorUnit<TVector> where TVector : struct
    {
        ref var to = ref Unsafe.Add(ref sums, channel * TileTerms * Lanes.Width);
        TUnit.Store(first, ref to);
        TUnit.Store(second, ref Unsafe.Add(ref to, Lanes.Width));
        TUnit.Store(third, ref Unsafe.Add(ref to, 2 * Lanes.Width));
    }
}
