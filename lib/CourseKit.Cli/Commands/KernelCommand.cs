using System.CommandLine;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit kernel</c>: the C# kernel for Jupyter and VS Code.</summary>
internal static class KernelCommand
{
    public static Command Create() => new("kernel", """
        The C# kernel for Jupyter and VS Code: register it, take it away, see what is registered.

        Examples:
          coursekit kernel install       register it for this user
          coursekit kernel list          every kernel Jupyter finds, and whether its program is there
          coursekit kernel uninstall     take it away again
        """)
    {
        KernelInstallCommand.Create(),
        KernelUninstallCommand.Create(),
        KernelListCommand.Create(),
        KernelStartCommand.Create(),
    };
}
