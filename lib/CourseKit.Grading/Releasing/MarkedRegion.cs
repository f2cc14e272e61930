namespace CourseKit.Grading.Releasing;

/// <summary>A kind of marker pair. A marker is found anywhere in a line, so any comment style works.</summary>
internal sealed record Marker(string Name)
{
    public static readonly Marker Solution = new("SOLUTION");
    public static readonly Marker HiddenTests = new("HIDDEN TESTS");
    public static readonly Marker MarkScheme = new("MARK SCHEME");

    public string Begin { get; } = $"BEGIN {Name}";

    public string End { get; } = $"END {Name}";
}

/// <summary>Lines from a BEGIN marker to its END marker, both included, counted from 0.</summary>
internal readonly record struct MarkedRegion(int First, int Last)
{
    /// <summary>
    /// The regions of one kind in a cell's lines, and what is wrong with its markers. nbgrader passes over an END
    /// without a BEGIN; here it is refused, since a misspelt BEGIN would publish the solution.
    /// </summary>
    public static List<MarkedRegion> Find(string[] lines, Marker marker, Action<int, string> report)
    {
        var regions = new List<MarkedRegion>();
        int? begun = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Contains(marker.Begin, StringComparison.Ordinal))
            {
                if (begun is { } outer)
                    report(i, $"{marker.Begin} inside the region that began in line {outer + 1}; end that one first.");
                begun ??= i;
            }
            else if (lines[i].Contains(marker.End, StringComparison.Ordinal))
            {
                if (begun is { } first) regions.Add(new MarkedRegion(first, i));
                else report(i, $"{marker.End} without a {marker.Begin} before it.");
                begun = null;
            }
        }
        if (begun is { } open) report(open, $"{marker.Begin} without a {marker.End} after it.");
        return regions;
    }

    /// <summary>The same lines, those of the regions emptied, so that the others keep their numbers.</summary>
    public static string[] Blank(string[] lines, IReadOnlyList<MarkedRegion> regions)
    {
        var blanked = (string[])lines.Clone();
        foreach (var region in regions)
            Array.Fill(blanked, "", region.First, region.Last - region.First + 1);
        return blanked;
    }

    /// <summary>The lines with the region's replaced by others.</summary>
    public string[] ReplaceIn(string[] lines, IEnumerable<string> with) => [.. lines[..First], .. with, .. lines[(Last + 1)..]];
}
