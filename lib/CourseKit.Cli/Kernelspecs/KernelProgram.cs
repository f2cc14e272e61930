using System.Runtime.InteropServices;
using CourseKit.Cli.Commands;

namespace CourseKit.Cli.Kernelspecs;

/// <summary>The program a kernelspec starts.</summary>
/// <param name="Command">Its absolute path, and what comes before <c>kernel start</c>.</param>
/// <param name="Environment">Variables it needs.</param>
internal sealed record KernelProgram(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly string AssemblyFile = typeof(KernelProgram).Assembly.GetName().Name + ".dll";

    // A kernel is often killed, and the runtime's own debugging pipes would then stay behind in the temporary folder.
    private static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };

    /// <summary>The whole of kernel.json's argv.</summary>
    public IReadOnlyList<string> Arguments => [.. Command, "kernel", "start", Kernelspec.ConnectionFile];

    /// <summary>This very program, where it lies.</summary>
    public static KernelProgram Here()
    {
        var started = System.Environment.ProcessPath!;
        var assembly = Path.Combine(AppContext.BaseDirectory, AssemblyFile);

        // A .NET tool is started by a small program that lies elsewhere, and stays there when the tool is updated.
        if (!IsDotnet(started) && !Path.GetFullPath(started).StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
            return new([started], new Dictionary<string, string>(Variables) { ["DOTNET_ROOT"] = DotnetRoot() });
        return new(DotnetHost() is { } host && File.Exists(assembly) ? [host, assembly] : [started], Variables);
    }

    /// <summary>Compiles a copy of a checkout's build into the kernel's folder; anything else is started where it lies.</summary>
    /// <param name="staged">The folder to write into.</param>
    /// <param name="target">The folder that the files will lie in afterwards.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<KernelProgram> PrepareAsync(string staged, string target, CancellationToken cancellation)
    {
        const string Program = "program";
        if (AheadOfTimeCopy.FindProject() is not { } project)
            return Here();
        await Console.Error.WriteLineAsync("Compiling a copy for the kernel, so that it starts fast. This takes a minute.");
        var copy = Path.Combine(staged, Program);
        if (await AheadOfTimeCopy.PublishAsync(project, copy, cancellation) is { } reason)
        {
            if (Directory.Exists(copy))
                Directory.Delete(copy, recursive: true);
            Failures.Write($"The copy could not be made ({reason}). The kernel starts this build where it lies, and takes some seconds longer: {AppContext.BaseDirectory}");
            return Here();
        }

        return OfCopy(Path.Combine(target, Program));
    }

    /// <summary>A published copy.</summary>
    /// <param name="folder">Where it will lie when the kernel is started.</param>
    public static KernelProgram OfCopy(string folder) => new([DotnetHost() ?? "dotnet", Path.Combine(folder, AssemblyFile)], Variables);

    /// <summary>The dotnet command of the runtime this process runs on; null where it brings its own runtime.</summary>
    public static string? DotnetHost()
    {
        var host = Path.Combine(DotnetRoot(), OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : null;
    }

    // shared/Microsoft.NETCore.App/10.0.0/ lies three folders below.
    private static string DotnetRoot() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
}
