using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>
/// The browser library that draws figures, plotly.js: embedded where a package feed or npm had it at build time, else only on a CDN.
/// </summary>
public static class PlotlyScript
{
    /// <summary>The file's name, in the assembly and beside a kernel's kernel.json.</summary>
    public const string FileName = "plotly.min.js";

    /// <summary>True when this build carries plotly.js itself.</summary>
    public static bool IsEmbedded { get; } = typeof(PlotlyScript).Assembly.GetManifestResourceInfo(FileName) is not null;

    /// <summary>The version of plotly.js, of the embedded script as well as of <see cref="CdnUrl"/>.</summary>
    public static string Version { get; } = ReadVersion();

    /// <summary>The address of the same version on Plotly's content delivery network.</summary>
    public static string CdnUrl { get; } = $"https://cdn.plot.ly/plotly-{Version}.min.js";

    /// <summary>Opens the embedded script, UTF-8.</summary>
    /// <exception cref="InvalidOperationException">This build does not carry the script.</exception>
    public static Stream OpenRead() =>
        typeof(PlotlyScript).Assembly.GetManifestResourceStream(FileName)
        ?? throw new InvalidOperationException(
            $"This build of CourseKit.Charts carries no plotly.js, because neither a package feed nor npm had it when it was built. "
            + $"Ask {nameof(PlotlyScript)}.{nameof(IsEmbedded)} first, and link {CdnUrl} where it is false.");

    /// <summary>The embedded script's text, about 4.9 MB.</summary>
    /// <exception cref="InvalidOperationException">This build does not carry the script.</exception>
    public static string Read()
    {
        using var reader = new StreamReader(OpenRead());
        return reader.ReadToEnd();
    }

    private static string ReadVersion()
    {
        using Stream package = typeof(PlotlyScript).Assembly.GetManifestResourceStream("plotly.package.json")!;
        return JsonNode.Parse(package)!["dependencies"]!["plotly.js-dist-min"]!.GetValue<string>();
    }
}
