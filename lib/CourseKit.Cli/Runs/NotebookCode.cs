using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Notebook;

namespace CourseKit.Cli.Runs;

/// <summary>
/// The code of a notebook as a text to be searched: which files and settings it names, and what it does that nobody can
/// foresee. What it finds is a guess on the safe side, as a notebook that is run without need costs only time.
/// </summary>
internal sealed partial class NotebookCode
{
    private readonly string folder;
    private readonly StringBuilder text = new();
    private readonly HashSet<string> read = [];

    private NotebookCode(string folder) => this.folder = folder;

    public static NotebookCode Of(NotebookDocument document, string workingDirectory)
    {
        var code = new NotebookCode(workingDirectory);
        code.Add(string.Join('\n', document.Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.Source)), workingDirectory);
        return code;
    }

    /// <summary>Everything, with the files that it imports.</summary>
    public string Text => text.ToString();

    /// <summary>Files and folders that are named in code, as far as they exist, in order.</summary>
    public SortedSet<string> Paths { get; } = new(StringComparer.Ordinal);

    /// <summary>What the outcome depends on and no key can hold, as the end of a sentence about the notebook; null where there is nothing.</summary>
    /// <param name="kitPackages">The packages that come with the kit.</param>
    public string? WhyNotKept(IEnumerable<string> kitPackages)
    {
        if (Network().Match(Text) is { Success: true } network)
            return $"it uses the network ({network.Value})";
        if (Programs().IsMatch(Text))
            return "it starts other programs";
        if (Feed().IsMatch(Text))
            return "it takes packages from a feed of its own (#i)";
        var kit = kitPackages.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var loose = Package().Matches(Text).Select(match => (Id: match.Groups["id"].Value.Trim(), Version: match.Groups["version"].Value.Trim()))
            .FirstOrDefault(package => !kit.Contains(package.Id) && !ExactVersion().IsMatch(package.Version));
        return loose.Id is null ? null : $"it takes whatever version of {loose.Id} is the newest: name one, such as #r \"nuget: {loose.Id}, 1.2.3\"";
    }

    /// <summary>Whether it may compute on a graphics processor.</summary>
    public bool UsesGraphics => Graphics().IsMatch(Text);

    private void Add(string code, string from)
    {
        text.Append(code).Append('\n');
        foreach (var name in Literal().Matches(code).Select(match => match.Groups["text"].Value))
        {
            AddPath(name, from);
            if (name.Contains(@"\\", StringComparison.Ordinal))
                AddPath(name.Replace(@"\\", @"\", StringComparison.Ordinal), from);
        }

        foreach (var match in FileDirective().Matches(code).Cast<Match>())
            AddPath(match.Groups["path"].Value.Trim().Trim('"').Trim(), from, isCode: true);
    }

    private void AddPath(string name, string from, bool isCode = false)
    {
        // The folder itself is looked at anyway, and the one around everything is no place that is meant.
        if (name.AsSpan().Trim("./\\ ").Length == 0)
            return;
        string path;
        try
        {
            path = Path.GetFullPath(name, from);
        }
        catch (ArgumentException)
        {
            return;
        }

        foreach (var candidate in InDataFolders(name).Prepend(path).Where(candidate => File.Exists(candidate) || Directory.Exists(candidate)))
            Paths.Add(candidate);
        if (!isCode || !File.Exists(path) || !read.Add(path))
            return;
        if (Path.GetExtension(path).Equals(".dll", StringComparison.OrdinalIgnoreCase))
            Paths.Add(Path.GetDirectoryName(path)!); // it brings what it needs from there
        else
            AddFile(path);
    }

    private IEnumerable<string> InDataFolders(string name) => name.AsSpan().IndexOfAny('/', '\\') < 0 || Path.IsPathRooted(name)
        ? []
        : DataFiles.SearchedFolders(folder).Select(place => Path.GetFullPath(Path.Combine(folder, place.Folder, name)));

    private void AddFile(string path)
    {
        try
        {
            Add(File.ReadAllText(path), Path.GetDirectoryName(path)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The notebook cannot read it either; that it is there is a part of the key.
        }
    }

    [GeneratedRegex("\"(?<text>[^\"\\r\\n]{1,300})\"")]
    private static partial Regex Literal();

    // In a file that is imported a cell is a JSON text: there a line ends with \n or a quotation mark.
    [GeneratedRegex("""#(?:r|load|!import)\s+(?!\\?"?nuget:)\\?"?(?<path>[^"\r\n\\]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex FileDirective();

    [GeneratedRegex("""#r\s+\\?"?nuget:(?<id>[^,"\r\n\\]+)(?:,(?<version>[^"\r\n\\]*))?""", RegexOptions.IgnoreCase)]
    private static partial Regex Package();

    [GeneratedRegex(@"^\[?\d+(\.\d+)+(-[0-9A-Za-z.-]+)?\]?$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex("""#i\s+\\?"?nuget:""", RegexOptions.IgnoreCase)]
    private static partial Regex Feed();

    [GeneratedRegex(@"\bSystem\.Net\b|\bHttpClient\b|\bWebClient\b|\bHttpWebRequest\b|\bWebRequest\b|\bTcpClient\b|\bUdpClient\b|\bClientWebSocket\b|\bnew\s+Socket\b|\bDns\.")]
    private static partial Regex Network();

    [GeneratedRegex(@"\bProcessStartInfo\b|\bProcess\s*\.\s*Start\b|\bnew\s+Process\b")]
    private static partial Regex Programs();

    [GeneratedRegex(@"\bCourseKit\.Ilgpu\b|\bGpuSupport\b|\bDevice\s*\.\s*(Best|Named|All)\b")]
    private static partial Regex Graphics();
}
