using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Charts;

namespace CourseKit.Cli.Kernelspecs;

/// <summary>
/// Puts a kernel's folder in its place whole: everything is written beside, and one rename makes it appear. Whoever looks
/// meanwhile finds the old kernel or the new one, never half of either.
/// </summary>
internal static class KernelspecWriter
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a kernel and returns its folder.</summary>
    /// <param name="dataFolder">One of Jupyter's data folders.</param>
    /// <param name="name">The kernel's name, whose folder is replaced where it is there.</param>
    /// <param name="displayName">What a menu calls it.</param>
    /// <param name="prepare">
    /// Fills the folder with what the kernel brings along and says what to start. It is given the folder to write into, and
    /// the one that the files will lie in afterwards.
    /// </param>
    public static async Task<string> WriteAsync(string dataFolder, string name, string displayName, Func<string, string, Task<KernelProgram>> prepare)
    {
        var kernels = Kernelspec.KernelsFolder(dataFolder);
        var target = Path.Combine(kernels, name);
        Directory.CreateDirectory(kernels);

        // On the same disk, so that it can be renamed, and outside kernels/, so that Jupyter does not take it for a kernel.
        var staged = Path.Combine(dataFolder, $".{Kernelspec.OtherName}-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(staged);
            var program = await prepare(staged, target);
            await File.WriteAllTextAsync(Path.Combine(staged, "kernel.json"), Describe(program, displayName));
            await WriteResourceAsync("kernel-logo.svg", Path.Combine(staged, "logo-svg.svg"));
            if (PlotlyScript.IsEmbedded)
            {
                await using var script = PlotlyScript.OpenRead();
                await using var file = File.Create(Path.Combine(staged, PlotlyScript.FileName));
                await script.CopyToAsync(file);
            }

            Replace(target, staged);
            return target;
        }
        finally
        {
            if (Directory.Exists(staged))
                Directory.Delete(staged, recursive: true);
        }
    }

    /// <summary>Removes a kernel's folder: out of Jupyter's sight first, then file by file.</summary>
    public static void Remove(Kernelspec kernel)
    {
        var dataFolder = Path.GetDirectoryName(Path.GetDirectoryName(kernel.Folder))!;
        var aside = Path.Combine(dataFolder, $".{Kernelspec.OtherName}-{Guid.NewGuid():N}");
        Directory.Move(kernel.Folder, aside);
        Directory.Delete(aside, recursive: true);
    }

    private static void Replace(string target, string staged)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(staged, target);
            return;
        }

        var old = staged + ".old";
        Directory.Move(target, old);
        try
        {
            Directory.Move(staged, target);
        }
        catch
        {
            Directory.Move(old, target);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }

    private static string Describe(KernelProgram program, string displayName)
    {
        var json = new JsonObject
        {
            ["argv"] = new JsonArray([.. program.Arguments.Select(argument => (JsonNode)argument)]),
            ["display_name"] = displayName,
            ["language"] = "C#",
            // A signal would end a .NET process; this kernel is asked to stop a cell by a message.
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject([.. program.Environment.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))]),
            ["metadata"] = new JsonObject
            {
                ["debugger"] = false,
                [Kernelspec.MetadataKey] = new JsonObject { ["version"] = typeof(KernelspecWriter).Assembly.GetName().Version!.ToString(3) },
            },
        };
        return json.ToJsonString(Readable) + "\n";
    }

    private static async Task WriteResourceAsync(string name, string path)
    {
        await using var resource = typeof(KernelspecWriter).Assembly.GetManifestResourceStream(name)!;
        await using var file = File.Create(path);
        await resource.CopyToAsync(file);
    }
}
