using System.Diagnostics;
using System.Text.Json;

namespace CourseKit.Cli.Benchmarks;

/// <summary>A Python script of build/peers/, which the command carries along, in a process of its own: lines of JSON go in and out.</summary>
internal sealed class PythonPeer : IDisposable
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private readonly Process process;
    private readonly string script;

    private PythonPeer(Process process, string script, Hello hello) =>
        (this.process, this.script, Version, Build) = (process, script, hello.Version, hello.Build.ReplaceLineEndings("\n").Trim());

    /// <summary>The version of what the script measures.</summary>
    public string Version { get; }

    /// <summary>How that was built, and what it runs on.</summary>
    public string Build { get; }

    private sealed record Hello(string Version, string Build);

    private sealed record Problem(string? Error);

    /// <summary>Starts a script with the first Python that has what it needs, or gives null where none has.</summary>
    /// <param name="python">The only Python to try; null for those a machine usually has.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables it gets besides this process's own.</param>
    public static PythonPeer? Start(string? python, string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        foreach (var candidate in python is null ? new[] { "python3", "/usr/bin/python3", "python" } : [python])
        {
            try
            {
                var start = new ProcessStartInfo(candidate, ["-u", "-c", Read(script), .. arguments])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                foreach (var (name, value) in environment ?? new Dictionary<string, string>())
                    start.Environment[name] = value;
                var process = Process.Start(start)!;
                process.ErrorDataReceived += static (_, _) => { };
                process.BeginErrorReadLine();
                if (process.StandardOutput.ReadLine() is { } line && JsonSerializer.Deserialize<Hello>(line, Options) is { } hello)
                    return new PythonPeer(process, script, hello);
                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // no such Python: the next one
            }
        }
        return null;
    }

    /// <summary>Asks the script and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">It ended, or answered with an error.</exception>
    public T Ask<T>(object request)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize(request, Options));
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{script} ended while it measured.");
        return JsonSerializer.Deserialize<Problem>(answer, Options)?.Error is { } error
            ? throw new InvalidOperationException($"{script} could not measure: {error}")
            : JsonSerializer.Deserialize<T>(answer, Options)!;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static string Read(string script)
    {
        using var stream = typeof(PythonPeer).Assembly.GetManifestResourceStream(script)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
