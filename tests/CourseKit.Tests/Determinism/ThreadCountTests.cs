using System.Diagnostics;

namespace CourseKit.Tests;

/// <summary>The same seed gives the same bits, whatever the number of threads and the width of the machine's vectors.</summary>
[Collection(ProcessWide.Name)]
public sealed class ThreadCountTests : IDisposable
{
    private readonly int threads = Device.Cpu.Threads;

    public void Dispose() => Device.Cpu.Threads = threads;

    [Theory]
    [InlineData(new[] { 5, 16, 3 }, 32, 60)] // small: one chunk, one thread whatever is allowed
    [InlineData(new[] { 300, 401, 10 }, 700, 4)] // large: several chunks and several row blocks, with tails
    public void Training_gives_the_same_bits_for_any_number_of_threads(int[] widths, int examples, int steps)
    {
        var fingerprints = new HashSet<string>();
        foreach (var count in new[] { 1, 2, 3, 8 })
        {
            Device.Cpu.Threads = count;
            fingerprints.Add(Fingerprint.OfTraining(widths, examples, steps));
        }
        Assert.Single(fingerprints);
    }

    [Fact]
    public void Every_optimizer_gives_the_same_bits_for_any_number_of_threads()
    {
        var fingerprints = new HashSet<string>();
        foreach (var count in new[] { 1, 2, 3, 8 })
        {
            Device.Cpu.Threads = count;
            fingerprints.Add(Fingerprint.OfOptimizers(100_003, 3)); // four chunks, the last with a tail
        }
        Assert.Single(fingerprints);
    }

    [Fact]
    public void Every_operation_gives_the_same_bits_for_any_number_of_threads()
    {
        foreach (var operation in OperationCatalog.All)
        {
            var fingerprints = new HashSet<string>();
            var inputs = operation.InputsOn(Device.Cpu, operation.LargeSize);
            foreach (var input in inputs)
                input.RequiresGrad = true;
            foreach (var count in new[] { 1, 3 })
            {
                Device.Cpu.Threads = count;
                using var scope = new TensorScope();
                foreach (var input in inputs)
                    input.ZeroGrad();
                var output = operation.Function(inputs);
                output.Backward(Tensor.Full(output.Shape, 0.7, Device.Cpu));
                fingerprints.Add(Fingerprint.Of([output, .. inputs.Select(input => input.Grad!)]));
            }
            Assert.True(fingerprints.Count == 1, $"{operation.Name} gives other bits with 3 threads than with 1.");
        }
    }

    /// <summary>Runs in a process of its own, with fewer vector instructions: the runtime decides that once, at its start.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task A_machine_with_narrower_vectors_computes_the_same_bits(string switchedOff)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.fingerprint");
        var start = new ProcessStartInfo("dotnet", [typeof(ThreadCountTests).Assembly.Location, "-class", typeof(FingerprintOfAnotherProcess).FullName!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [switchedOff] = "0", [FingerprintOfAnotherProcess.FileVariable] = file },
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(File.Exists(file), $"The other process wrote no fingerprint.\n{await output}\n{await errors}");
            Assert.Equal(Fingerprint.OfTheCpuDevice(), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>What the other process of <see cref="ThreadCountTests.A_machine_with_narrower_vectors_computes_the_same_bits"/> runs.</summary>
public class FingerprintOfAnotherProcess
{
    public const string FileVariable = "COURSEKIT_FINGERPRINT_FILE";

    [Fact]
    public void A_fingerprint_is_the_same_twice()
    {
        var fingerprint = Fingerprint.OfTheCpuDevice();
        Assert.Equal(fingerprint, Fingerprint.OfTheCpuDevice());
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file)
            File.WriteAllText(file, fingerprint);
    }
}
