using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// What a kernel needs of the machine's vectors. A kernel that keeps its sums in registers is written once and compiled for each
/// width: sixteen lanes are one register on one machine and four on another, and a tile that fits thirty-two registers spills from sixteen.
/// </summary>
internal interface IVectorUnit<TVector> where TVector : struct
{
    /// <summary>Lanes of one vector.</summary>
    static abstract int Count { get; }

    /// <summary>Neighbouring numbers.</summary>
    static abstract TVector Load(ref float from);

    /// <summary>One number in every lane.</summary>
    static abstract TVector Broadcast(ref float number);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The lanes side by side.</summary>
    static abstract void Store(TVector vector, ref float to);
}

internal readonly struct Unit512 : IVectorUnit<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float from) => Vector512.LoadUnsafe(ref from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(ref float number) => Vector512.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> vector, ref float to) => vector.StoreUnsafe(ref to);
}

internal readonly struct Unit256 : IVectorUnit<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref float from) => Vector256.LoadUnsafe(ref from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(ref float number) => Vector256.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> vector, ref float to) => vector.StoreUnsafe(ref to);
}

internal readonly struct Unit128 : IVectorUnit<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref float from) => Vector128.LoadUnsafe(ref from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(ref float number) => Vector128.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> vector, ref float to) => vector.StoreUnsafe(ref to);
}
