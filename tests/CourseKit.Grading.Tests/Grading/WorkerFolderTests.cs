using System.Diagnostics;
using CourseKit.Grading.Sandboxes;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>Temporary folders of workers: removed with a grader that was killed, measured without being led away.</summary>
public sealed class WorkerFolderTests : IDisposable
{
    private readonly string temporary = Directory.CreateTempSubdirectory("coursekit-test-folders-").FullName;

    public void Dispose() => Directory.Delete(temporary, recursive: true);

    private string Make(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(temporary, name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "deep", "er"));
        File.WriteAllText(Path.Combine(folder, "deep", "er", "file"), "x");
        return folder;
    }

    [Fact]
    public void Folders_of_a_killed_grader_are_removed_and_those_of_nobody_else()
    {
        using var killed = Process.Start(new ProcessStartInfo("dotnet", ["--version"])
        {
            RedirectStandardOutput = true,
            // One that is killed would leave the runtime's own debugging pipes in the temporary folder.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        })!;
        var owner = ProcessIdentity.Of(killed.Id)!.Value;
        killed.Kill();
        killed.WaitForExit();
        var outside = Make("outside");
        var abandoned = Make(WorkerFolder.NameOf(owner) + "a1");
        var numberGivenAgain = Make(WorkerFolder.NameOf(ProcessIdentity.Current with { StartTime = ProcessIdentity.Current.StartTime - 7 }) + "b2");
        var alive = Make(WorkerFolder.NameOf(ProcessIdentity.Current) + "c3");
        var ofAnotherMachine = Make($"coursekit-worker-00000000-{owner.Id}-{owner.StartTime}-d4");
        var unlike = Make("coursekit-worker-notes");
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(Path.Combine(abandoned, "link"), outside);
            Directory.CreateSymbolicLink(Path.Combine(temporary, WorkerFolder.NameOf(owner) + "e5"), outside);
        }

        Assert.Equal(2, WorkerFolder.Sweep(temporary));
        Assert.False(Directory.Exists(abandoned) || Directory.Exists(numberGivenAgain));
        Assert.All((string[])[alive, ofAnotherMachine, unlike, outside], folder => Assert.True(File.Exists(Path.Combine(folder, "deep", "er", "file")), folder));
        Assert.Equal(0, WorkerFolder.Sweep(temporary));
    }

    [Fact]
    public void A_folder_of_another_account_that_is_called_so_is_left_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Giving a folder to another account needs root's rights.");
        var trap = Make(WorkerFolder.NameOf(ProcessIdentity.Current with { StartTime = 1 }) + "x");
        using (var chown = Process.Start("chown", ["-R", "65534", trap]))
            chown.WaitForExit();
        Assert.Equal(0, WorkerFolder.Sweep(temporary));
        Assert.True(File.Exists(Path.Combine(trap, "deep", "er", "file")));
    }

    [Fact]
    public void What_was_written_is_measured_with_what_was_deleted_and_is_open_and_without_what_links_lead_to()
    {
        var folder = WorkerFolder.Create();
        try
        {
            Assert.Equal(0, folder.Measure(1 << 30, []));
            File.WriteAllBytes(Path.Combine(folder.Path, "file"), new byte[1 << 20]);
            Directory.CreateDirectory(Path.Combine(folder.Path, "sub"));
            File.WriteAllBytes(Path.Combine(folder.Path, "sub", "empty"), []);
            const long Written = (1 << 20) + (2 * 4096);
            Assert.Equal(Written, folder.Measure(1 << 30, []));
            Assert.InRange(folder.Measure(1000, []), 1001, Written);
            if (OperatingSystem.IsWindows())
                return;
            Directory.CreateSymbolicLink(Path.Combine(folder.Path, "loop"), folder.Path);
            Directory.CreateSymbolicLink(Path.Combine(folder.Path, "system"), "/usr");
            File.CreateSymbolicLink(Path.Combine(folder.Path, "big"), typeof(object).Assembly.Location);
            Assert.Equal(Written + (3 * 4096), folder.Measure(1 << 30, []));
            if (!OperatingSystem.IsLinux())
                return;
            var path = Path.Combine(folder.Path, "hidden");
            using var open = new FileStream(path, FileMode.Create);
            open.Write(new byte[2 << 20]);
            open.Flush(flushToDisk: true);
            File.Delete(path);
            Assert.InRange(folder.Measure(1 << 30, [ProcessIdentity.Current]), Written + (2 << 20), Written + (3 << 20));
        }
        finally
        {
            folder.Delete();
        }
        Assert.False(Directory.Exists(folder.Path));
    }
}
