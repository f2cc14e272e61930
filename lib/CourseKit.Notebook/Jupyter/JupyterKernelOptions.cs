using System.Collections.ObjectModel;

namespace CourseKit.Notebook.Jupyter;

/// <summary>What a kernel gives to its cells.</summary>
public sealed record JupyterKernelOptions
{
    /// <summary>The folder that cells see as their current directory; a front end starts a kernel in its notebook's.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Package id to the path of the assembly that <c>#r "nuget: ID"</c> resolves to.</summary>
    public IReadOnlyDictionary<string, string> KitPackages { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How many characters of printed text a cell may leave; what is printed after that is dropped and counted.</summary>
    public long OutputLimit { get; init; } = 50_000_000;

    /// <summary>
    /// How long an interrupted cell may take to stop before its worker is ended, and all variables with it. Meanwhile
    /// the user is told, and may interrupt again to end it at once.
    /// </summary>
    public TimeSpan InterruptPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where dropped messages and the like are told; standard error by default, which Jupyter shows in its own terminal.</summary>
    public TextWriter Log { get; init; } = Console.Error;
}
