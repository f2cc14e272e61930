using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using CourseKit.Cli;
using CourseKit.Cli.Commands;

// What a kernelspec calls, and a person waits for: building all other commands would cost a kernel its start.
if (args is ["kernel", "start", [not '-', ..] connectionFile])
    return KernelStartCommand.Run(connectionFile);

// Named by hand: from a checkout the process is called after the assembly, and users type coursekit.
var root = new Command("coursekit", """
    Teach and study deep learning in C# notebooks.

    Examples:
      coursekit run                                     run every chapter in notebooks/, write pages to out/
      coursekit book                                    build the course's site in book/
      coursekit check 01-neurons-and-perceptrons.ipynb    run the visible tests of a student's file
      coursekit release notebooks/06-*.ipynb -o release  make the students' version
      coursekit mutants notebooks/06-*.ipynb            do the tests fail every wrong answer?
      coursekit grade -r notebooks/06-*.ipynb -s handed-in -o grades  grade a class
      coursekit gradebook show grades                   points, flags, and what to grade by hand
      coursekit kernel install                          register the C# kernel with Jupyter and VS Code
      coursekit bench --filter MLP                      how fast the library is here, beside PyTorch
      coursekit new chapter "Support vector machines"   begin a chapter
      coursekit doctor                                  what this machine has and what is missing
    """)
{
    RunCommand.Create(),
    BookCommand.Create(),
    CheckCommand.Create(),
    ReleaseCommand.Create(),
    MutantsCommand.Create(),
    GradeCommand.Create(),
    GradebookCommand.Create(),
    KernelCommand.Create(),
    BenchCommand.Create(),
    DoctorCommand.Create(),
    NewCommand.Create(),
    new HelpOption(),
    new VersionOption(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        await Console.Error.WriteLineAsync(error.Message);
    var command = parsed.CommandResult;
    var words = "--help";
    for (; command.Command != root; command = (CommandResult)command.Parent!)
        words = $"{command.Command.Name} {words}";
    await Console.Error.WriteLineAsync($"See: coursekit {words}");
    return (int)ExitCode.UsedWrongly;
}

// A worker is ended and files are put in their place before the process goes, so Ctrl-C waits for that a moment.
return await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(60),
});
