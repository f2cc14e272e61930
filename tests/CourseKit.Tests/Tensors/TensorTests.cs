namespace CourseKit.Tests;

/// <summary>Making, reading and printing tensors.</summary>
public class TensorTests
{
    [Fact]
    public void Numbers_come_back_as_they_went_in_last_axis_fastest()
    {
        foreach (var device in Device.All)
        {
            var tensor = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, device);
            Assert.Equal("2x3", tensor.Shape.ToString());
            Assert.Equal([1, 2, 3, 4, 5, 6], tensor.ToArray());
            Assert.Equal(6, tensor[1, 2]);
            Assert.Equal(4, tensor[1, 0]);
            Assert.Equal(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, tensor.ToMatrix());
        }
        Assert.Equal([0.5f, 0.25f], Tensor.From([0.5f, 0.25f]).ToArray());
    }

    [Fact]
    public void A_matrix_without_rows_or_columns_is_a_tensor_too()
    {
        Assert.Equal("0x3", Tensor.From(new double[0, 3]).Shape.ToString());
        Assert.Equal("2x0", Tensor.From(new double[2, 0]).Shape.ToString());
    }

    [Fact]
    public void The_usual_tensors_hold_what_their_names_say()
    {
        Assert.Equal([0, 0, 0, 0], Tensor.Zeros(2, 2).ToArray());
        Assert.Equal([1, 1, 1], Tensor.Ones(3).ToArray());
        Assert.Equal([7, 7], Tensor.Full([2], 7).ToArray());
        Assert.Equal([0, 1, 2, 3], Tensor.Arange(4).ToArray());
        Assert.Equal([-1, -0.5f, 0, 0.5f, 1], Tensor.Linspace(-1, 1, 5).ToArray());
        Assert.Equal([3], Tensor.Linspace(3, 9, 1).ToArray());
        Assert.Equal(2.5, Tensor.Scalar(2.5).Item());
        Assert.Equal(0, Tensor.Scalar(2.5).Shape.Rank);
    }

    [Fact]
    public void A_tensor_moves_between_devices_with_its_numbers()
    {
        var there = Tensor.From([1.0, 2], null, Device.Cpu).To(Device.Reference);
        Assert.Same(Device.Reference, there.Device);
        Assert.Same(there, there.To(Device.Reference));
        Assert.Equal([1, 2], there.To(Device.Cpu).ToArray());
        there.CopyFrom(Tensor.From([3.0, 4], null, Device.Cpu));
        Assert.Equal([3, 4], there.ToArray());
    }

    [Fact]
    public void A_view_looks_at_the_same_numbers_and_a_clone_does_not()
    {
        var tensor = Tensor.Arange(6);
        var (view, clone) = (tensor.Reshape(2, 3).Rows(1, 1), tensor.Clone());
        tensor.CopyFrom(Tensor.Full([6], 9));
        Assert.Equal([9, 9, 9], view.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5], clone.ToArray());
    }

    [Fact]
    public void ArgMax_finds_the_place_along_any_axis()
    {
        foreach (var device in Device.All)
        {
            var tensor = Tensor.From(new double[,] { { 1, 5, 2 }, { 7, 0, 2 } }, device);
            Assert.Equal([1, 0], tensor.ArgMax(1).ToArray());
            Assert.Equal([1, 0, 0], tensor.ArgMax(0).ToArray());
            Assert.Equal([5, 7], tensor.Max(1).ToArray());
        }
    }

    [Fact]
    public void A_tensor_prints_its_shape_and_its_numbers_in_every_culture_alike()
    {
        var tensor = Tensor.From(new double[,] { { 1.5, -2 }, { 0.001, 1e9 } });
        var text = InCulture.Run(Cultures.German, tensor.ToString);
        Assert.Contains("2x2 on cpu", text, StringComparison.Ordinal);
        Assert.Contains("[[1.5, -2],\n [0.001, 1E+09]]", text, StringComparison.Ordinal);
        Assert.Contains("[0, 1, 2, ..., 97, 98, 99]", Tensor.Arange(100).ToString(), StringComparison.Ordinal);
        Assert.Equal("2.5", InCulture.Run(Cultures.German, Tensor.Scalar(2.5).ToString));
    }

    [Fact]
    public void Shapes_with_equal_lengths_are_equal()
    {
        Assert.Equal(Shape.Create(2, 3), [2, 3]);
        Assert.Equal(Shape.Create(2, 3).GetHashCode(), Shape.Create(2, 3).GetHashCode());
        Assert.NotEqual(Shape.Create(2, 3), [3, 2]);
        Assert.Equal(Shape.Scalar, []);
        Assert.Equal(3, Shape.Create(2, 3)[-1]);
        Assert.Equal([4, 3, 2], Shape.Broadcast([3, 1], [4, 1, 2]));
    }
}
