namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>Answers each request at once.</summary>
/// <param name="limits">What a peer may take.</param>
/// <param name="log">Takes a sentence about every peer that was turned away.</param>
/// <param name="answer">Makes a reply's frames of a request's.</param>
internal sealed class ReplySocket(ZmtpLimits limits, Action<string> log, Func<IEnumerable<byte[]>, IEnumerable<byte[]>> answer)
    : ZmtpSocket(ZmtpSocketType.Reply, limits, log)
{
    protected override ValueTask TakeAsync(ZmtpConnection connection, IReadOnlyList<byte[]> message)
    {
        // Up to the first empty frame it is the way back. Without one it is no request, and is dropped.
        var envelope = message.TakeWhile(part => part.Length > 0).Count() + 1;
        if (envelope <= message.Count)
        {
            var reply = message.Take(envelope).Concat(answer(message.Skip(envelope)));
            connection.Send(ZmtpFrame.EncodeMessage([.. reply.Select(part => (ReadOnlyMemory<byte>)part)]), mustArrive: true);
        }

        return ValueTask.CompletedTask;
    }
}
