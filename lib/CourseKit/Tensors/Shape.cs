using System.Collections;
using System.Runtime.CompilerServices;

namespace CourseKit;

/// <summary>The lengths of a tensor's axes, for example 32x784: 32 rows of 784 numbers. A scalar has no axis.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The largest number of axes a tensor can have.</summary>
    public const int MaximumRank = 8;

    /// <summary>The shape of a single number: no axis.</summary>
    public static readonly Shape Scalar = new([]);

    private readonly int[] lengths;

    private Shape(int[] lengths)
    {
        this.lengths = lengths;
        ElementCount = 1;
        foreach (var length in lengths)
            ElementCount *= length; // ShapeCheck has made sure that it fits
    }

    /// <summary>Makes a shape from the lengths of its axes, slowest first.</summary>
    /// <exception cref="ShapeException">A length is negative, there are more than <see cref="MaximumRank"/> axes, or more numbers than an <see cref="int"/> counts.</exception>
    public static Shape Create(params ReadOnlySpan<int> lengths)
    {
        ShapeCheck.Lengths(lengths);
        return lengths.Length == 0 ? Scalar : new Shape(lengths.ToArray());
    }

    /// <summary>The number of axes.</summary>
    public int Rank => lengths.Length;

    /// <summary>The number of elements: the product of all lengths, 1 for a scalar.</summary>
    public int ElementCount { get; }

    /// <summary>The length of an axis; a negative axis counts from the end, so -1 is the last.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int this[int axis] => lengths[Axis(axis)];

    /// <summary>The lengths as a span, without a copy.</summary>
    public ReadOnlySpan<int> AsSpan() => lengths;

    /// <summary>Turns a negative axis into the one it means.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int axis)
    {
        var resolved = axis < 0 ? axis + Rank : axis;
        ShapeCheck.Axis(axis, resolved, this);
        return resolved;
    }

    /// <summary>The shape two shapes broadcast to, by NumPy's rule: aligned at the last axis, a 1 stretches.</summary>
    /// <exception cref="ShapeException">Two lengths differ and neither is 1.</exception>
    public static Shape Broadcast(Shape left, Shape right, string operation = "broadcast")
    {
        if (left.Equals(right))
            return left;
        var rank = Math.Max(left.Rank, right.Rank);
        Span<int> result = stackalloc int[rank];
        for (var fromEnd = 1; fromEnd <= rank; fromEnd++)
        {
            var a = fromEnd <= left.Rank ? left.lengths[^fromEnd] : 1;
            var b = fromEnd <= right.Rank ? right.lengths[^fromEnd] : 1;
            ShapeCheck.Broadcast(operation, left, right, a, b);
            result[rank - fromEnd] = a == 1 ? b : a;
        }
        return result.SequenceEqual(left.lengths) ? left : result.SequenceEqual(right.lengths) ? right : Create(result);
    }

    /// <summary>This shape with one axis taken away, or set to length 1.</summary>
    internal Shape Reduce(int axis, bool keepDimension)
    {
        axis = Axis(axis);
        var result = new List<int>(lengths);
        if (keepDimension)
            result[axis] = 1;
        else
            result.RemoveAt(axis);
        return Create([.. result]);
    }

    /// <summary>How far a contiguous tensor of this shape moves along each axis.</summary>
    internal int[] Steps()
    {
        var steps = new int[Rank];
        var step = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= lengths[axis];
        }
        return steps;
    }

    /// <summary>This shape with one axis of another length.</summary>
    internal Shape With(int axis, int length)
    {
        var result = lengths.ToArray();
        result[axis] = length;
        return Create(result);
    }

    /// <summary>The shape seen as outer x length x inner around one axis, the form every reduction works on.</summary>
    internal (int Outer, int Length, int Inner) Around(int axis)
    {
        axis = Axis(axis);
        int outer = 1, inner = 1;
        for (var i = 0; i < axis; i++)
            outer *= lengths[i];
        for (var i = axis + 1; i < Rank; i++)
            inner *= lengths[i];
        return (outer, lengths[axis], inner);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && (ReferenceEquals(this, other) || lengths.AsSpan().SequenceEqual(other.lengths));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var length in lengths)
            hash.Add(length);
        return hash.ToHashCode();
    }

    /// <summary>The lengths joined by x, for example 32x784; "scalar" where there is none.</summary>
    public override string ToString() => Rank == 0 ? "scalar" : string.Join('x', lengths);

    int IReadOnlyCollection<int>.Count => Rank;

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)lengths).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => lengths.GetEnumerator();
}
