using System.Diagnostics;

namespace CourseKit.EndToEnd;

/// <summary>What .ci/full records, and what the tests compare with it, are one key.</summary>
public sealed class ChaptersToCheckTests
{
    [Fact]
    public async Task A_chapters_key_is_the_one_that_the_script_records()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is one for continuous integration on Linux.");
        var function = File.ReadLines(Path.Combine(Checkout.Root, ".ci", "full")).Single(line => line.StartsWith("key() ", StringComparison.Ordinal));
        foreach (var notebook in Checkout.Chapters.Select(chapter => chapter.Data))
        {
            using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"{function}\nkey '{Path.GetFileNameWithoutExtension(notebook)}'"]) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true })!;
            Assert.Equal(ChaptersToCheck.KeyOf(notebook), (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }
}
