using System.Globalization;
using System.Text;
using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.Cli.Benchmarks;

/// <summary>
/// A class graded here, in sandboxes, hidden tests and all; and the same exercises in Python: by nbgrader itself, where it
/// is installed, and by what is at its heart, nbclient, which has as many submissions at once as we have.
/// </summary>
internal sealed class GradingRace : IAsyncDisposable
{
    /// <summary>What a table and --filter call it.</summary>
    public const string Name = "grading: one submission of four exercises";

    private const string WhatToInstall = "No Python with nbclient and ipykernel was found, which grade the other class: our figure stands alone. Install them (Debian: apt install python3-nbclient python3-ipykernel; nbgrader: pip install nbgrader) or name such a Python with --python.";

    private const double Goal = 3;
    private const int SubmissionsOfRound = 12;
    private const int Exercises = 4;

    private readonly SubmissionGrader grader;
    private readonly Peer[] peers;
    private readonly string release;
    private int handedIn;

    private GradingRace(SubmissionGrader grader, Peer[] peers, string release) => (this.grader, this.peers, this.release) = (grader, peers, release);

    private static int Jobs => Math.Min(2, Environment.ProcessorCount);

    /// <summary>Both, in a line.</summary>
    public string Description => string.Join('\n', [$"grading here: {grader.Sandbox}, {Jobs} at once", .. peers.Select(peer => $"{peer.Name}, {peer.Jobs} at once: {peer.Process.Build}"), .. peers.Length == 0 ? [WhatToInstall] : Array.Empty<string>()]);

    private sealed record Answer(double Seconds, double Points);

    private sealed record Peer(PythonPeer Process, string Program, int Jobs)
    {
        public string Name => $"{Program} {Process.Version}";

        public static IEnumerable<Peer> Start(string? python, string script, string program, int jobs) =>
            PythonPeer.Start(python, script, []) is { } process ? [new Peer(process, program, jobs)] : [];

        /// <summary>The seconds that one of its submissions takes.</summary>
        public double Grade()
        {
            var answer = Process.Ask<Answer>(new { submissions = SubmissionsOfRound, jobs = Jobs });
            Require(answer.Points, SubmissionsOfRound, Program);
            return answer.Seconds / SubmissionsOfRound;
        }
    }

    public static async Task<GradingRace> StartAsync(string? python, CancellationToken cancellation)
    {
        var reference = Reference();
        var grader = await SubmissionGrader.CreateAsync(reference, new GradingOptions { Jobs = Jobs, KitPackages = Kit.Packages }, cancellation);
        var handedOut = ReleaseNotebook.Strip(reference);
        foreach (var (cell, answer) in handedOut.Cells.Where(cell => NbgraderMetadata.Read(cell) is { Solution: true }).Zip(Answers))
            cell.Source = answer;
        return new GradingRace(grader, [.. Peer.Start(python, "nbgrader_peer.py", "nbgrader autograde", 1), .. Peer.Start(python, "grading_peer.py", "nbclient", Jobs)], handedOut.ToText());
    }

    /// <summary>Grades twelve submissions a round, here and there in turn; the time is that of one.</summary>
    public async Task<IReadOnlyList<Comparison>> MeasureAsync(int rounds, Action<string> report, CancellationToken cancellation)
    {
        var ours = new double[rounds];
        var theirs = peers.Select(_ => new double[rounds]).ToArray();
        await GradeAsync(Jobs, cancellation); // what is needed once
        for (var round = 0; round < rounds; round++)
        {
            report($"grading: round {round + 1} of {rounds}, {SubmissionsOfRound} submissions on each side; this process holds {Environment.WorkingSet / 1_000_000} MB");
            ours[round] = await GradeAsync(SubmissionsOfRound, cancellation) * 1e6;
            for (var i = 0; i < peers.Length; i++)
                theirs[i][round] = peers[i].Grade() * 1e6;
        }
        return peers.Length == 0
            ? [new Comparison(Name, $"{Jobs}", Comparison.Quantile(ours, 0.5), null, null, null, null, Goal)]
            : [.. peers.Select((peer, i) => Comparison.Of($"{Name} ({peer.Name})", $"{Jobs}", ours, peer.Name, theirs[i], Goal))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in peers)
            peer.Process.Dispose();
        await grader.DisposeAsync();
    }

    private async Task<double> GradeAsync(int count, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var graded = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => grader.GradeAsync(HandIn(), cancellation)));
        var seconds = clock.Elapsed.TotalSeconds / count;
        Require(graded.Sum(submission => submission.Result.Exercises.Sum(exercise => exercise.Points)), count, "ours");
        return seconds;
    }

    // Every file is another one, so that nothing could be remembered.
    private Submission HandIn()
    {
        var number = (handedIn++).ToString(CultureInfo.InvariantCulture);
        return new Submission($"student{number}", $"student{number}.ipynb", Encoding.UTF8.GetBytes(release.Replace("handed in", $"handed in as {number}", StringComparison.Ordinal)), null);
    }

    private static void Require(double points, int submissions, string side)
    {
        if (Math.Abs(points - submissions * Exercises) > 1e-9)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Not every right answer got its point from {side}: {points} of {submissions * Exercises}."));
    }

    private static readonly string[] Answers =
    [
        "double Square(double x) => x * x; // handed in",
        "double Mean(double[] numbers) => numbers.Sum() / numbers.Length;",
        "int Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);",
        "string Backwards(string text) => new string(text.Reverse().ToArray());",
    ];

    private static readonly (string Name, string Visible, string Hidden)[] Tests =
    [
        ("square", "Check.Equal(4.0, Square(2))", "Check.Equal(9.0, Square(-3))"),
        ("mean", "Check.Equal(2.0, Mean([1, 2, 3]))", "Check.Equal(5.0, Mean([5]))"),
        ("fibonacci", "Check.Equal(55, Fibonacci(10))", "Check.Equal(1, Fibonacci(1))"),
        ("backwards", "Check.Equal(\"cba\", Backwards(\"abc\"))", "Check.Equal(\"\", Backwards(\"\"))"),
    ];

    /// <summary>Four exercises of a point each, half of it hidden.</summary>
    private static NotebookDocument Reference()
    {
        var reference = NotebookDocument.Create("four-exercises.ipynb");
        reference.Cells.Add(NotebookCell.CreateCode("#r \"nuget: CourseKit.Exercises\"\nusing CourseKit.Exercises;"));
        foreach (var ((name, visible, hidden), answer) in Tests.Zip(Answers))
        {
            reference.Cells.Add(Marked(new NbgraderMetadata { Solution = true, GradeId = $"{name}-answer" }, $"// BEGIN SOLUTION\n{answer}\n// END SOLUTION"));
            reference.Cells.Add(Marked(new NbgraderMetadata { Grade = true, Locked = true, GradeId = name, Points = 1 },
                $"Check.Exercise(\"{name}\")\n    .Part(\"one\", 0.5, () => {visible})\n// BEGIN HIDDEN TESTS\n    .Part(\"another\", 0.5, () => {hidden})\n// END HIDDEN TESTS"));
        }
        return reference;
    }

    private static NotebookCell Marked(NbgraderMetadata metadata, string code)
    {
        var cell = NotebookCell.CreateCode(code);
        metadata.Write(cell);
        return cell;
    }
}
