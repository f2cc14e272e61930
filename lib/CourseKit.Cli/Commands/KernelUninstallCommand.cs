using System.CommandLine;
using CourseKit.Cli.Kernelspecs;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit kernel uninstall</c>: takes away what <c>install</c> registered, and nothing else.</summary>
internal static class KernelUninstallCommand
{
    public static Command Create()
    {
        var places = new KernelOptions();
        var name = KernelOptions.Name("Only the kernel of this name; by default every one that this kit registered.");
        var command = new Command("uninstall", """
            Take the C# kernel away. Kernels of other programs are never touched.

            Examples:
              coursekit kernel uninstall
              coursekit kernel uninstall --name coursekit
              coursekit kernel uninstall --prefix /opt/jupyter
            """) { name };
        places.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<string> folders = JupyterFolders.Here.All;
            if (places.NamesPlace(parsed))
            {
                var (folder, problem) = await places.DataFolderAsync(parsed, cancellation);
                if (folder is null)
                {
                    Failures.Write(problem!);
                    return (int)ExitCode.UsedWrongly;
                }

                folders = [folder];
            }

            return (int)Uninstall(folders, parsed.GetValue(name)?.ToLowerInvariant());
        });
        return command;
    }

    private static ExitCode Uninstall(IReadOnlyList<string> dataFolders, string? name)
    {
        var found = Kernelspec.FindAll(dataFolders).Where(kernel => name is null || kernel.Name == name).ToList();
        var ours = found.Where(kernel => kernel.IsOurs).ToList();
        if (ours.Count == 0 && name is null)
        {
            Console.Out.WriteLine("This kit has no kernel registered: there is nothing to take away.");
            return ExitCode.Fine;
        }

        if (ours.Count == 0)
        {
            Failures.Write(found is [var other, ..]
                ? $"{name} is not this kit's kernel, but \"{other.DisplayName}\" in {other.Folder}: it was left alone. To remove it: jupyter kernelspec remove {name}"
                : $"There is no kernel called {name} in {string.Join(", ", dataFolders)}. See: coursekit kernel list");
            return ExitCode.SomethingFailed;
        }

        var failed = false;
        foreach (var kernel in ours)
        {
            try
            {
                KernelspecWriter.Remove(kernel);
                Console.Out.WriteLine($"Removed {kernel.Name} from {kernel.Folder}");
            }
            catch (UnauthorizedAccessException)
            {
                Failures.Write($"{kernel.Folder}: no permission to remove it.");
                failed = true;
            }
            catch (IOException exception)
            {
                Failures.Write($"{kernel.Folder}: {exception.Message} If the kernel is running, shut its notebooks down first.");
                failed = true;
            }
        }

        return failed ? ExitCode.SomethingFailed : ExitCode.Fine;
    }
}
