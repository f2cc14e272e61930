using System.Text;

namespace CourseKit;

/// <summary>
/// Finds the course's data files wherever a notebook is opened: beside it, in a folder called data, or with the kit.
/// A binary file that is damaged, or not what it says, is answered with an <see cref="InvalidDataException"/> by every
/// reader of the kit (IDX, PNG, NIfTI, safetensors), and text that cannot be read with a <see cref="FormatException"/>.
/// </summary>
public static class DataFiles
{
    /// <summary>The environment variable that can name a folder of data files.</summary>
    public const string EnvironmentVariable = "COURSEKIT_DATA";

    /// <summary>The path of a data file, for example iris.csv.</summary>
    /// <remarks>
    /// Looked for in the folder named by COURSEKIT_DATA, in the working directory, and in a folder data of it, of each
    /// folder above it, of the library's own folder and of each folder above that. In the folder that is named, and in
    /// folders called data, the folders directly inside (data/tabular, data/mnist) are looked into as well.
    /// </remarks>
    /// <exception cref="FileNotFoundException">It is in none of these places; the message names them.</exception>
    public static string Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("A data file was asked for without a name: give one such as iris.csv, or a path.");
        if (Path.IsPathRooted(name) && File.Exists(name))
            return name;
        var folders = SearchedFolders(Directory.GetCurrentDirectory()).ToList();
        foreach (var (folder, withInner) in folders)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
                return Path.GetFullPath(path);
            if (withInner && InnerFolders(folder).Select(inner => Path.Combine(inner, name)).FirstOrDefault(File.Exists) is { } found)
                return Path.GetFullPath(found);
        }
        throw new FileNotFoundException($"The data file {name} was not found. Put it beside the notebook, in a folder called data there or above, or set {EnvironmentVariable} to the folder it is in. Looked in: {string.Join(", ", folders.Select(place => place.Folder))}.", name);
    }

    /// <summary>The text of a file, looked for as <see cref="Find"/> does; UTF-8, every line end as one \n.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is no UTF-8 text.</exception>
    public static string ReadText(string name)
    {
        var path = Find(name);
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)).ReplaceLineEndings("\n");
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException($"{Path.GetFileName(path)} is not UTF-8 text: save it as UTF-8 first.");
        }
    }

    /// <summary>The folders in which <see cref="Find"/> looks for code that works in a folder, in their order, whether there are such folders or not.</summary>
    /// <param name="workingDirectory">The folder the code works in.</param>
    /// <returns>Each folder, and whether the folders directly inside it are looked into as well.</returns>
    public static IEnumerable<(string Folder, bool WithInner)> SearchedFolders(string workingDirectory)
    {
        ArgumentNullException.ThrowIfNull(workingDirectory);
        return Folders(workingDirectory).Distinct();
    }

    private static IEnumerable<(string Folder, bool WithInner)> Folders(string workingDirectory)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named)
            yield return (named, true);
        yield return (workingDirectory, false);
        foreach (var start in new[] { workingDirectory, AppContext.BaseDirectory, Path.GetDirectoryName(typeof(DataFiles).Assembly.Location) })
            for (var folder = string.IsNullOrEmpty(start) ? null : new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                yield return (Path.Combine(folder.FullName, "data"), true);
    }

    // One level only: a folder called data somewhere above can hold anything.
    private static IEnumerable<string> InnerFolders(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "*", new EnumerationOptions()).Order(StringComparer.Ordinal) : [];
}
