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

    /// <summary>A C# cell's lines with one region replaced.</summary>
    public static string[] ReplaceCode(string[] lines, MarkedRegion region)
    {
        var indentation = ScriptSyntax.Indentation(lines[region.First]);
        return Stubs(ScriptSyntax.IsInsideFunction(lines, region.First))
            .Select(stub => region.ReplaceIn(lines, stub.Select(line => indentation + line)))
            .MinBy(candidate => ScriptSyntax.FirstError(candidate) is null ? 0 : 1)!;
    }

    /// <summary>A written answer's lines with one region replaced.</summary>
    public static string[] ReplaceText(string[] lines, MarkedRegion region) =>
        region.ReplaceIn(lines, [ScriptSyntax.Indentation(lines[region.First]) + Text]);

    // After an arrow the semicolon may stand outside the region: whichever parses is taken.
    private static string[][] Stubs(bool insideFunction) => insideFunction
        ? [[Comment, Throw + ";"], [Comment, Throw]]
        : [[Comment]];
}
