namespace CourseKit.Tests;

/// <summary>Numbers taken out of tensors, put together and put in order: small cases that can be read.</summary>
public class IndexingTests
{
    // 0 1 2 3
    // 4 5 6 7
    // 8 9 10 11
    private static Tensor Grid(Device device) => Tensor.Arange(12, device).Reshape(3, 4);

    public static TheoryData<string> Devices => [.. Device.All.Select(device => device.Name)];

    private static Device Named(string name) => Device.All.Single(device => device.Name == name);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Ranges_pick_a_block(string device)
    {
        var x = Grid(Named(device));
        AssertRows(x[1..], [[4, 5, 6, 7], [8, 9, 10, 11]]);
        AssertRows(x[.., 1..3], [[1, 2], [5, 6], [9, 10]]);
        AssertRows(x[^2.., ^1..], [[7], [11]]);
        AssertRows(x[0..1, ..], [[0, 1, 2, 3]]);
        Assert.Equal([0, 4], x[3..].Shape);
        Assert.Equal(6, x[1, 2]);
        x[1, 2] = -1;
        AssertRows(x[1..2], [[4, 5, -1, 7]]);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Neighbouring_rows_share_memory_and_columns_do_not(string device)
    {
        var x = Grid(Named(device));
        var (rows, columns) = (x[1..2], x[.., 1..2]);
        x.CopyFrom(Tensor.Full([3, 4], -1, x.Device));
        AssertRows(rows, [[-1, -1, -1, -1]]);
        AssertRows(columns, [[1], [5], [9]]);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Axes_are_moved_flipped_stretched_and_joined(string device)
    {
        var x = Grid(Named(device));
        AssertRows(x.Slice(1, 0, 2, step: 3), [[0, 3], [4, 7], [8, 11]]);
        AssertRows(x[..2].Flip(1), [[3, 2, 1, 0], [7, 6, 5, 4]]);
        AssertRows(x[..2].Flip(0), [[4, 5, 6, 7], [0, 1, 2, 3]]);
        AssertRows(x[..2].Permute(1, 0), [[0, 4], [1, 5], [2, 6], [3, 7]]);
        AssertRows(x[.., ..1].Expand(3, 2), [[0, 0], [4, 4], [8, 8]]);
        AssertRows(x[..1].Pad(1, 1, 2, value: 9), [[9, 0, 1, 2, 3, 9, 9]]);
        AssertRows(Tensor.Concatenate(0, x[2..], x[..1]), [[8, 9, 10, 11], [0, 1, 2, 3]]);
        AssertRows(Tensor.Concatenate(-1, x[.., 3..], x[.., ..1]), [[3, 0], [7, 4], [11, 8]]);
        AssertRows(Tensor.Stack(1, x.Select(0, 0), x.Select(0, 2)), [[0, 8], [1, 9], [2, 10], [3, 11]]);
        AssertRows(x.Chunk(2, axis: 1)[1], [[2, 3], [6, 7], [10, 11]]);
        Assert.Equal([3, 1, 4, 1], x.Unsqueeze(1).Unsqueeze(-1).Shape);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Numbers_are_gathered_and_scattered_by_index(string device)
    {
        var x = Grid(Named(device));
        AssertRows(x.IndexSelect(1, IntTensor.From([3, 0, 3])), [[3, 0, 3], [7, 4, 7], [11, 8, 11]]);
        AssertRows(x.Gather(1, IntTensor.From([3, 0, 2], [3, 1])), [[3], [4], [10]]);
        AssertRows(x.Gather(0, IntTensor.From([2, 0, 1, 0], [1, 4])), [[8, 1, 6, 3]]);
        var sums = Tensor.Full([2, 3], 100, x.Device).ScatterAdd(1, IntTensor.From([0, 0, 2, 1], [2, 2]), Tensor.From([1.0, 2, 3, 4], [2, 2], x.Device));
        AssertRows(sums, [[103, 100, 100], [100, 104, 103]]);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Sorting_keeps_the_order_of_equal_numbers_and_puts_NaN_above_all(string device)
    {
        var x = Tensor.From([2, double.NaN, 1, 2, double.PositiveInfinity, 1], null, Named(device));
        Assert.Equal([2, 5, 0, 3, 4, 1], x.ArgSort().ToArray());
        Assert.Equal([1, 4, 0, 3, 2, 5], x.ArgSort(descending: true).ToArray());
        var (values, indices) = x.TopK(3, largest: false);
        Assert.Equal([1, 1, 2], values.ToDoubleArray());
        Assert.Equal([2, 5, 0], indices.ToArray());
        Assert.Equal([1], x.Reshape(1, 6).ArgMax(1).ToArray());
        Assert.True(double.IsNaN(x.Max().Item()));
        Assert.True(double.IsNaN(x.Min().Item()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_smallest_number_is_found_at_its_first_place(string device)
    {
        var x = Tensor.From([4, 1, 1, -2, 0, -2], [2, 3], Named(device));
        Assert.Equal([1, 0], x.ArgMin(1).ToArray());
        Assert.Equal([1, 1, 1], x.ArgMin(0).ToArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void What_is_not_chosen_has_no_influence(string device)
    {
        var on = Named(device);
        var x = Tensor.From([double.NaN, 2, 3], null, on);
        x.RequiresGrad = true;
        var y = Tensor.Where(Tensor.From([0.0, 1, 1], null, on), x, Tensor.Scalar(7, on));
        Assert.Equal([7, 2, 3], y.ToDoubleArray());
        y.Sum().Backward();
        Assert.Equal([0, 1, 1], x.Grad!.ToDoubleArray());
        Assert.Equal([double.NegativeInfinity, 2, 3], x.MaskedFill(Tensor.From([1.0, 0, 0], null, on), double.NegativeInfinity).ToDoubleArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void LogSumExp_neither_overflows_nor_makes_a_NaN_of_infinity(string device)
    {
        var x = Tensor.From([1000, 1000, -1000, -1000, double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity, 0], [4, 2], Named(device));
        Near.Assert([1000 + Math.Log(2), -1000 + Math.Log(2), double.NegativeInfinity, double.PositiveInfinity], x.LogSumExp(1).ToDoubleArray(), 1e-6, 1, "LogSumExp");
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_length_of_nothing_has_the_derivative_0(string device)
    {
        var x = Tensor.Full([3], 0, Named(device));
        x.RequiresGrad = true;
        x.Norm().Backward();
        Assert.Equal([0, 0, 0], x.Grad!.ToDoubleArray());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Equal_numbers_share_the_gradient_of_their_maximum(string device)
    {
        var (a, b) = (Tensor.From([1.0, 2, 3], null, Named(device)), Tensor.From([1.0, 5, 0], null, Named(device)));
        a.RequiresGrad = b.RequiresGrad = true;
        Tensor.Maximum(a, b).Sum().Backward();
        Assert.Equal([0.5, 0, 1], a.Grad!.ToDoubleArray());
        Assert.Equal([0.5, 1, 0], b.Grad!.ToDoubleArray());
    }

    private static void AssertRows(Tensor found, double[][] expected)
    {
        Assert.Equal([expected.Length, expected[0].Length], found.Shape);
        Assert.Equal(expected.SelectMany(row => row), found.ToDoubleArray());
    }
}
