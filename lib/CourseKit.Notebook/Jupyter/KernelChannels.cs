using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The five sockets of a kernel. What comes in is verified, what goes out is signed.</summary>
internal sealed class KernelChannels : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MessageCodec _codec;
    private readonly KernelLog _log;
    private readonly RouterSocket _shell;
    private readonly RouterSocket _control;
    private readonly RouterSocket _standardInput;
    private readonly PublisherSocket _publisher;
    private readonly ReplySocket _heartbeat;
    private readonly Func<JupyterRequest, ValueTask> _take;

    /// <param name="key">What messages are signed with.</param>
    /// <param name="log">Takes a sentence about everything that is dropped.</param>
    /// <param name="take">Called with each request, in the order in which one front end sent them.</param>
    /// <param name="limits">What one front end may take of memory and time.</param>
    public KernelChannels(string key, KernelLog log, Func<JupyterRequest, ValueTask> take, ZmtpLimits? limits = null)
    {
        limits ??= new ZmtpLimits();
        _codec = new MessageCodec(key);
        _log = log;
        _take = take;
        _shell = new RouterSocket(limits, log.Write, (identity, frames) => TakeAsync(KernelChannel.Shell, identity, frames));
        _control = new RouterSocket(limits, log.Write, (identity, frames) => TakeAsync(KernelChannel.Control, identity, frames));
        _standardInput = new RouterSocket(limits, log.Write, (identity, frames) => TakeAsync(KernelChannel.StandardInput, identity, frames));
        _publisher = new PublisherSocket(limits, log.Write);
        _heartbeat = new ReplySocket(limits, log.Write, static beat => beat);
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">An endpoint is taken, or is none; the message says which.</exception>
    public void Bind(ConnectionFile file)
    {
        // Heartbeat last: whoever hears it may speak to all the others.
        Bind(_shell, file.Shell);
        Bind(_control, file.Control);
        Bind(_standardInput, file.StandardInput);
        Bind(_publisher, file.Publish);
        Bind(_heartbeat, file.Heartbeat);

        void Bind(ZmtpSocket socket, int port)
        {
            try
            {
                socket.Bind(file.Endpoint(port));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ArgumentException or UnauthorizedAccessException)
            {
                throw new IOException($"The kernel cannot listen at {file.Transport}://{file.Address}, port {port}: {exception.Message}. Is another kernel using this connection file?", exception);
            }
        }
    }

    /// <summary>Answers a request on the channel it came from.</summary>
    public void Reply(JupyterRequest request, string type, JsonObject content)
    {
        if (!Send(request, request.Channel, type, content))
            _log.Write($"A {type} was dropped: who asked for it is no longer connected.");
    }

    /// <summary>Asks the front end that a request came from; false where it does not listen.</summary>
    public bool Ask(JupyterRequest request, string type, JsonObject content) => Send(request, KernelChannel.StandardInput, type, content);

    /// <summary>Tells all front ends.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="parent">The request it is about; null for none.</param>
    /// <param name="write">Writes the content's fields.</param>
    public void Publish(string type, JupyterRequest? parent, Action<Utf8JsonWriter> write)
    {
        var frames = _codec.Encode(type, parent?.Header, ToBytes(write));

        // A front end that reads slowly may miss outputs; without the end of a cell it would wait for ever.
        _publisher.Send([Encoding.ASCII.GetBytes("kernel." + type), .. frames], mustArrive: type is "status" or "error");
    }

    /// <summary>Tells all front ends.</summary>
    public void Publish(string type, JupyterRequest? parent, JsonObject content) => Publish(type, parent, writer =>
    {
        foreach (var (name, value) in content)
            Write(writer, name, value);
    });

    public static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null)
            writer.WriteNullValue();
        else
            value.WriteTo(writer);
    }

    /// <summary>Lets the last answers go out, and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        ZmtpSocket[] sockets = [_shell, _control, _standardInput, _publisher, _heartbeat];
        await Task.WhenAll(sockets.Select(socket => socket.CloseAsync(Linger))).ConfigureAwait(false);
        foreach (var socket in sockets)
            await socket.DisposeAsync().ConfigureAwait(false);
    }

    private static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_json))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private bool Send(JupyterRequest request, KernelChannel channel, string type, JsonObject content)
    {
        var frames = _codec.Encode(type, request.Header, ToBytes(writer =>
        {
            foreach (var (name, value) in content)
                Write(writer, name, value);
        }));
        var socket = channel switch
        {
            KernelChannel.Shell => _shell,
            KernelChannel.Control => _control,
            _ => _standardInput,
        };
        return socket.Send(request.Identities[0], [.. request.Identities.Skip(1).Select(identity => (ReadOnlyMemory<byte>)identity), .. frames]);
    }

    private async ValueTask TakeAsync(KernelChannel channel, byte[] identity, IReadOnlyList<byte[]> frames)
    {
        JupyterRequest request;
        try
        {
            request = _codec.Decode(identity, frames) with { Channel = channel };
        }
        catch (MalformedMessageException exception)
        {
            _log.Write($"A message on the {channel} channel was dropped: {exception.Message}.");
            return;
        }

        await _take(request).ConfigureAwait(false);
    }
}
