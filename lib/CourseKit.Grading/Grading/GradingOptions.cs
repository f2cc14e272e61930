using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>How student code is run.</summary>
public sealed record GradingOptions
{
    /// <summary>Submissions graded at once; by default one for each processor.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>A cell that runs longer is interrupted and loses its own points.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>All cells of one submission together.</summary>
    public TimeSpan SubmissionTimeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a worker or a compiler may take to start, which is no time of a cell's.</summary>
    public TimeSpan StartTimeout { get; init; } = new SessionOptions().StartTimeout;

    /// <summary>Is told in a sentence, again and again, that a worker has not started yet.</summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>Memory one submission may use, with its child processes, in bytes.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>How student code is kept apart; null takes the strongest this machine has.</summary>
    public SandboxKind? Sandbox { get; init; }

    /// <summary>What one submission may print and display in all, in characters; more ends its run.</summary>
    public long OutputCharacters { get; init; } = 64_000_000;

    /// <summary>Package id to the path of the assembly that <c>#r "nuget: ID"</c> resolves to; CourseKit.Exercises must be among them.</summary>
    public IReadOnlyDictionary<string, string> KitPackages { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["CourseKit"] = typeof(Tensor).Assembly.Location,
        ["CourseKit.Exercises"] = typeof(Exercises.Check).Assembly.Location,
    };

    /// <summary>The folder of data that the notebook reads; null for the kit's own. Students' code sees all of it, and no other folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>For <see cref="SandboxKind.Docker"/>: an image with the .NET runtime and ASP.NET, already pulled.</summary>
    public string? DockerImage { get; init; }

    /// <summary>Only these exercises, by grade_id; null grades all.</summary>
    public IReadOnlySet<string>? OnlyExercises { get; init; }

    /// <summary>What all processes of grading start with.</summary>
    internal SessionOptions Starting => new() { WorkingDirectory = Path.GetTempPath(), StartTimeout = StartTimeout, OnWaiting = OnWaiting };
}

/// <summary>Ways to keep student code apart from the machine it runs on.</summary>
public enum SandboxKind
{
    /// <summary>An ordinary process with a watchdog on time, memory and output: it sees the network and the disk.</summary>
    Process,

    /// <summary>bubblewrap on Linux: no network, a read-only system, a private home and temporary folder.</summary>
    Bubblewrap,

    /// <summary>A container without a network.</summary>
    Docker,
}
