namespace CourseKit.Tests;

/// <summary>The data sets that come with the kit, and how they are found.</summary>
public class CourseDataTests
{
    [Fact]
    public void Iris_has_150_flowers_50_of_each_species_with_four_measures()
    {
        var iris = Table.Load("iris.csv");
        Assert.Equal(150, iris.RowCount);
        Assert.Equal(["Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width", "Species"], iris.Columns);
        foreach (var species in new[] { "setosa", "versicolor", "virginica" })
            Assert.Equal(50, iris.Where("Species", species).RowCount);
        var features = iris.Numbers([.. iris.Columns.Take(4)]);
        Assert.Equal("150x4", features.Shape.ToString());
        Assert.All([(0, 5.843333), (1, 3.057333), (2, 3.758), (3, 1.199333)], mean => Assert.Equal(mean.Item2, features.Mean(0)[mean.Item1], tolerance: 1e-5));
    }

    [Fact]
    public void WDBC_has_569_tumours_357_benign_and_212_malignant_with_thirty_features()
    {
        var wdbc = Table.Load("wdbc.csv");
        Assert.Equal(569, wdbc.RowCount);
        Assert.Equal(31, wdbc.Columns.Count);
        Assert.Equal(357, wdbc.Where("diagnosis", "B").RowCount);
        Assert.Equal(212, wdbc.Where("diagnosis", "M").RowCount);
        Assert.Equal(212, wdbc.Targets("diagnosis", "M").Sum().Item());
        Assert.Equal("569x30", wdbc.Numbers([.. wdbc.Columns.Where(column => column != "diagnosis")]).Shape.ToString());
    }

    [Fact]
    public void A_file_that_is_nowhere_is_answered_with_where_it_was_looked_for()
    {
        var error = Assert.Throws<FileNotFoundException>(() => DataFiles.Find("no-such-data.csv"));
        Assert.StartsWith("The data file no-such-data.csv was not found. Put it beside the notebook", error.Message, StringComparison.Ordinal);
        Assert.Contains(DataFiles.EnvironmentVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Directory.GetCurrentDirectory(), "data"), error.Message, StringComparison.Ordinal);
        Assert.Equal("no-such-data.csv", error.FileName);
    }

    [Fact]
    public void A_file_named_by_its_whole_path_is_found()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        File.WriteAllText(path, "a\n1\n");
        try
        {
            Assert.Equal(path, DataFiles.Find(path));
            Assert.Equal([1f], Table.Load(path).Numbers("a").ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>The folder that the environment names comes first.</summary>
[Collection(ProcessWide.Name)]
public sealed class DataFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-data").FullName;
    private readonly string? before = Environment.GetEnvironmentVariable(DataFiles.EnvironmentVariable);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(DataFiles.EnvironmentVariable, before);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_folder_named_by_the_environment_comes_first()
    {
        File.WriteAllText(Path.Combine(folder, "iris.csv"), "a\n1\n");
        Environment.SetEnvironmentVariable(DataFiles.EnvironmentVariable, folder);
        Assert.Equal(1, Table.Load("iris.csv").RowCount);
        Assert.Equal(569, Table.Load("wdbc.csv").RowCount); // what is not there is still found elsewhere
    }
}
