namespace CourseKit.Notebook.Tests.Jupyter;

/// <summary>A peer that has said all it will ever say, and does not listen.</summary>
internal sealed class OneWayStream(byte[] said) : MemoryStream(said, writable: false)
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
