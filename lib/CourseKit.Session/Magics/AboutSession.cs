using System.Reflection;
using System.Runtime.InteropServices;
using CourseKit.Session.Output;
using CourseKit.Session.Showing;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Magics;

/// <summary>What <c>#!about</c> and <c>#!lsmagic</c> answer.</summary>
internal static class AboutSession
{
    public static MimeBundle Commands() => TextTable.Show(["Command", "What it does"], [.. MagicCommands.All.Select(command => new[] { command.Usage, command.Purpose })]);

    public static MimeBundle Describe() => TextTable.Show(
        ["", ""],
        [
            ["CourseKit", VersionOf(typeof(AboutSession).Assembly)],
            [".NET", RuntimeInformation.FrameworkDescription],
            ["C# compiler", VersionOf(typeof(CSharpCompilation).Assembly)],
            ["System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"],
        ]);

    // "1.2.3+abcdef" names a commit as well.
    private static string VersionOf(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "").Split('+')[0];
}
