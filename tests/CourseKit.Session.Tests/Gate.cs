using System.Text.Json;

namespace CourseKit.Session.Tests;

/// <summary>A file that a cell waits for, so that it goes on when the test has seen what it wants to see, however long that takes.</summary>
internal sealed class Gate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coursekit-test-gate-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "open");

    /// <summary>The statement that waits.</summary>
    public string Wait => $"while (!System.IO.File.Exists({JsonSerializer.Serialize(Path)})) System.Threading.Thread.Sleep(5);";

    /// <summary>The same for a shell.</summary>
    public string WaitInShell => $"while [ ! -e '{Path}' ]; do sleep 0.02; done";

    public void Open() => File.WriteAllText(Path, "");

    public void Dispose() => _folder.Delete(recursive: true);
}
