using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.Cli;

/// <summary>
/// The output folder of a run: executed notebooks and their pages. Written anew after each chapter, so that what is
/// finished can be read when a later one is stopped.
/// </summary>
internal sealed class ChapterSite(string folder)
{
    private readonly List<HtmlChapter> chapters = [];

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

    public void Write(string file, NotebookRun run, NotebookScores scores)
    {
        Directory.CreateDirectory(folder);
        run.Executed.Save(Path.Combine(folder, Path.GetFileName(file)));
        var points = scores.Possible > 0 ? $"{Tables.Points(scores.Points)}/{Tables.Points(scores.Possible)} points" : null;
        chapters.Add(new HtmlChapter(run.Executed, Path.GetFileNameWithoutExtension(file) + ".html")
        {
            Status = run.Succeeded ? points : $"{run.Failures} failing cells" + (points is null ? "" : $", {points}"),
        });
        Index = HtmlSite.Write(folder, chapters, new HtmlSiteOptions
        {
            Title = "CourseKit",
            Description = "Deep learning in C# notebooks, from the single neuron on.",
            Assets = [Kit.Plotly],
        });
    }
}
