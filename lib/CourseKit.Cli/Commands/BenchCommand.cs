using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using CourseKit.Cli.Benchmarks;
using CourseKit.Cli.Terminal;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit bench</c>: the networks the chapters train, timed beside PyTorch and OpenBLAS on this machine, and the kernel beside ipykernel.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var filter = new Option<string?>("--filter") { Description = "Only workloads whose name contains this.", HelpName = "text" };
        var threads = new Option<int?>("--threads") { Description = "Only this number of threads, on both sides. By default 1, then 2, then the better of both.", HelpName = "count" };
        var rounds = new Option<int>("--rounds") { Description = "Interleaved rounds; the ratio is their median.", DefaultValueFactory = _ => 9, HelpName = "count" };
        var python = new Option<string?>("--python") { Description = "The Python that has PyTorch, Jupyter for the kernels, or nbgrader; by default python3 is tried.", HelpName = "path" };
        var device = new Option<string?>("--device") { Description = "Measure on a graphics processor (cuda, opencl) beside PyTorch on the same one, and where it overtakes the CPU; simulator tries the command without one.", HelpName = "name" };
        var json = CommonOptions.Json();
        Require(threads, value => value is null or >= 1, "--threads wants a number of threads, 1 or more.");
        Require(rounds, value => value >= 1, "--rounds wants a number of rounds, 1 or more.");
        var command = new Command("bench", """
            Time training steps, inference and matrix products, ours and the peers' in turn. A ratio above 1 means ours is faster.

            Examples:
              coursekit bench                        everything; takes some minutes
              coursekit bench --filter MLP           the multilayer perceptrons
              coursekit bench --filter matmul --threads 1 --json
              coursekit bench --filter growth        how a step's time grows with batch and width, and a cell's with those before it
              coursekit bench --filter kernel        what one waits for in a notebook, beside ipykernel
              coursekit bench --device cuda          products and training on a graphics processor
              coursekit bench --filter grading       how long a submission takes to grade, beside nbgrader
            """) { filter, threads, rounds, python, device, json };
        command.SetAction((parsed, cancellation) => Task.Run(() => parsed.GetValue(device) is { } name
            ? Task.FromResult(MeasureOnDevice(name, parsed.GetValue(filter), parsed.GetValue(rounds), parsed.GetValue(python), parsed.GetValue(json), cancellation))
            : MeasureAsync(parsed.GetValue(filter), parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(python), parsed.GetValue(json), cancellation), cancellation));
        return command;
    }

    private static void Require<T>(Option<T> option, Func<T?, bool> isRight, string sentence)
        => option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.Tokens.Count > 0 && !isRight(result.GetValueOrDefault<T>()))
                result.AddError(sentence);
        });

    private static async Task<int> MeasureAsync(string? filter, int? threads, int rounds, string? python, bool asJson, CancellationToken cancellation)
    {
        var chosen = (filter is null ? Workload.All : Workload.All.Concat(Workload.Growth)).Where(workload => IsChosen(workload.Name)).ToList();
        var waits = filter is null ? [] : KernelWait.All.Where(wait => IsChosen(wait.Name)).ToList();
        var grades = filter is not null && IsChosen(GradingRace.Name);
        if (chosen.Count + waits.Count == 0 && !grades)
        {
            var names = Workload.All.Concat(Workload.Growth).Select(workload => workload.Name).Concat(KernelWait.All.Select(wait => wait.Name)).Append(GradingRace.Name);
            Failures.Write($"No workload is called anything with \"{filter}\". There are:\n  {string.Join("\n  ", names)}");
            return (int)ExitCode.UsedWrongly;
        }

        var found = new List<Comparison>();
        var exitCode = ExitCode.Fine;
        try
        {
            if (chosen.Count > 0)
                MeasureWorkloads(chosen, threads, rounds, python, asJson, found, cancellation);
            if (waits.Count > 0 && !await MeasureKernelsAsync(waits, rounds, python, asJson, found, cancellation))
                exitCode = ExitCode.SomethingFailed;
            if (grades)
                await MeasureGradingAsync(rounds, python, asJson, found, cancellation);
        }
        catch (OperationCanceledException)
        {
            Failures.Write("Stopped; what was measured until then follows.");
            exitCode = ExitCode.Stopped;
        }
        Show(found, asJson);
        return (int)exitCode;

        bool IsChosen(string name) => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase);
    }

    private static void Show(List<Comparison> found, bool asJson)
    {
        if (asJson)
            Json.Write(found.Select(row => new { row.Workload, row.Threads, ours_us = Rounded(row.OursUs), row.Peer, peer_us = Rounded(row.PeerUs), ratio = Rounded(row.Ratio) }));
        else if (found.Count > 0)
            Write(found);
    }

    private static int MeasureOnDevice(string name, string? filter, int rounds, string? python, bool asJson, CancellationToken cancellation)
    {
        var beside = Workload.OnDevice.Where(IsChosen).ToList();
        var overtaking = Workload.Overtaking.Where(IsChosen).ToList();
        if (beside.Count + overtaking.Count == 0)
        {
            Failures.Write($"No workload for a device is called anything with \"{filter}\". There are:\n  {string.Join("\n  ", Workload.OnDevice.Concat(Workload.Overtaking).Select(workload => workload.Name))}");
            return (int)ExitCode.UsedWrongly;
        }
        try
        {
            Device.Default = Device.Named(name);
        }
        catch (ArgumentException exception)
        {
            Failures.Write(exception.Message.Split(" (Parameter")[0]);
            return (int)ExitCode.UsedWrongly;
        }

        var found = new List<Comparison>();
        var exitCode = ExitCode.Fine;
        using var torch = beside.Count > 0 && name.StartsWith("cuda", StringComparison.Ordinal) ? TorchPeer.Start(python, Environment.ProcessorCount, name) : null;
        using var processor = new ProcessorPeer();
        if (!asJson)
            Console.WriteLine($"this device: {Device.Default.Description}{(GpuSupport.UseVendorProducts(Device.Default, true) ? ", with cuBLAS" : "")}\n{(torch is null ? "No Python with PyTorch for this device was found: our figures stand alone. Name one with --python." : $"{torch.Name}: {torch.Build}")}");
        var interleaved = new Interleaved(rounds, secondsPerRound: 0.1);
        try
        {
            foreach (var workload in beside.Concat(overtaking))
            {
                cancellation.ThrowIfCancellationRequested();
                Console.Error.WriteLine(workload.Name);
                found.Add(interleaved.Measure(workload, Environment.ProcessorCount, overtaking.Contains(workload) ? processor : torch) with { Threads = name });
            }
        }
        catch (OperationCanceledException)
        {
            Failures.Write("Stopped; what was measured until then follows.");
            exitCode = ExitCode.Stopped;
        }
        Show(found, asJson);
        return (int)exitCode;

        bool IsChosen(Workload workload) => filter is null || workload.Name.Contains(filter, StringComparison.OrdinalIgnoreCase);
    }

    private static void MeasureWorkloads(List<Workload> chosen, int? threads, int rounds, string? python, bool asJson, List<Comparison> found, CancellationToken cancellation)
    {
        int[] counts = threads is { } one ? [one] : Environment.ProcessorCount > 1 ? [1, 2] : [1];
        using var peers = new PeerSet(python, counts, chosen);
        if (!asJson)
            Console.WriteLine(peers.Description);
        var interleaved = new Interleaved(rounds, secondsPerRound: 0.1);
        for (var i = 0; i < chosen.Count; i++)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1,3}/{chosen.Count}  {chosen[i].Name}"));
            var measured = new List<Comparison>();
            foreach (var count in chosen[i].SingleThread ? counts[..1] : counts)
            {
                cancellation.ThrowIfCancellationRequested();
                measured.Add(interleaved.Measure(chosen[i], count, peers.For(chosen[i], count)));
            }
            found.AddRange(measured.Count > 1 ? [.. measured, Interleaved.Best(measured)] : measured);
        }
    }

    /// <summary>False where nothing could be measured, for want of a front end.</summary>
    private static async Task<bool> MeasureKernelsAsync(List<KernelWait> waits, int rounds, string? python, bool asJson, List<Comparison> found, CancellationToken cancellation)
    {
        using var race = await KernelRace.StartAsync(python, cancellation);
        if (race is null)
        {
            Failures.Write(KernelRace.WhatToInstall);
            return false;
        }
        if (!asJson)
            Console.WriteLine(race.Description);
        found.AddRange(race.Measure(waits, rounds, Console.Error.WriteLine, cancellation));
        return true;
    }

    private static async Task MeasureGradingAsync(int rounds, string? python, bool asJson, List<Comparison> found, CancellationToken cancellation)
    {
        await using var race = await GradingRace.StartAsync(python, cancellation);
        if (!asJson)
            Console.WriteLine(race.Description);
        found.AddRange(await race.MeasureAsync(rounds, Console.Error.WriteLine, cancellation));
    }

    private static void Write(List<Comparison> rows)
    {
        var table = Tables.Create(("workload", false), ("threads", true), ("ours", true), ("peer", true), ("ratio", true), ("middle half", true), ("goal", true));
        foreach (var row in rows)
            table.AddRow(row.Workload, row.Threads, Time(row.OursUs), row.PeerUs is { } peer ? Time(peer) : "-", Number(row.Ratio), row.Spread is { } spread ? $"{Number(spread[0])} to {Number(spread[1])}" : "", row.GoalUs is { } most ? Time(most) : Number(row.Goal));
        Tables.Write(table);

        static string Number(double? value) => value is { } number ? number.ToString(number < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) : "";

        static string Time(double microseconds) => microseconds < 1000
            ? string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.0} us")
            : string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:0.00} ms");
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 4) : null;

    /// <summary>The peers that are on this machine: PyTorch for each number of threads, and OpenBLAS.</summary>
    private sealed class PeerSet : IDisposable
    {
        private readonly Dictionary<int, TorchPeer> torch = [];
        private readonly OpenBlasPeer? blas;

        public PeerSet(string? python, int[] counts, List<Workload> chosen)
        {
            List<string> lines = [$"this machine: {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {CpuDevice.VectorWidth}-bit vectors, {RuntimeInformation.FrameworkDescription}"];
            if (chosen.Any(workload => workload.Model != "matmul"))
            {
                foreach (var count in counts)
                    if (TorchPeer.Start(python, count) is { } peer)
                        torch[count] = peer;
                lines.Add(torch.Count > 0 ? $"{torch[counts[0]].Name}: {torch[counts[0]].Build.Replace("\n", "\n  ", StringComparison.Ordinal)}" : "No Python with PyTorch was found: our figures stand alone. Install it (Debian: apt install python3-torch) or name one with --python.");
            }
            if (chosen.Any(workload => workload.Model == "matmul"))
            {
                blas = OpenBlasPeer.Load();
                lines.Add(blas is null ? "OpenBLAS was not found: our matrix products stand alone. Install it (Debian: apt install libopenblas0-pthread)." : $"OpenBLAS: {blas.Build}");
            }
            Description = string.Join('\n', lines);
        }

        public string Description { get; }

        public IPeer? For(Workload workload, int threads) => workload.Model == "matmul" ? blas : torch.GetValueOrDefault(threads);

        public void Dispose()
        {
            foreach (var peer in torch.Values)
                peer.Dispose();
            blas?.Dispose();
        }
    }
}
