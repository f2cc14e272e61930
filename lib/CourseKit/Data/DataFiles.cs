namespace CourseKit;

/// <summary>Finds the course's data files wherever a notebook is opened: beside it, in a folder called data, or beside the kit.</summary>
public static class DataFiles
{
    /// <summary>The environment variable that can name a folder of data files.</summary>
    public const string EnvironmentVariable = "COURSEKIT_DATA";

    /// <summary>The path of a data file, for example iris.csv.</summary>
    /// <remarks>Looked for in the folder named by COURSEKIT_DATA, in the working directory, in a folder data of it and of each folder above it, and in the folder data beside the library.</remarks>
    /// <exception cref="FileNotFoundException">It is in none of these places; the message names them.</exception>
    public static string Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Path.IsPathRooted(name) && File.Exists(name))
            return name;
        var folders = Folders().Distinct().ToList();
        foreach (var folder in folders)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
                return Path.GetFullPath(path);
        }
        throw new FileNotFoundException($"The data file {name} was not found. Put it beside the notebook, in a folder called data there or above, or set {EnvironmentVariable} to the folder it is in. Looked in: {string.Join(", ", folders)}.", name);
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named)
            yield return named;
        yield return Directory.GetCurrentDirectory();
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "data");
        if (Path.GetDirectoryName(typeof(DataFiles).Assembly.Location) is { Length: > 0 } library)
            yield return Path.Combine(library, "data");
    }
}
