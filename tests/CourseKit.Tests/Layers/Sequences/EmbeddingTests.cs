namespace CourseKit.Tests;

public class EmbeddingTests
{
    [Fact]
    public void An_index_becomes_its_row_whatever_the_shape_of_the_indices()
    {
        var embedding = new Embedding(4, 3, generator: new Generator(1));
        var rows = embedding.Weight.ToMatrix();
        var y = embedding.Forward(IntTensor.From([3, 0, 0, 2, 1, 3], [3, 1, 2]));
        Assert.Equal([3, 1, 2, 3], y.Shape);
        for (var i = 0; i < 3; i++)
            Assert.Equal((rows[3, i], rows[2, i]), (y[0, 0, 0, i], y[1, 0, 1, i]));
    }

    [Fact]
    public void A_row_gets_the_gradients_of_all_its_reads_and_an_unread_one_none()
    {
        var embedding = new Embedding(4, 2, generator: new Generator(1));
        embedding.Forward(IntTensor.From([3, 0, 3, 3])).Sum().Backward();
        Assert.Equal([1, 1, 0, 0, 0, 0, 3, 3], embedding.Weight.Grad!.ToArray());
    }

    [Fact]
    public void The_row_of_padding_starts_at_zero_and_stays_there()
    {
        var embedding = new Embedding(4, 2, paddingIndex: 3, new Generator(1));
        var indices = IntTensor.From([3, 0, 3, 1], [2, 2]);
        Assert.Equal([0, 0], embedding.Forward(indices).Select(0, 0).Select(0, 0).ToArray());
        var optimizer = new SGD(embedding.Parameters(), 0.1);
        (embedding.Forward(indices) + 1).Square().Sum().Backward();
        optimizer.Step();
        Assert.Equal([0, 0], embedding.Weight.Select(0, 3).ToArray());
        Assert.NotEqual(0, embedding.Weight.Grad![0, 0]);
    }

    [Fact]
    public void First_rows_are_normal()
    {
        var weight = new Embedding(200, 50, generator: new Generator(1)).Weight;
        Assert.InRange(weight.Mean().Item(), -0.03, 0.03);
        Assert.InRange(weight.Square().Mean().Item(), 0.95, 1.05);
    }
}
