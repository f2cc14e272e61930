using System.Runtime.InteropServices;

namespace CourseKit.Cli.Kernelspecs;

/// <summary>The program a kernelspec starts.</summary>
/// <param name="Command">Its absolute path, and what comes before <c>kernel start</c>.</param>
/// <param name="Environment">Variables it needs.</param>
internal sealed record KernelProgram(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly string AssemblyFile = typeof(KernelProgram).Assembly.GetName().Name + ".dll";
    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    /// <summary>The whole of kernel.json's argv.</summary>
    public IReadOnlyList<string> Arguments => [.. Command, "kernel", "start", Kernelspec.ConnectionFile];

    /// <summary>This very program, where it lies.</summary>
    public static KernelProgram Here()
    {
        var started = System.Environment.ProcessPath!;
        var assembly = Path.Combine(AppContext.BaseDirectory, AssemblyFile);

        // A .NET tool is started by a small program that lies elsewhere, and stays there when the tool is updated.
        if (!IsDotnet(started) && !Path.GetFullPath(started).StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
            return new([started], new Dictionary<string, string> { ["DOTNET_ROOT"] = DotnetRoot() });
        return new(DotnetHost() is { } host && File.Exists(assembly) ? [host, assembly] : [started], NoVariables);
    }

    /// <summary>A published copy.</summary>
    /// <param name="folder">Where it will lie when the kernel is started.</param>
    public static KernelProgram OfCopy(string folder) => new([DotnetHost() ?? "dotnet", Path.Combine(folder, AssemblyFile)], NoVariables);

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
