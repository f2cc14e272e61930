using System.CommandLine;
using CourseKit.Notebook.Jupyter;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit kernel start</c>: what a front end calls, by the kernelspec's argv.</summary>
internal static class KernelStartCommand
{
    public static Command Create()
    {
        var connectionFile = new Argument<string>("connection-file") { Description = "The file in which the front end says where to listen." };
        var command = new Command("start", "Serve one notebook. Front ends start this from the kernelspec.") { connectionFile };

        // Not asynchronous to the command line: it would end an asynchronous command at Ctrl-C, which here interrupts
        // the running cell.
        command.SetAction(parsed => Run(parsed.GetValue(connectionFile)!));
        return command;
    }

    /// <summary>Serves until the front end is gone.</summary>
    public static int Run(string connectionFile) => RunAsync(connectionFile).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string connectionFile)
    {
        // Control and heartbeat answer also while an output of many megabytes is being handed on.
        ThreadPool.SetMinThreads(8, 8);
        try
        {
            await JupyterKernel.RunAsync(connectionFile, new JupyterKernelOptions { KitPackages = Kit.Packages });
            return (int)ExitCode.Fine;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Failures.Write(Failures.Sentence(exception, connectionFile) ?? exception.Message);
            return (int)ExitCode.SomethingFailed;
        }
    }
}
