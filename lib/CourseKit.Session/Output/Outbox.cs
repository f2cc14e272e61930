using System.Collections.Concurrent;

namespace CourseKit.Session.Output;

/// <summary>
/// Sends frames from a thread of its own. A cell's thread may be interrupted at any wait; here it only ever waits for
/// room in the queue, so a frame is never torn.
/// </summary>
internal sealed class Outbox
{
    // Bounded, so that a cell which displays faster than the client reads waits in place of filling the memory.
    private readonly BlockingCollection<byte[]> _frames = new(boundedCapacity: 64);
    private readonly Thread _sender;

    public Outbox(Stream pipe)
    {
        _sender = new Thread(() => SendAll(pipe)) { Name = "Outbox", IsBackground = true };
        _sender.Start();
    }

    public void Send(Message message)
    {
        var frame = Protocol.Encode(message);
        try
        {
            _frames.Add(frame);
        }
        catch (InvalidOperationException) when (_frames.IsAddingCompleted)
        {
            // The process is ending; there is no one left to tell.
        }
    }

    public void Close(TimeSpan patience)
    {
        _frames.CompleteAdding();
        _sender.Join(patience);
    }

    private void SendAll(Stream pipe)
    {
        try
        {
            foreach (var frame in _frames.GetConsumingEnumerable())
            {
                pipe.Write(frame);
                pipe.Flush();
            }
        }
        catch (IOException)
        {
            // The client went away; the reading side sees the same and ends the process.
        }
    }
}
