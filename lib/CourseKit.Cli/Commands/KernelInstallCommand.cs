using System.CommandLine;
using CourseKit.Charts;
using CourseKit.Cli.Kernelspecs;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit kernel install</c>: registers the kernel with Jupyter, which VS Code asks as well.</summary>
internal static class KernelInstallCommand
{
    public static Command Create()
    {
        var places = new KernelOptions();
        var name = KernelOptions.Name($"What notebooks call it; {Kernelspec.PreferredName} where that is free, else {Kernelspec.OtherName}.");
        var displayName = new Option<string?>("--display-name") { Description = "What the kernel menu calls it.", HelpName = "text" };
        var inPlace = new Option<bool>("--in-place") { Description = "Start the program where it lies, and do not compile a faster copy of a checkout's build." };
        var command = new Command("install", """
            Register the C# kernel, so that notebooks open in Jupyter and VS Code and run.

            Examples:
              coursekit kernel install
              coursekit kernel install --sys-prefix
              coursekit kernel install --name csharp-course --display-name "C# for the course"
            """);
        places.AddTo(command);
        command.Options.Add(name);
        command.Options.Add(displayName);
        command.Options.Add(inPlace);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (folder, problem) = await places.DataFolderAsync(parsed, cancellation);
            if (folder is null)
            {
                Failures.Write(problem!);
                return (int)ExitCode.UsedWrongly;
            }

            return (int)await InstallAsync(folder, parsed.GetValue(name)?.ToLowerInvariant(), parsed.GetValue(displayName), parsed.GetValue(inPlace), cancellation);
        });
        return command;
    }

    private static async Task<ExitCode> InstallAsync(string dataFolder, string? wanted, string? displayName, bool inPlace, CancellationToken cancellation)
    {
        var others = Kernelspec.FindAll([.. JupyterFolders.Here.All, dataFolder]).Where(kernel => !kernel.IsOurs).ToList();
        var name = wanted ?? (others.Any(kernel => kernel.Name == Kernelspec.PreferredName) ? Kernelspec.OtherName : Kernelspec.PreferredName);
        if (others.Find(kernel => kernel.Name == name) is { } taken)
        {
            Failures.Write($"The name {name} belongs to another kernel, \"{taken.DisplayName}\" in {taken.Folder}. Choose another with --name, or remove that one: jupyter kernelspec remove {name}");
            return ExitCode.SomethingFailed;
        }

        displayName ??= Kernelspec.DefaultDisplayName(name);
        var isReplaced = Directory.Exists(Path.Combine(Kernelspec.KernelsFolder(dataFolder), name));
        string folder;
        try
        {
            folder = await KernelspecWriter.WriteAsync(dataFolder, name, displayName, (staged, target) => inPlace ? Task.FromResult(KernelProgram.Here()) : KernelProgram.PrepareAsync(staged, target, cancellation));
        }
        catch (UnauthorizedAccessException)
        {
            Failures.Write($"{dataFolder}: no permission to write there. Install for this user (leave --prefix and --sys-prefix out), set JUPYTER_DATA_DIR to a folder of yours, or ask whoever looks after this machine.");
            return ExitCode.SomethingFailed;
        }
        catch (IOException exception)
        {
            Failures.Write($"{dataFolder}: {exception.Message} If the kernel is running, shut its notebooks down first.");
            return ExitCode.SomethingFailed;
        }
        catch (OperationCanceledException)
        {
            Failures.Write("Stopped; nothing was registered.");
            return ExitCode.Stopped;
        }

        Console.Out.WriteLine($"Registered as {name}, \"{displayName}\" in the kernel menu: {folder}");
        if (isReplaced)
            Console.Out.WriteLine("It takes the place of the one before: restart the kernel of every notebook that is open, for the files of the old one are gone.");
        if (wanted is null && others.Find(kernel => kernel.Name == Kernelspec.PreferredName) is { } preferred)
            Console.Out.WriteLine($"The name {Kernelspec.PreferredName}, which chapters ask for, belongs to another kernel ({preferred.Folder}): choose \"{displayName}\" when a chapter opens, or remove that one (jupyter kernelspec remove {Kernelspec.PreferredName}) and install again.");
        if (!JupyterFolders.Here.All.Contains(dataFolder))
            Console.Out.WriteLine($"The Jupyter of this shell does not look into {dataFolder}: one that is installed in that prefix does, or set JUPYTER_PATH to it.");
        if (!PlotlyScript.IsEmbedded)
            Console.Out.WriteLine("Figures will load plotly.js from the network: it is not embedded, because neither a package feed nor npm had it when this was built.");
        return ExitCode.Fine;
    }
}
