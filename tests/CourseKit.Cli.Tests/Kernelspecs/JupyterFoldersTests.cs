using CourseKit.Cli.Kernelspecs;

namespace CourseKit.Cli.Tests.Kernelspecs;

/// <summary>The expected folders are those of jupyter_core, Jupyter's own library.</summary>
public sealed class JupyterFoldersTests
{
    private static JupyterFolders Of(JupyterSystem system, string home, params (string Name, string Value)[] variables) =>
        new(system, home, name => Array.Find(variables, variable => variable.Name == name).Value);

    [Fact]
    public void On_Linux_the_users_folder_follows_the_XDG_rule()
    {
        Assert.Equal("/home/ada/.local/share/jupyter", Of(JupyterSystem.Linux, "/home/ada").User);
        Assert.Equal("/data/jupyter", Of(JupyterSystem.Linux, "/home/ada", ("XDG_DATA_HOME", "/data")).User);
    }

    [Fact]
    public void On_macOS_the_users_folder_is_in_the_library() =>
        Assert.Equal("/Users/ada/Library/Jupyter", Of(JupyterSystem.MacOS, "/Users/ada", ("XDG_DATA_HOME", "/data")).User);

    [Fact]
    public void On_Windows_the_users_folder_is_in_the_roaming_profile()
    {
        Assert.Equal(Path.Combine(@"C:\Users\ada\AppData\Roaming", "jupyter"), Of(JupyterSystem.Windows, @"C:\Users\ada", ("APPDATA", @"C:\Users\ada\AppData\Roaming")).User);
        Assert.Equal(Path.Combine(@"C:\Users\ada", ".jupyter", "data"), Of(JupyterSystem.Windows, @"C:\Users\ada").User);
    }

    [Theory]
    [InlineData("Linux")]
    [InlineData("MacOS")]
    [InlineData("Windows")]
    public void The_variable_of_Jupyter_itself_goes_before_the_systems_rule(string system) =>
        Assert.Equal("/mine", Of(Enum.Parse<JupyterSystem>(system), "/home/ada", ("JUPYTER_DATA_DIR", "/mine"), ("XDG_DATA_HOME", "/data"), ("APPDATA", "/roaming")).User);

    [Fact]
    public void An_empty_variable_is_none() =>
        Assert.Equal("/home/ada/.local/share/jupyter", Of(JupyterSystem.Linux, "/home/ada", ("JUPYTER_DATA_DIR", ""), ("XDG_DATA_HOME", "")).User);

    [Fact]
    public void On_Linux_the_search_goes_from_the_named_folders_to_the_systems()
    {
        var folders = Of(JupyterSystem.Linux, "/home/ada", ("JUPYTER_PATH", "/one:/two"), ("VIRTUAL_ENV", "/venv"), ("CONDA_PREFIX", "/conda")).All;
        Assert.Equal(["/one", "/two", "/home/ada/.local/share/jupyter", "/venv/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"], folders);
    }

    [Fact]
    public void On_Windows_lists_are_parted_by_semicolons_and_the_machines_folder_is_last()
    {
        var folders = Of(JupyterSystem.Windows, @"C:\Users\ada", ("JUPYTER_PATH", @"C:\one;D:\two"), ("APPDATA", @"C:\roaming"), ("PROGRAMDATA", @"C:\ProgramData")).All;
        Assert.Equal([@"C:\one", @"D:\two", Path.Combine(@"C:\roaming", "jupyter"), Path.Combine(@"C:\ProgramData", "jupyter")], folders);
    }

    [Fact]
    public void The_environment_of_a_jupyter_command_on_the_path_is_searched_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths of this test are those of Unix.");
        var prefix = Directory.CreateTempSubdirectory("coursekit-prefix-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(prefix, "bin"));
            File.WriteAllText(Path.Combine(prefix, "bin", "jupyter"), "");
            var folders = Of(JupyterSystem.Linux, "/home/ada", ("PATH", $"/nowhere:{prefix}/bin/")).All;
            Assert.Contains(Path.Combine(prefix, "share", "jupyter"), folders);
        }
        finally
        {
            Directory.Delete(prefix, recursive: true);
        }
    }
}
