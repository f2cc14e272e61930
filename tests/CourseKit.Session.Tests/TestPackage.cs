using System.IO.Compression;

namespace CourseKit.Session.Tests;

/// <summary>Writes a NuGet package, as a feed that is a folder holds them.</summary>
internal static class TestPackage
{
    public static void Write(string folder, string id, string version, string? assembly, (string Id, string Version)? dependency = null)
    {
        using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        var needs = dependency is var (needed, least) ? $"<dependency id=\"{needed}\" version=\"{least}\" />" : "";
        using (var writer = new StreamWriter(package.CreateEntry(id + ".nuspec").Open()))
        {
            writer.Write($"""
                <?xml version="1.0" encoding="utf-8"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{id}</id><version>{version}</version><authors>tests</authors><description>A package of the tests.</description>
                    <dependencies><group targetFramework="net8.0">{needs}</group></dependencies>
                  </metadata>
                </package>
                """);
        }

        package.CreateEntry("lib/net8.0/_._");
        if (assembly is not null)
            package.CreateEntryFromFile(assembly, "lib/net8.0/" + Path.GetFileName(assembly));
    }
}
