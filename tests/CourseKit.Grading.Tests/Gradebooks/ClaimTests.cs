using System.Diagnostics;
using CourseKit.Grading.Gradebooks;

namespace CourseKit.Grading.Tests.Gradebooks;

/// <summary>Claims: one holder at a time, and none that outlives its process for good.</summary>
public sealed class ClaimTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-claims-").FullName;

    private string Place => Path.Combine(folder, "ann.claim");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Leave(string host, int process, DateTimeOffset started, TimeSpan ago)
    {
        File.WriteAllText(Place, System.Text.Json.JsonSerializer.Serialize(new ClaimOwner(host, process, started, Guid.NewGuid()), GradingJson.Default.ClaimOwner));
        File.SetLastWriteTimeUtc(Place, DateTime.UtcNow - ago);
    }

    private static int EndedProcess()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }

    [Fact]
    public void Only_one_holds_it_and_gives_it_back()
    {
        using (var first = Claim.TryTake(Place, out _))
        {
            Assert.NotNull(first);
            Assert.Null(Claim.TryTake(Place, out var holder));
            Assert.Equal(Environment.ProcessId, holder!.ProcessId);
        }
        using var second = Claim.TryTake(Place, out _);
        Assert.NotNull(second);
    }

    [Fact]
    public void Of_many_who_want_it_at_once_one_gets_it_also_where_it_was_stale()
    {
        for (var round = 0; round < 20; round++)
        {
            Leave(Environment.MachineName, int.MaxValue, DateTimeOffset.UtcNow, TimeSpan.Zero);
            var claims = new Claim?[8];
            Parallel.For(0, claims.Length, index => claims[index] = Claim.TryTake(Place, out _));
            Assert.Single(claims, claim => claim is not null);
            foreach (var claim in claims)
                claim?.Dispose();
            Assert.False(File.Exists(Place));
        }
    }

    [Fact]
    public void The_claim_of_a_process_that_ended_or_whose_number_was_given_again_is_taken_over()
    {
        Leave(Environment.MachineName, EndedProcess(), DateTimeOffset.UtcNow, TimeSpan.Zero);
        using (var claim = Claim.TryTake(Place, out _))
            Assert.NotNull(claim);
        Leave(Environment.MachineName, Environment.ProcessId, DateTimeOffset.UtcNow.AddDays(-1), TimeSpan.Zero);
        using var again = Claim.TryTake(Place, out _);
        Assert.NotNull(again);
    }

    [Fact]
    public void Another_machines_claim_holds_while_it_gives_signs_of_life()
    {
        Leave("another-host", 1, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(3));
        Assert.Null(Claim.TryTake(Place, out var holder));
        Assert.Equal("another-host", holder!.Host);
        Leave("another-host", 1, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(30));
        using var claim = Claim.TryTake(Place, out _);
        Assert.NotNull(claim);
    }

    [Fact]
    public void A_claim_that_was_never_signed_is_taken_over_after_a_while()
    {
        File.WriteAllText(Place, "{ \"host\": ");
        Assert.Null(Claim.TryTake(Place, out _));
        File.SetLastWriteTimeUtc(Place, DateTime.UtcNow.AddMinutes(-1));
        using var claim = Claim.TryTake(Place, out _);
        Assert.NotNull(claim);
    }

    [Fact]
    public async Task Who_waits_in_vain_reads_who_has_it()
    {
        using var claim = Claim.TryTake(Place, out _);
        var error = await Assert.ThrowsAsync<GradingException>(() => Claim.TakeAsync(Place, "The gradebook in grades", TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        Assert.StartsWith($"The gradebook in grades is in use by process {Environment.ProcessId} on {Environment.MachineName}; wait", error.Message, StringComparison.Ordinal);
    }
}
