using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace CourseKit.Session.Packages;

/// <summary>What a restore came to: the packages, or the SDK's own messages where there are none.</summary>
internal sealed record RestoreResult(IReadOnlyList<RestoredPackage>? Packages, string Messages);

/// <summary>
/// Lets the .NET SDK fetch packages. Every set of packages has a folder of its own under the user's cache, so that it is
/// fetched once for all notebooks; a lock keeps two sessions from working in one folder.
/// </summary>
/// <param name="dotnet">The SDK's host; null where this machine has none.</param>
/// <param name="cache">Where the folders are.</param>
internal sealed class PackageRestore(string? dotnet, string cache)
{
    private const string LockFile = "lock";
    private static readonly TimeSpan s_pollPause = TimeSpan.FromMilliseconds(100);

    public static string DefaultCache { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "CourseKit", "packages");

    public bool HasSdk => dotnet is not null;

    public static string? FindSdk() => FindSdk(
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The host of the runtime in use where it has an SDK beside it, else the first on the path that has.</summary>
    public static string? FindSdk(string runtimeRoot, IEnumerable<string> path)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return path.Prepend(runtimeRoot).Select(folder => new FileInfo(Path.Combine(folder, name))).Where(host => host.Exists)
            .Select(host => host.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? host.FullName)
            .FirstOrDefault(host => Directory.Exists(Path.Combine(Path.GetDirectoryName(host)!, "sdk")));
    }

    /// <summary>Fetches packages with all that they need.</summary>
    /// <param name="packages">Names and versions, as NuGet writes them.</param>
    /// <param name="sources">Feeds beside those that the machine's settings name.</param>
    /// <param name="settingsFolder">The folder from which upwards NuGet.config files count.</param>
    /// <param name="onWait">Called again and again while it goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public RestoreResult Restore(IReadOnlyList<(string Id, string Version)> packages, IReadOnlyList<string> sources, string settingsFolder, Action onWait, CancellationToken cancellationToken)
    {
        var project = Project(packages, sources, settingsFolder);
        var folder = Path.Combine(cache, Key(project));
        var projectFile = Path.Combine(folder, "packages.csproj");
        var assetsFile = Path.Combine(folder, "obj", "project.assets.json");
        Directory.CreateDirectory(folder);
        using var turn = WaitForTurn(Path.Combine(folder, LockFile), onWait, cancellationToken);
        File.SetLastWriteTimeUtc(turn.SafeFileHandle, DateTime.UtcNow);

        var earlier = RestoredPackage.TryRead(assetsFile, RuntimeInformation.RuntimeIdentifier);
        if (earlier is not null && !packages.Any(package => package.Version.Contains('*', StringComparison.Ordinal)))
            return new RestoreResult(earlier, "");

        // What a failed restore writes would stand in the way of what an earlier one has found.
        var kept = earlier is null ? null : File.ReadAllBytes(assetsFile);
        File.WriteAllText(projectFile, project);
        var messages = Run(projectFile, folder, onWait, cancellationToken);
        var restored = RestoredPackage.TryRead(assetsFile, RuntimeInformation.RuntimeIdentifier);
        if (restored is null && kept is not null)
        {
            File.WriteAllBytes(assetsFile, kept);
            restored = earlier;
        }

        return new RestoreResult(restored, messages);
    }

    /// <summary>
    /// Empties the folders of packages that nobody has asked for since a moment. One that is in use now is left alone, and
    /// of the others the lock stays, so that a session that comes meanwhile finds a folder to work in.
    /// </summary>
    public void CleanUp(DateTime unusedSince)
    {
        if (!Directory.Exists(cache))
            return;
        foreach (var folder in new DirectoryInfo(cache).EnumerateDirectories())
        {
            var file = new FileInfo(Path.Combine(folder.FullName, LockFile));
            if (!file.Exists || file.LastWriteTimeUtc >= unusedSince)
                continue;
            try
            {
                using var turn = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                if (File.GetLastWriteTimeUtc(turn.SafeFileHandle) >= unusedSince)
                    continue;
                foreach (var inner in folder.EnumerateDirectories())
                    inner.Delete(recursive: true);
                foreach (var inner in folder.EnumerateFiles().Where(inner => inner.Name != LockFile))
                    inner.Delete();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody works in it.
            }
        }
    }

    // One that fits neither the settings above the folder it happens to be in, nor a machine-wide build's.
    private static string Project(IReadOnlyList<(string Id, string Version)> packages, IReadOnlyList<string> sources, string settingsFolder) => new XElement("Project",
        new XElement("PropertyGroup",
            new XElement("ImportDirectoryBuildProps", "false"),
            new XElement("ImportDirectoryBuildTargets", "false"),
            new XElement("ImportDirectoryPackagesProps", "false")),
        new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
        new XElement("PropertyGroup",
            new XElement("TargetFramework", string.Create(CultureInfo.InvariantCulture, $"net{Environment.Version.Major}.0")),
            new XElement("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
            new XElement("SelfContained", "false"),
            new XElement("UseAppHost", "false"),
            new XElement("EnableDefaultItems", "false"),
            new XElement("NuGetAudit", "false"),
            new XElement("WarningsAsErrors", "NU1605;NU1608"),
            new XElement("RestoreRootConfigDirectory", settingsFolder),
            new XElement("RestoreAdditionalProjectSources", string.Join(';', sources))),
        new XElement("ItemGroup", packages.OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase)
            .Select(package => new XElement("PackageReference", new XAttribute("Include", package.Id), new XAttribute("Version", package.Version)))),
        new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk"))).ToString();

    private static string Key(string project) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..16];

    private static FileStream WaitForTurn(string file, Action onWait, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                cancellationToken.ThrowIfCancellationRequested();
                onWait();
                Thread.Sleep(s_pollPause);
            }
        }
    }

    private string Run(string projectFile, string folder, Action onWait, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(dotnet!)
        {
            ArgumentList = { "restore", projectFile, "--nologo", "-v", "quiet", "-nodeReuse:false", "-p:RestoreUseStaticGraphEvaluation=false" },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            CreateNoWindow = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1" },
        };

        // A session that was itself started by a build must not hand its settings on to this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);

        using var process = Process.Start(start) ?? throw new InvalidOperationException("The .NET SDK could not be started.");
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            while (!process.WaitForExit(s_pollPause))
            {
                cancellationToken.ThrowIfCancellationRequested();
                onWait();
            }

            return output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult();
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
