using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using CourseKit.Cli.Kernelspecs;

namespace CourseKit.Cli.Commands;

/// <summary>Where a kernel is registered: for this user, in a prefix, or in the Python environment at hand.</summary>
internal sealed class KernelOptions
{
    public Option<string?> Prefix { get; } = new("--prefix") { Description = "An installation prefix, as of a Python environment: the kernel goes to share/jupyter/kernels in it.", HelpName = "folder" };

    public Option<bool> User { get; } = new("--user") { Description = "This user's own Jupyter folder. The default." };

    public Option<bool> SysPrefix { get; } = new("--sys-prefix") { Description = "The Python environment at hand (venv, conda, else python3 on the PATH)." };

    /// <summary>A sentence where two places are asked for at once.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Prefix);
        command.Options.Add(User);
        command.Options.Add(SysPrefix);
        command.Validators.Add(result =>
        {
            if (new Option[] { Prefix, User, SysPrefix }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
                result.AddError("--prefix, --user and --sys-prefix name three places: give one of them.");
        });
    }

    public bool NamesPlace(ParseResult parsed) => parsed.GetValue(Prefix) is not null || parsed.GetValue(User) || parsed.GetValue(SysPrefix);

    /// <summary>The data folder that is meant; null and a sentence where there is none.</summary>
    public async Task<(string? Folder, string? Problem)> DataFolderAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Prefix) is { } prefix)
        {
            var full = Path.GetFullPath(prefix);
            return Directory.Exists(full)
                ? (JupyterFolders.InPrefix(full), null)
                : (null, $"--prefix {prefix}: there is no folder {full}. A prefix is the root of an installation that is there, like a Python environment or /usr/local; make it first, or leave --prefix out to install for this user.");
        }

        if (!parsed.GetValue(SysPrefix))
            return (JupyterFolders.Here.User, null);
        return (JupyterFolders.Here.ActiveEnvironment ?? await PythonPrefixAsync(cancellation)) is { } found
            ? (JupyterFolders.InPrefix(found), null)
            : (null, "--sys-prefix: no Python environment is switched on (VIRTUAL_ENV, CONDA_PREFIX), and no python3 is on the PATH. Switch one on, or name its folder with --prefix.");
    }

    /// <summary>Refuses what Jupyter would refuse as a kernel's name.</summary>
    public static Option<string?> Name(string description)
    {
        var option = new Option<string?>("--name") { Description = description, HelpName = "name" };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.Tokens is [{ Value: var name }] && !Kernelspec.IsName(name))
                result.AddError($"--name \"{name}\": Jupyter allows letters a to z, digits, '.', '_' and '-' in a kernel's name, like {Kernelspec.OtherName}. A name for people goes into --display-name.");
        });
        return option;
    }

    private static async Task<string?> PythonPrefixAsync(CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "python" : "python3", ["-c", "import sys; print(sys.prefix)"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var prefix = (await process.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 && Directory.Exists(prefix) ? prefix : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
