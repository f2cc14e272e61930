namespace CourseKit.Grading.Releasing;

/// <summary>
/// Puts a stub where a solution was. Inside a function the stub throws, so that a check can tell "not attempted" from
/// "wrong"; elsewhere it is only a comment, so that the notebook still runs to its end.
/// </summary>
internal static class SolutionStub
{
    public const string Text = "YOUR ANSWER HERE";
    public const string Comment = "// YOUR CODE HERE";

    private const string Throw = "throw new NotImplementedException(\"Replace this line with your code.\")";

    /// <summary>The cell's lines with every region replaced.</summary>
    public static string[] ReplaceCode(string[] lines, IReadOnlyList<MarkedRegion> regions)
    {
        // From the last to the first, so that the lines of those still to come keep their numbers.
        foreach (var region in regions.Reverse())
        {
            var indentation = ScriptSyntax.Indentation(lines[region.First]);
            lines = Stubs(ScriptSyntax.IsInsideFunction(lines, region.First))
                .Select(stub => Replace(lines, region, stub.Select(line => indentation + line)))
                .MinBy(candidate => ScriptSyntax.FirstError(candidate) is null ? 0 : 1)!;
        }
        return lines;
    }

    /// <summary>A written answer's lines with every region replaced.</summary>
    public static string[] ReplaceText(string[] lines, IReadOnlyList<MarkedRegion> regions)
    {
        foreach (var region in regions.Reverse())
            lines = Replace(lines, region, [ScriptSyntax.Indentation(lines[region.First]) + Text]);
        return lines;
    }

    // After an arrow the semicolon may stand outside the region: whichever parses is taken.
    private static string[][] Stubs(bool insideFunction) => insideFunction
        ? [[Comment, Throw + ";"], [Comment, Throw]]
        : [[Comment]];

    private static string[] Replace(string[] lines, MarkedRegion region, IEnumerable<string> stub) =>
        [.. lines[..region.First], .. stub, .. lines[(region.Last + 1)..]];
}
