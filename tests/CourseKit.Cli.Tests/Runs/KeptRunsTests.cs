using CourseKit.Notebook;

namespace CourseKit.Cli.Tests.Runs;

/// <summary>A notebook that was run once, for all tests of what is kept of it.</summary>
public sealed class SmallRun : IAsyncLifetime
{
    public NotebookDocument Document { get; } = NotebookDocument.Parse("""
        {
         "cells": [
          { "cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Small" },
          { "cell_type": "code", "execution_count": 7, "id": "printed", "metadata": {}, "outputs": [], "source": "Console.WriteLine(\"één\\u2028 <b>\"); 0.1 + 0.2" },
          { "cell_type": "code", "execution_count": 9, "id": "skipped", "metadata": { "tags": ["skip-execution"] }, "outputs": [{ "name": "stdout", "output_type": "stream", "text": ["old"] }], "source": "throw new Exception();" },
          { "cell_type": "code", "execution_count": null, "id": "shown", "metadata": {}, "outputs": [], "source": "display(\"shown\")" }
         ],
         "metadata": { "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" } },
         "nbformat": 4,
         "nbformat_minor": 5
        }
        """, "small.ipynb");

    public NotebookRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await NotebookRunner.RunAsync(Document, Kit.RunOptions(TimeSpan.FromMinutes(10)));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What is kept of runs, and what of it is taken.</summary>
public sealed class KeptRunsTests(SmallRun small) : IClassFixture<SmallRun>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private KeptRuns Store => new(Path.Combine(folder, "runs"));

    private string[] Files => [.. Directory.GetFiles(Path.Combine(folder, "runs")).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_run_that_is_taken_is_the_run_that_was_kept()
    {
        Assert.True(small.Run.Succeeded);
        Assert.True(Store.Keep("key", small.Run));
        var kept = Store.Find("key", small.Document)!;
        Assert.Equal(small.Run.Executed.ToText(), kept.Run.Executed.ToText());
        Assert.Equal(small.Run.Cells, kept.Run.Cells);
        Assert.Equal(small.Run.Elapsed, kept.Run.Elapsed);
        Assert.Equal(DateTimeOffset.UtcNow, kept.Time, TimeSpan.FromHours(1));
        Assert.Null(Store.Find("another", small.Document));
    }

    [Fact]
    public void Its_outputs_stand_in_the_notebook_as_it_is_now()
    {
        Store.Keep("key", small.Run);
        var edited = small.Document.Clone();
        edited.Cells[0].Source = "# Small, and better explained";
        edited.Cells.Insert(1, NotebookCell.CreateMarkdown("A second text", "second"));
        var run = Store.Find("key", edited)!.Run;
        Assert.Equal("# Small, and better explained", run.Executed.Cells[0].Source);
        Assert.Equal([2, 3, 4], run.Cells.Select(cell => cell.Index));
        Assert.Equal(small.Run.Executed.Cells[1].Outputs.ToJsonString(), run.Executed.Cells[2].Outputs.ToJsonString());
        Assert.Empty(edited.Cells[2].Outputs);
    }

    [Fact]
    public async Task A_run_in_which_something_failed_is_not_kept()
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.CreateCode("throw new Exception(\"no\");"));
        var run = await NotebookRunner.RunAsync(document, Kit.RunOptions(TimeSpan.FromMinutes(10)), TestContext.Current.CancellationToken);
        Assert.False(run.Succeeded);
        Assert.False(Store.Keep("key", run));
        Assert.Null(Store.Find("key", document));
        Assert.False(Directory.Exists(Path.Combine(folder, "runs")));
    }

    [Fact]
    public void A_damaged_entry_counts_as_none_and_is_replaced()
    {
        Store.Keep("key", small.Run);
        var whole = File.ReadAllBytes(Files.Single());
        foreach (var damaged in (byte[][])[[], whole[..20], whole[..(whole.Length / 2)], whole[..^1], [.. whole, 0], [.. whole[..^1], (byte)(whole[^1] ^ 1)], new byte[whole.Length]])
        {
            File.WriteAllBytes(Files.Single(), damaged);
            Assert.Null(Store.Find("key", small.Document));
        }
        // Of a right sum, and nothing of ours behind it.
        File.WriteAllBytes(Files.Single(), [.. System.Security.Cryptography.SHA256.HashData("no run"u8), .. "no run"u8]);
        Assert.Null(Store.Find("key", small.Document));

        Assert.True(Store.Keep("key", small.Run));
        Assert.NotNull(Store.Find("key", small.Document));
    }

    [Fact]
    public void What_was_not_used_for_the_longest_time_goes_where_room_is_short()
    {
        Store.Keep("first", small.Run);
        Store.Keep("second", small.Run);
        Store.Keep("third", small.Run);
        foreach (var (file, days) in Files.Zip([3, 2, 1]))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-days));
        Assert.NotNull(Store.Find("first", small.Document)); // used just now, so the second is the oldest
        var size = new FileInfo(Files[0]).Length;
        new KeptRuns(Path.Combine(folder, "runs")) { SizeLimit = (3 * size) + 100 }.Keep("fourth", small.Run);
        Assert.Equal(["first", "fourth", "third"], Files.Select(file => Path.GetFileName(file).Split('.')[0]));
    }

    [Fact]
    public void What_a_killed_writer_left_goes_and_what_another_one_writes_stays()
    {
        Store.Keep("key", small.Run);
        string[] left = [.. Enumerable.Range(0, 3).Select(_ => Path.Combine(folder, "runs", $".key.1.run.{Guid.NewGuid():N}.tmp"))];
        var foreign = Path.Combine(folder, "runs", ".somebody.else.tmp");
        foreach (var file in left.Append(foreign))
            File.WriteAllText(file, "half");
        foreach (var file in left[..2].Append(foreign))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        using var open = new FileStream(left[1], FileMode.Open, FileAccess.Write);
        Store.Keep("key", small.Run);
        Assert.False(File.Exists(left[0]));
        Assert.True(File.Exists(left[1]), "a file that is open was removed");
        Assert.True(File.Exists(left[2]), "a file of this minute was removed");
        Assert.True(File.Exists(foreign), "a file of somebody else was removed");
    }

    [Fact]
    public async Task Many_may_write_and_read_one_entry_at_once()
    {
        Store.Keep("key", small.Run);
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (turn, _) =>
        {
            if (turn % 4 == 0)
                Store.Keep("key", small.Run);
            Assert.NotNull(Store.Find("key", small.Document));
            return ValueTask.CompletedTask;
        });
        Assert.Single(Files);
    }

    [Fact]
    public void Others_may_not_look_into_the_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There a user's own folder is closed to others anyway.");
        Store.Keep("key", small.Run);
        // Asked once more in a form that the compiler knows.
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(folder, "runs")));
    }
}
