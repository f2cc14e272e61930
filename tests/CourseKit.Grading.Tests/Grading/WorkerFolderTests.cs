using System.Diagnostics;
using CourseKit.Grading.Sandboxes;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>Temporary folders of workers: removed with a grader that was killed, measured without being led away.</summary>
public sealed class WorkerFolderTests : IDisposable
{
    private readonly string temporary = Directory.CreateTempSubdirectory("folders-").FullName;

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
        using var killed = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
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
}
