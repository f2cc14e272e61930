using CourseKit.Notebook;

namespace CourseKit.Grading.Sandboxes;

/// <summary>The folders of this machine that a worker has to read: .NET, the kit, the course's data. Nothing else.</summary>
internal sealed record WorkerFiles(string DotnetFolder, IReadOnlyList<string> KitFolders, string? DataFolder)
{
    /// <summary>Finds them.</summary>
    /// <param name="kitPackages">The assemblies that a chapter's first cell means.</param>
    /// <param name="dataFolder">The data that chapters read; null for the kit's own.</param>
    public static WorkerFiles Find(IReadOnlyDictionary<string, string> kitPackages, string? dataFolder)
    {
        var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        var dotnet = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        var kit = kitPackages.Values.Select(path => Path.GetDirectoryName(Path.GetFullPath(path))!).Append(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Distinct().ToList();
        return new WorkerFiles(dotnet, kit, dataFolder is null ? KitData() : Path.GetFullPath(dataFolder));
    }

    // The folder called data that a known file of it is in.
    private static string? KitData()
    {
        try
        {
            for (var folder = Path.GetDirectoryName(DataFiles.Find("iris.csv")); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (Path.GetFileName(folder) == "data")
                    return folder;
            }
        }
        catch (FileNotFoundException)
        {
            // The kit was installed without its data.
        }

        return null;
    }
}
