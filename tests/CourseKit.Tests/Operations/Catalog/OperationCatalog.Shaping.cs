namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    private static IEnumerable<Operation> Shaping() =>
    [
        // Each result is used in a way that depends on the place, so that a wrong place shows.
        Unary("Reshape", "Reshape(ReadOnlySpan<Int32>)", x => x.Reshape(-1, 3), shape: n => [3, n]),
        Unary("Flatten", "Flatten()", x => x.Flatten(), shape: n => [2, 3, n]),
        Unary("Rows from a place on", "Rows(Int32, Int32)", x => x.Rows(1, 2), shape: n => [4, n]),
        Unary("Rows, all but one", "Rows(Int32, Int32)", x => x.Rows(1, x.Shape[0] - 1), shape: n => [n, 3]),
        Unary("Rows used twice", "Rows(Int32, Int32)", x => x.Rows(0, 2) * x.Rows(1, 2), shape: n => [3, n]),
        Unary("Columns", "Columns(Int32, Int32)", x => x.Columns(1, 2), shape: n => [n, 4]),
        Unary("Columns of a wide matrix", "Columns(Int32, Int32)", x => x.Columns(1, x.Shape[1] - 1), shape: n => [3, n]),
        Unary("Transpose", "Transpose()", x => x.Transpose(), shape: n => [3, n]),
        Unary("Transpose of a tall matrix", "Transpose()", x => x.Transpose(), shape: n => [n, 3]),
        Unary("Transpose of two axes of four", "Transpose(Int32, Int32)", x => x.Transpose(1, 2), shape: n => [2, 3, n, 4]),
        Unary("Transpose of the last two axes", "Transpose(Int32, Int32)", x => x.Transpose(-1, -2), shape: n => [2, n, 5]),
        Unary("Permute, all axes moved", "Permute(ReadOnlySpan<Int32>)", x => x.Permute(2, 0, 1), shape: n => [2, n, 3]),
        Unary("Permute, reversed", "Permute(ReadOnlySpan<Int32>)", x => x.Permute(3, 2, 1, 0), shape: n => [2, 3, n, 2]),
        Unary("Permute, nothing moved", "Permute(ReadOnlySpan<Int32>)", x => x.Permute(0, 1), shape: n => [2, n]),
        Unary("Slice of the first axis", "Slice(Int32, Int32, Int32, Int32)", x => x.Slice(0, 1, 2), shape: n => [4, n]),
        Unary("Slice of the middle axis", "Slice(Int32, Int32, Int32, Int32)", x => x.Slice(1, 1, 3), shape: n => [2, 5, n]),
        Unary("Slice of the last axis, every second", "Slice(Int32, Int32, Int32, Int32)", x => x.Slice(-1, 0, (x.Shape[-1] + 1) / 2, 2), shape: n => [3, n]),
        Unary("Slice of the first axis, every third", "Slice(Int32, Int32, Int32, Int32)", x => x.Slice(0, 0, (x.Shape[0] + 2) / 3, 3), shape: n => [n, 3]),
        Unary("a range of each axis", "", x => x[1..3, .., ^2..], shape: n => [4, n, 5]),
        Unary("Select", "Select(Int32, Int32)", x => x.Select(1, 2), shape: n => [2, 3, n]),
        Unary("Squeeze", "Squeeze(Int32)", x => x.Squeeze(1), shape: n => [2, 1, n]),
        Unary("Unsqueeze", "Unsqueeze(Int32)", x => x.Unsqueeze(-1), shape: n => [2, n]),
        Unary("Flip of the last axis", "Flip(Int32)", x => x.Flip(-1), shape: n => [3, n]),
        Unary("Flip of the first axis", "Flip(Int32)", x => x.Flip(0), shape: n => [n, 3]),
        Unary("Expand a row", "Expand(ReadOnlySpan<Int32>)", x => x.Expand(2, 3, x.Shape[-1]), shape: n => [n]),
        Unary("Expand the middle axis", "Expand(ReadOnlySpan<Int32>)", x => x.Expand(2, 4, x.Shape[-1]), shape: n => [2, 1, n]),
        Unary("Expand to the same shape", "Expand(ReadOnlySpan<Int32>)", x => x.Expand(1, 3, x.Shape[-1]), shape: n => [3, n]),
        Unary("Pad the last axis", "Pad(Int32, Int32, Int32, Double)", x => x.Pad(-1, 2, 1, 0.5), shape: n => [3, n]),
        Unary("Pad the first axis", "Pad(Int32, Int32, Int32, Double)", x => x.Pad(0, 0, 3), shape: n => [n, 2]),
        new("Concatenate along the first axis", "Concatenate(Int32, ReadOnlySpan<Tensor>)", x => Tensor.Concatenate(0, [.. x]), [new(n => [n, 3], Values.Any), new(_ => [2, 3], Values.Any), new(n => [n, 3], Values.Any)]),
        new("Concatenate along the last axis", "Concatenate(Int32, ReadOnlySpan<Tensor>)", x => Tensor.Concatenate(-1, [.. x]), [new(n => [3, n], Values.Any), new(_ => [3, 2], Values.Any)]),
        new("Concatenate along the middle axis", "Concatenate(Int32, ReadOnlySpan<Tensor>)", x => Tensor.Concatenate(1, [.. x]), [new(n => [2, 1, n], Values.Any), new(n => [2, 3, n], Values.Any)]),
        Unary("Concatenate a tensor with itself", "Concatenate(Int32, ReadOnlySpan<Tensor>)", x => Tensor.Concatenate(0, x, x), shape: n => [n]),
        new("Stack in front", "Stack(Int32, ReadOnlySpan<Tensor>)", x => Tensor.Stack(0, [.. x]), [new(n => [2, n], Values.Any), new(n => [2, n], Values.Any)]),
        new("Stack at the end", "Stack(Int32, ReadOnlySpan<Tensor>)", x => Tensor.Stack(-1, [.. x]), [new(n => [2, n], Values.Any), new(n => [2, n], Values.Any), new(n => [2, n], Values.Any)]),
        Unary("Chunk", "Chunk(Int32, Int32)", x => { var parts = x.Chunk(3, 1); return parts[0] * parts[2] - parts[1]; }, shape: n => [n, 6]),
    ];

    private static IEnumerable<Operation> Indexing() =>
    [
        Unary("Rows by index, some twice", "Rows(IntTensor)", x => x.Rows(IntTensor.From([2, 0, 2, 3, 2])), shape: n => [4, n]),
        Unary("Rows by index, many", "Rows(IntTensor)", x => x.Rows(Spread(x.Shape[0] + 3, x.Shape[0])), shape: n => [n, 3]),
        Unary("IndexSelect on the last axis", "IndexSelect(Int32, IntTensor)", x => x.IndexSelect(-1, Spread(x.Shape[-1] + 2, x.Shape[-1])), shape: n => [3, n]),
        Unary("IndexSelect on the middle axis", "IndexSelect(Int32, IntTensor)", x => x.IndexSelect(1, IntTensor.From([2, 0, 2])), shape: n => [2, 3, n]),
        Unary("Gather along the last axis", "Gather(Int32, IntTensor)", x => x.Gather(-1, Spread([2, 2 * x.Shape[-1]], x.Shape[-1])), shape: n => [3, n]),
        Unary("Gather along the first axis", "Gather(Int32, IntTensor)", x => x.Gather(0, Spread([2, x.Shape[1], 2], x.Shape[0])), shape: n => [3, n, 2]),
        new("ScatterAdd along the last axis", "ScatterAdd(Int32, IntTensor, Tensor)", x => x[0].ScatterAdd(-1, Spread(x[1].Shape, x[0].Shape[-1]), x[1]), [new(n => [3, n], Values.Any), new(n => [2, n], Values.Any)], n => n),
        new("ScatterAdd along the first axis", "ScatterAdd(Int32, IntTensor, Tensor)", x => x[0].ScatterAdd(0, Spread(x[1].Shape, 3), x[1]), [new(_ => [3, 2], Values.Any), new(n => [n, 2], Values.Any)], n => n),
        Unary("Sort", "Sort(Int32, Boolean)", x => x.Sort().Values, shape: n => [2, n]),
        Unary("Sort descending along the first axis", "Sort(Int32, Boolean)", x => x.Sort(0, descending: true).Values, shape: n => [n, 3]),
        Unary("TopK", "TopK(Int32, Int32, Boolean)", x => x.TopK((x.Shape[-1] + 1) / 2).Values, shape: n => [3, n]),
        Unary("TopK, the smallest along the middle axis", "TopK(Int32, Int32, Boolean)", x => x.TopK(2, 1, largest: false).Values, shape: n => [2, 3, n]),
    ];

    private static IntTensor Spread(Shape shape, int below) => IntTensor.From([.. Enumerable.Range(0, shape.ElementCount).Select(i => i * 7 % Math.Max(1, below))], shape);

    private static IntTensor Spread(int count, int below) => Spread([count], below);
}
