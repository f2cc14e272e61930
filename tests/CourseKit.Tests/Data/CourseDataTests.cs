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

    [Theory]
    [InlineData("diabetes_progression.csv", 442, 11)]
    [InlineData("pima_diabetes.csv", 768, 9)]
    [InlineData("survival_nwtco.csv", 4028, 9)]
    [InlineData("alzheimer_ad_data.csv", 333, 131)]
    [InlineData("digits8x8.csv", 1797, 65)]
    [InlineData("dna_splice.csv", 3186, 2)]
    [InlineData("ecoli_promoters.csv", 106, 2)]
    [InlineData("ecg_mitbih208_360hz_i16.csv", 108_000, 1)]
    [InlineData("karate_edges.csv", 78, 3)]
    [InlineData("karate_nodes.csv", 34, 2)]
    [InlineData("nci5k_smiles_tpsa.csv", 4999, 2)]
    public void A_table_in_a_folder_of_the_data_is_found_by_its_name_alone(string file, int rows, int columns)
    {
        var table = Table.Load(file);
        Assert.Equal((rows, columns), (table.RowCount, table.Columns.Count));
    }

    [Fact]
    public void Every_file_of_the_data_is_named_with_its_source()
    {
        var sources = DataFiles.Find("SOURCES.md");
        var text = File.ReadAllText(sources);
        var folder = Path.GetDirectoryName(sources)!;
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Except(["SOURCES.md"]).ToList();
        Assert.Contains("volumes/t1_128x128x62.nii.gz", files);
        Assert.All(files, file => Assert.Contains($"`{file}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_are_read_with_one_kind_of_line_end()
    {
        Assert.StartsWith("PRIDE AND PREJUDICE\n\nBy Jane Austen\n", DataFiles.ReadText("pride_and_prejudice.txt"), StringComparison.Ordinal);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt");
        try
        {
            File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "a\r\nb\rc\n"u8]);
            Assert.Equal("a\nb\nc\n", DataFiles.ReadText(path));
            File.WriteAllBytes(path, [65, 0xE4, 66]);
            Assert.Contains("not UTF-8", Assert.Throws<FormatException>(() => DataFiles.ReadText(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
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

    [Fact]
    public void Folders_directly_inside_are_looked_into_and_those_further_down_are_not()
    {
        Directory.CreateDirectory(Path.Combine(folder, "inner", "deep"));
        File.WriteAllText(Path.Combine(folder, "inner", "near.csv"), "a\n1\n");
        File.WriteAllText(Path.Combine(folder, "inner", "deep", "far.csv"), "a\n1\n");
        Environment.SetEnvironmentVariable(DataFiles.EnvironmentVariable, folder);
        Assert.Equal(Path.Combine(folder, "inner", "near.csv"), DataFiles.Find("near.csv"));
        Assert.Throws<FileNotFoundException>(() => DataFiles.Find("far.csv"));
        Assert.Equal(Path.Combine(folder, "inner", "deep", "far.csv"), DataFiles.Find(Path.Combine("inner", "deep", "far.csv")));
    }
}
