using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary><c>coursekit kernel</c> as a user calls it, in Jupyter folders of the test's own.</summary>
public sealed class KernelCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private Dictionary<string, string?> Variables => new()
    {
        ["JUPYTER_DATA_DIR"] = folder.Of("data"),
        ["JUPYTER_PATH"] = null,
        ["VIRTUAL_ENV"] = null,
        ["CONDA_PREFIX"] = null,
    };

    private Task<CourseKitCommand.Answer> KernelAsync(params string[] arguments) => CourseKitCommand.RunAsync(folder.Path, Variables, ["kernel", .. arguments]);

    private async Task<JsonArray> ListAsync()
    {
        var answer = await KernelAsync("list", "--json");
        Assert.True(answer.ExitCode == 0, answer.Errors);
        return answer.Json["kernels"]!.AsArray();
    }

    private void WriteForeign(string name)
    {
        Directory.CreateDirectory(folder.Of($"data/kernels/{name}"));
        File.WriteAllText(folder.Of($"data/kernels/{name}/kernel.json"), """{ "argv": ["dotnet", "interactive"], "display_name": "Another", "language": "C#" }""");
    }

    [Fact]
    public async Task A_kernel_comes_and_goes()
    {
        var installed = await KernelAsync("install");
        Assert.True(installed.ExitCode == 0, installed.Errors);
        Assert.Contains(".net-csharp", installed.Output, StringComparison.Ordinal);

        var ours = Assert.Single(await ListAsync(), kernel => (bool)kernel!["ours"]!)!;
        Assert.Equal(".net-csharp", (string?)ours["name"]);
        Assert.Equal(".NET (C#)", (string?)ours["displayName"]);
        Assert.Equal(folder.Of("data/kernels/.net-csharp"), (string?)ours["folder"]);
        Assert.Null(ours["problem"]);
        Assert.All(ours["argv"]!.AsArray().Take(2), file => Assert.True(File.Exists((string)file!), (string)file!));

        var doctor = await CourseKitCommand.RunAsync(folder.Path, Variables, "doctor", "--json");
        Assert.Contains(doctor.Json["findings"]!.AsArray(), finding => (string)finding!["name"]! == "kernel .net-csharp" && (string)finding["state"]! == "ok");

        Assert.DoesNotContain("restart", installed.Output, StringComparison.Ordinal);
        var again = await KernelAsync("install", "--in-place");
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Contains("restart the kernel of every notebook that is open", again.Output, StringComparison.Ordinal);

        var removed = await KernelAsync("uninstall");
        Assert.True(removed.ExitCode == 0, removed.Errors);
        Assert.DoesNotContain(await ListAsync(), kernel => (bool)kernel!["ours"]!);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Of("data/kernels")));
    }

    [Fact]
    public async Task Where_the_usual_name_is_taken_the_kernel_gets_another_and_says_why()
    {
        WriteForeign(".net-csharp");
        var installed = await KernelAsync("install");
        Assert.True(installed.ExitCode == 0, installed.Errors);
        Assert.Contains("belongs to another kernel", installed.Output, StringComparison.Ordinal);
        var ours = Assert.Single(await ListAsync(), kernel => (bool)kernel!["ours"]!)!;
        Assert.Equal("coursekit", (string?)ours["name"]);
        Assert.Equal("C# (CourseKit)", (string?)ours["displayName"]);

        var removed = await KernelAsync("uninstall", "--name", ".net-csharp");
        Assert.Equal(1, removed.ExitCode);
        Assert.Contains("left alone", removed.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Of("data/kernels/.net-csharp/kernel.json")));
    }

    [Fact]
    public async Task A_name_of_another_kernel_is_refused()
    {
        WriteForeign("other");
        var answer = await KernelAsync("install", "--name", "other");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("\"Another\"", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_gets_the_kernel_under_its_share_folder()
    {
        Directory.CreateDirectory(folder.Of("prefix"));
        var answer = await KernelAsync("install", "--prefix", "prefix", "--name", "mine", "--display-name", "Mine alone");
        Assert.True(answer.ExitCode == 0, answer.Errors);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(folder.Of("prefix/share/jupyter/kernels/mine/kernel.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal("Mine alone", (string?)json["display_name"]);
        Assert.Equal("message", (string?)json["interrupt_mode"]);
        Assert.Contains("JUPYTER_PATH", answer.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await KernelAsync("uninstall", "--prefix", "prefix")).ExitCode);
        Assert.False(Directory.Exists(folder.Of("prefix/share/jupyter/kernels/mine")));
    }

    [Fact]
    public async Task A_prefix_that_is_not_there_is_said()
    {
        var answer = await KernelAsync("install", "--prefix", "nowhere");
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(folder.Of("nowhere"), answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_in_a_sentence()
    {
        // A file where a folder should be: this refuses even a user who may write everywhere.
        await File.WriteAllTextAsync(folder.Of("data"), "", TestContext.Current.CancellationToken);
        var answer = await KernelAsync("install");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(folder.Of("data"), answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_that_is_not_there_is_said_in_a_sentence_and_nothing_is_written_beside_the_notebooks()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The home folder is named by HOME on Unix.");
        await File.WriteAllTextAsync(folder.Of("no-folder"), "", TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(folder.Path, new Dictionary<string, string?>(Variables) { ["JUPYTER_DATA_DIR"] = null, ["XDG_DATA_HOME"] = null, ["HOME"] = folder.Of("no-folder/home") }, "kernel", "install", "--in-place");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(folder.Of("no-folder/home"), answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
        Assert.Equal(["no-folder"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("install", "--name", "C sharp")]
    [InlineData("install", "--user", "--sys-prefix")]
    [InlineData("uninstall", "--name", "no/name")]
    [InlineData("frobnicate")]
    public async Task Wrong_usage_is_said_and_exits_with_2(params string[] arguments)
    {
        var answer = await KernelAsync(arguments);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("coursekit kernel", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_names_a_kernel_whose_program_is_gone()
    {
        Assert.Equal(0, (await KernelAsync("install")).ExitCode);
        var path = folder.Of("data/kernels/.net-csharp/kernel.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        json["argv"]![1] = folder.Of("gone.dll");
        await File.WriteAllTextAsync(path, json.ToJsonString(), TestContext.Current.CancellationToken);

        var doctor = await CourseKitCommand.RunAsync(folder.Path, Variables, "doctor", "--json");
        Assert.Equal(1, doctor.ExitCode);
        var finding = Assert.Single(doctor.Json["findings"]!.AsArray(), finding => (string)finding!["name"]! == "kernel .net-csharp")!;
        Assert.Contains("gone.dll is gone", (string)finding["detail"]!, StringComparison.Ordinal);
    }
}
