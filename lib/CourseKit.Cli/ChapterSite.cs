using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.Cli;

/// <summary>
/// The output folder of a run: executed notebooks and their pages, in the order of the files. Written anew after each
/// chapter, so that what is finished can be read when a later one is stopped. Chapters may be finished side by side.
/// </summary>
internal sealed class ChapterSite(string folder, IReadOnlyList<string> files)
{
    private readonly HtmlChapter?[] chapters = new HtmlChapter?[files.Count];
    private readonly Lock gate = new();
    private bool isBehind;

    /// <summary>The path of the index page; null until a chapter was written.</summary>
    public string? Index { get; private set; }

    /// <summary>A sentence if an executed copy would overwrite its notebook or another chapter's copy, else null.</summary>
    public static string? Conflict(string folder, IReadOnlyList<string> files)
    {
        var target = Path.GetFullPath(folder);
        if (files.FirstOrDefault(file => Path.GetDirectoryName(Path.GetFullPath(file)) == target) is { } own)
            return $"{own}: its executed copy would overwrite it; choose another output folder with -o.";
        var twice = files.GroupBy(file => Path.GetFileName(file), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? null : $"{string.Join(" and ", twice)} have the same name and would overwrite each other in {folder}; run them one by one with different output folders.";
    }

    /// <summary>Writes a chapter's executed copy, and the pages of all that are finished.</summary>
    /// <param name="place">The place of its file.</param>
    /// <param name="run">Its run.</param>
    /// <param name="scores">What its exercises got.</param>
    /// <param name="pagesNow">Whether the pages are written at once; else with the next chapter, or by <see cref="Finish"/>.</param>
    public void Write(int place, NotebookRun run, NotebookScores scores, bool pagesNow)
    {
        var name = Path.GetFileName(files[place]);
        run.Executed.Save(Path.Combine(folder, name));
        var points = scores.Possible > 0 ? $"{Tables.Points(scores.Points)}/{Tables.Points(scores.Possible)} points" : null;
        lock (gate)
        {
            chapters[place] = new HtmlChapter(run.Executed, Path.ChangeExtension(name, ".html"))
            {
                Status = run.Succeeded ? points : $"{run.Failures} failing cells" + (points is null ? "" : $", {points}"),
            };
            isBehind = true;
            if (pagesNow)
                Finish();
        }
    }

    /// <summary>Writes the pages, if some chapter's are not written yet.</summary>
    public void Finish()
    {
        lock (gate)
        {
            if (!isBehind)
                return;
            Index = HtmlSite.Write(folder, [.. chapters.OfType<HtmlChapter>()], new HtmlSiteOptions
            {
                Title = "CourseKit",
                Description = "Deep learning in C# notebooks, from the single neuron on.",
                Assets = [Kit.Plotly],
            });
            isBehind = false;
        }
    }

    /// <summary>Removes what a command that was killed left half written in the folder.</summary>
    public void RemoveLeftovers()
    {
        AtomicFile.RemoveAbandoned(folder);
        AtomicFile.RemoveAbandoned(Path.Combine(folder, "assets"));
    }
}
