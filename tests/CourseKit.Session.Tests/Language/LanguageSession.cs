using CourseKit.Notebook;

namespace CourseKit.Session.Tests.Language;

/// <summary>One session with a few cells run, asked many questions: questions change nothing.</summary>
public sealed class LanguageSession : SharedSession
{
    public const string FirstCell =
        """
        using System.Globalization;
        using System.IO;
        enum Shade { Light, Dark, DarkBlue }
        record Point(int X, int Y);
        /// <summary>Twice a number, as <see cref="Math"/> would.</summary>
        /// <param name="number">The number to double.</param>
        /// <returns>The double.</returns>
        int Twice(int number, bool loud = false) => 2 * number;
        void Paint(Shade shade, string name = "") { }
        class Options { public double LearningRate { get; set; } public required int Epochs { get; init; } public string ReadOnly { get; } = ""; public int Momentum; public List<int> Sizes { get; } = []; public static int Shared; }
        [Obsolete] int Ancient() => 0;
        var learningRate = 0.25;
        var learned = "a \"short\" text";
        var größe = 3;
        var numbers = new List<int> { 1, 2, 3 };
        var point = new Point(1, 2);
        string maybe = null;
        """;

    public LanguageSession()
        : base(FirstCell, "#r \"nuget: Kit.Numbers\"\nvar later = 1; int Thrice(int number) => 3 * number;")
    {
    }

    protected override SessionOptions Options { get; } = new()
    {
        KitPackages = new Dictionary<string, string> { ["Kit.Numbers"] = typeof(MathNet.Numerics.Constants).Assembly.Location },
    };

    /// <summary>Completes a cell that has a <c>|</c> where the cursor stands.</summary>
    public async Task<(Completions Completions, string Code, int Cursor)> CompleteAsync(string marked)
    {
        var (code, cursor) = Split(marked);
        var completions = await (await ClientAsync()).CompleteAsync(code, cursor, TestContext.Current.CancellationToken);
        Assert.Equal(completions.Matches.Count, completions.Types.Count);
        Assert.InRange(completions.Start, 0, completions.End);
        Assert.InRange(completions.End, completions.Start, code.Length);
        return (completions, code, cursor);
    }

    public async Task<Inspection> InspectAsync(string marked, int detail = 0)
    {
        var (code, cursor) = Split(marked);
        return await (await ClientAsync()).InspectAsync(code, cursor, detail, TestContext.Current.CancellationToken);
    }

    private static (string Code, int Cursor) Split(string marked)
    {
        var cursor = marked.IndexOf('|', StringComparison.Ordinal);
        return (marked.Remove(cursor, 1), cursor);
    }
}
