using System.CommandLine;
using CourseKit.Cli.Kernelspecs;
using CourseKit.Cli.Terminal;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit kernel list</c>: every kernel Jupyter finds, whose it is, and whether it can start.</summary>
internal static class KernelListCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", """
            Show every kernel that Jupyter finds, which of them are this kit's, and whether their programs are there.

            Examples:
              coursekit kernel list
              coursekit kernel list --json
            """) { json };
        command.SetAction(parsed => (int)List(parsed.GetValue(json)));
        return command;
    }

    private static ExitCode List(bool asJson)
    {
        var kernels = Kernelspec.FindAll(JupyterFolders.Here.All);
        if (asJson)
        {
            Json.Write(new
            {
                Kernels = kernels.Select(kernel => new { kernel.Name, kernel.DisplayName, kernel.Language, kernel.Folder, argv = kernel.Arguments, Ours = kernel.IsOurs, kernel.Problem }),
            });
            return ExitCode.Fine;
        }

        if (kernels.Count == 0)
        {
            Console.Out.WriteLine($"No kernel is registered in {string.Join(", ", JupyterFolders.Here.All)}. Register this kit's: coursekit kernel install");
            return ExitCode.Fine;
        }

        var table = Tables.Create(("Name", false), ("In the menu", false), ("This kit's", false), ("State", false), ("Folder", false));
        foreach (var kernel in kernels)
            table.AddRow(
                Markup.Escape(kernel.Name),
                Markup.Escape(kernel.DisplayName),
                kernel.IsOurs ? "yes" : "",
                kernel.Problem is { } problem ? $"[red]{Markup.Escape(problem)}[/]" : "ok",
                Markup.Escape(kernel.Folder));
        Tables.Write(table);
        return ExitCode.Fine;
    }
}
