using System.Text.Json;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class ReferenceTests
{
    private static readonly SessionOptions s_options = new()
    {
        KitPackages = new Dictionary<string, string>
        {
            ["MathNet.Numerics"] = typeof(MathNet.Numerics.Constants).Assembly.Location,
            ["Test.Kit"] = typeof(ReferenceTests).Assembly.Location,
        },
    };

    [Theory]
    [InlineData("#r \"nuget: MathNet.Numerics\"")]
    [InlineData("#r \"nuget:mathnet.numerics,5.0.0\"")]
    [InlineData("#r nuget: MathNet.Numerics, *-*")]
    public async Task A_package_of_the_kit_is_loaded_by_its_id(string reference)
    {
        await using var session = await Sessions.StartWarmAsync(options: s_options);
        var result = await session.RunAsync($"// first cell\n{reference}\n{reference}\nusing MathNet.Numerics.LinearAlgebra;\nMatrix<double>.Build.DenseIdentity(3).Trace()");
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("3", result.Value());
        await session.RunAsync("this does not compile");
        Assert.Equal(CellStatus.Ok, (await session.RunAsync(reference)).Status);
        Assert.Equal("4", await session.ValueOfAsync("Matrix<double>.Build.DenseIdentity(4).Trace()"));
        Assert.Equal("1", await session.ValueOfAsync("AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == \"MathNet.Numerics\")"));
    }

    [Fact]
    public async Task A_package_brings_the_assemblies_beside_it_that_it_needs()
    {
        await using var session = await Sessions.StartWarmAsync(options: s_options);
        Assert.Equal("4", await session.ValueOfAsync("#r \"nuget: Test.Kit\"\nusing MathNet.Numerics;\nConstants.Pi > 3 ? 4 : 0"));
    }

    [Fact]
    public async Task A_type_shows_itself_by_the_attribute_convention_alone()
    {
        await using var session = await Sessions.StartWarmAsync(options: s_options);
        var result = await session.RunAsync("#r \"nuget: Test.Kit, 0.1.0\"\nnew CourseKit.Session.Tests.Picture(7)");
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        var data = result.Outputs[0]["data"]!.AsObject();
        Assert.Equal(JsonValueKind.Object, data["application/vnd.plotly.v1+json"]!.GetValueKind());
        Assert.Equal(7, (int)data["application/vnd.plotly.v1+json"]!["data"]![0]!["y"]!);
        Assert.Equal("<p>7</p>", (string?)data["text/html"]);
        Assert.Equal("a picture of 7", (string?)data["text/plain"]);
    }

    [Fact]
    public async Task An_assembly_is_loaded_by_its_path_and_a_missing_or_wrong_file_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        try
        {
            File.Copy(typeof(MathNet.Numerics.Constants).Assembly.Location, Path.Combine(folder.FullName, "MathNet.Numerics.dll"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "text.dll"), "no assembly", TestContext.Current.CancellationToken);
            await using var session = await Sessions.StartWarmAsync(options: new SessionOptions { WorkingDirectory = folder.FullName });
            Assert.Equal("True", await session.ValueOfAsync("#r \"MathNet.Numerics.dll\"\nMathNet.Numerics.Constants.Pi > 3"));
            var missing = await session.RunAsync("#r \"missing.dll\"");
            Assert.Contains(Path.Combine(folder.FullName, "missing.dll"), missing.Message, StringComparison.Ordinal);
            var wrong = await session.RunAsync("#r \"text.dll\"");
            Assert.Contains("is not a .NET assembly", wrong.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Cells_run_in_the_folder_they_were_given()
    {
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        await using (var session = await Sessions.StartWarmAsync(options: new SessionOptions { WorkingDirectory = folder.FullName }))
        {
            await session.RunAsync("System.IO.File.WriteAllText(\"here.txt\", \"x\");");
            Assert.True(File.Exists(Path.Combine(folder.FullName, "here.txt")));
        }

        folder.Delete(recursive: true);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Sessions.StartAsync(options: new SessionOptions { WorkingDirectory = folder.FullName }));
    }
}
