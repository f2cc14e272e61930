using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Jupyter;

/// <summary>What a front end learns of the kernel before anything else.</summary>
internal static class KernelInfo
{
    private static string Version { get; } = typeof(KernelInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    // The language fields are those of .NET Interactive's kernel, so that a notebook's metadata stays as it was.
    public static JsonObject ToContent() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = MessageCodec.ProtocolVersion,
        ["implementation"] = "coursekit",
        ["implementation_version"] = Version,
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = "14.0",
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
        },
        ["banner"] = $"CourseKit {Version}: C# 14 on {RuntimeInformation.FrameworkDescription}",
        ["debugger"] = false,
        ["help_links"] = new JsonArray(
            new JsonObject { ["text"] = "C#", ["url"] = "https://learn.microsoft.com/dotnet/csharp/" },
            new JsonObject { ["text"] = ".NET", ["url"] = "https://learn.microsoft.com/dotnet/api/" }),
    };
}
