namespace CourseKit.Grading.Sandboxes;

/// <summary>What one worker may take.</summary>
/// <param name="MemoryBytes">Memory of the worker and all it starts.</param>
/// <param name="Processes">Processes and threads of the worker and all it starts.</param>
/// <param name="TemporaryBytes">What it may write to its temporary folder.</param>
internal sealed record SandboxLimits(long MemoryBytes, int Processes = 512, long TemporaryBytes = 256L << 20)
{
    /// <summary>
    /// What the collector inside may take. Less than the whole, so that a cell that allocates too much gets an exception
    /// and costs itself alone; the whole process is ended only when memory is taken past the collector.
    /// </summary>
    public long ManagedBytes => MemoryBytes / 4 * 3;

    /// <summary>Puts the collector's limit into a worker's environment.</summary>
    public void Apply(IDictionary<string, string?> environment) =>
        environment["DOTNET_GCHeapHardLimit"] = "0x" + ManagedBytes.ToString("X", System.Globalization.CultureInfo.InvariantCulture);
}
