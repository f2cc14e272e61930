using System.Text.Json.Nodes;
using CourseKit.Charts;
using CourseKit.Cli.Kernelspecs;

namespace CourseKit.Cli.Tests.Kernelspecs;

public sealed class KernelspecTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("coursekit-jupyter-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static readonly KernelProgram Program = new([Environment.ProcessPath!, "kit.dll"], new Dictionary<string, string> { ["SOME"] = "value" });

    private Task<string> WriteAsync(string name, KernelProgram? program = null) =>
        KernelspecWriter.WriteAsync(data, name, "C# for people", (_, _) => Task.FromResult(program ?? Program));

    private string WriteForeign(string name, string json)
    {
        var folder = Directory.CreateDirectory(Path.Combine(data, "kernels", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "kernel.json"), json);
        return folder;
    }

    [Fact]
    public async Task A_kernel_that_was_written_is_found_as_ours()
    {
        var folder = await WriteAsync(".net-csharp");
        var found = Assert.Single(Kernelspec.FindAll([data]));
        Assert.Equal(".net-csharp", found.Name);
        Assert.Equal(folder, found.Folder);
        Assert.Equal("C# for people", found.DisplayName);
        Assert.Equal("C#", found.Language);
        Assert.Equal([Environment.ProcessPath!, "kit.dll", "kernel", "start", "{connection_file}"], found.Arguments);
        Assert.True(found.IsOurs);
        Assert.Null(found.Problem);
    }

    [Fact]
    public async Task The_kernel_asks_for_interrupts_by_message_and_brings_its_pictures_and_script()
    {
        var folder = await WriteAsync("coursekit");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "kernel.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal("message", (string?)json["interrupt_mode"]);
        Assert.Equal("value", (string?)json["env"]!["SOME"]);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(folder, "logo-svg.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(PlotlyScript.IsEmbedded, File.Exists(Path.Combine(folder, PlotlyScript.FileName)));
    }

    [Fact]
    public async Task A_second_install_replaces_the_whole_folder_and_leaves_nothing_beside()
    {
        var folder = await WriteAsync("coursekit");
        await File.WriteAllTextAsync(Path.Combine(folder, "stale.txt"), "old", TestContext.Current.CancellationToken);
        await WriteAsync("coursekit");
        Assert.False(File.Exists(Path.Combine(folder, "stale.txt")));
        Assert.Equal([Path.Combine(data, "kernels")], Directory.EnumerateFileSystemEntries(data));
    }

    [Fact]
    public async Task When_preparing_fails_the_old_kernel_stays_whole()
    {
        var folder = await WriteAsync("coursekit");
        await Assert.ThrowsAsync<IOException>(() => KernelspecWriter.WriteAsync(data, "coursekit", "new", (_, _) => throw new IOException("disk full")));
        Assert.Equal("C# for people", Kernelspec.Read(folder)!.DisplayName);
        Assert.Equal([Path.Combine(data, "kernels")], Directory.EnumerateFileSystemEntries(data));
    }

    [Fact]
    public async Task Removing_takes_the_folder_and_nothing_else()
    {
        await WriteAsync("coursekit");
        var foreign = WriteForeign("python3", """{ "argv": ["python3"], "display_name": "Python", "language": "python" }""");
        KernelspecWriter.Remove(Kernelspec.FindAll([data]).Single(kernel => kernel.IsOurs));
        Assert.Equal([foreign], Kernelspec.FindAll([data]).Select(kernel => kernel.Folder));
        Assert.Equal([Path.Combine(data, "kernels")], Directory.EnumerateFileSystemEntries(data));
    }

    [Fact]
    public async Task A_program_that_is_gone_is_named()
    {
        var gone = Path.Combine(data, "gone", "kit.dll");
        await WriteAsync("coursekit", Program with { Command = [Environment.ProcessPath!, gone] });
        Assert.Equal($"{gone} is gone", Assert.Single(Kernelspec.FindAll([data])).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    [InlineData("""{ "argv": "no list" }""")]
    [InlineData("""{ "argv": [1, null], "display_name": 3, "metadata": [] }""")]
    public void A_broken_kernel_json_of_another_program_breaks_nothing(string json)
    {
        WriteForeign("broken", json);
        Assert.All(Kernelspec.FindAll([data]), kernel =>
        {
            Assert.False(kernel.IsOurs);
            Assert.NotNull(kernel.Problem);
        });
    }

    [Theory]
    [InlineData(".net-csharp", true)]
    [InlineData("C_Sharp.2", true)]
    [InlineData("C sharp", false)]
    [InlineData("../up", false)]
    [InlineData("größe", false)]
    [InlineData("", false)]
    public void Names_are_those_that_Jupyter_allows(string name, bool allowed) => Assert.Equal(allowed, Kernelspec.IsName(name));

    [Fact]
    public void Figures_look_for_their_script_where_the_kernel_puts_it()
    {
        var html = Figure.Line([1.0, 2.0]).ToHtml();
        Assert.Contains($"'{Kernelspec.PreferredName}'", html, StringComparison.Ordinal);
        Assert.Contains($"'{Kernelspec.OtherName}'", html, StringComparison.Ordinal);
        Assert.Contains($"/{PlotlyScript.FileName}'", html, StringComparison.Ordinal);
    }
}
