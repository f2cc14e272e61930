using CourseKit.Charts;
using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Cli;

/// <summary>Where all is put together: which assemblies a chapter's first cell means, and which scripts its pages need.</summary>
internal static class Kit
{
    /// <summary>What <c>#r "nuget: CourseKit..."</c> resolves to.</summary>
    public static IReadOnlyDictionary<string, string> Packages { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["CourseKit"] = typeof(Tensor).Assembly.Location,
        ["CourseKit.Charts"] = typeof(Figure).Assembly.Location,
        ["CourseKit.PlotlyNet"] = typeof(PlotlyNetSupport).Assembly.Location,
        ["CourseKit.Ilgpu"] = typeof(GpuSupport).Assembly.Location,
        ["CourseKit.Exercises"] = typeof(Check).Assembly.Location,
    };

    /// <summary>plotly.js for the pages: from the assembly, or the CDN where neither a package feed nor npm had it when this was built.</summary>
    public static PageAsset Plotly { get; } = PlotlyScript.IsEmbedded
        ? PageAsset.Embedded("plotly.min.js", PlotlyScript.Read())
        : PageAsset.FromCdn("plotly.min.js", new Uri(PlotlyScript.CdnUrl));

    /// <summary>What the pages need from a network, as a sentence; null where they need nothing.</summary>
    public static string? NetworkNeed { get; } = PageAsset.NetworkNeed([.. BuiltInAssets.Katex, Plotly]);

    /// <summary>How the command runs a notebook.</summary>
    /// <param name="cellTimeout">How long a cell may run.</param>
    /// <param name="onProgress">Told of each cell.</param>
    /// <param name="compilers">For more than one notebook: the next finds the compiler warm.</param>
    public static NotebookRunOptions RunOptions(TimeSpan cellTimeout, Action<CellProgress>? onProgress = null, CompilerPool? compilers = null) => new()
    {
        Compilers = compilers,
        KitPackages = Packages,
        CellTimeout = cellTimeout,
        OnProgress = onProgress,
        OnWaiting = Terminal.ErrorConsole.Say,
    };
}
