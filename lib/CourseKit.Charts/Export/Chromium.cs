using System.Diagnostics;

namespace CourseKit.Charts;

/// <summary>A Chromium (or Chrome, or Edge) that is installed on this machine, run without a window.</summary>
internal static class Chromium
{
    /// <summary>The variable that names the program, as other tools read it.</summary>
    private const string Variable = "CHROME_PATH";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The program, or null where none is found.</summary>
    public static string? Path { get; } = Find();

    /// <summary>What to say where none is found.</summary>
    public static string Absence => $"A picture is drawn by a browser, and no Chromium, Chrome or Edge was found on the PATH: install one, name its program in {Variable}, or save the figure as .html or .json.";

    /// <summary>Opens a page without network and gives its document as it is after its scripts have run.</summary>
    /// <exception cref="InvalidOperationException">There is no browser, or it did not end.</exception>
    public static string Open(string page, string profile)
    {
        var start = new ProcessStartInfo(Path ?? throw new InvalidOperationException(Absence))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking", "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom", new Uri(page).AbsoluteUri,
            },
        };
        using Process browser = Process.Start(start)!;
        try
        {
            Task<string> errors = browser.StandardError.ReadToEndAsync();
            Task<string> document = browser.StandardOutput.ReadToEndAsync();
            if (!browser.WaitForExit(Patience))
                throw new InvalidOperationException($"{Path} did not finish drawing the figure within {Patience.TotalMinutes:0} minutes: try again when the machine is less busy, or save it as .html.");
            errors.Wait();
            return document.Result;
        }
        finally
        {
            if (!browser.HasExited)
                browser.Kill(entireProcessTree: true);
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
            return chosen;
        string ending = OperatingSystem.IsWindows() ? ".exe" : "";
        IEnumerable<string> onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name + ending)));
        return onPath.Concat(UsualPlaces()).FirstOrDefault(File.Exists);
    }

    /// <summary>On Windows and macOS browsers are not on the PATH.</summary>
    private static IEnumerable<string> UsualPlaces()
    {
        if (OperatingSystem.IsMacOS())
            return ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"];
        if (!OperatingSystem.IsWindows())
            return [];
        Environment.SpecialFolder[] folders = [Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData];
        string[] programs = [System.IO.Path.Combine("Google", "Chrome", "Application", "chrome.exe"), System.IO.Path.Combine("Microsoft", "Edge", "Application", "msedge.exe")];
        return folders.SelectMany(folder => programs.Select(program => System.IO.Path.Combine(Environment.GetFolderPath(folder), program)));
    }
}
