using System.Globalization;
using System.Text.Json;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Jupyter;

/// <summary>What the front end that starts a kernel tells it in a file: where to listen, and the key messages are signed with.</summary>
/// <param name="Transport"><c>tcp</c> or <c>ipc</c>.</param>
/// <param name="Address">An IP address for TCP; the beginning of five files' names for ipc.</param>
/// <param name="Shell">Port of the requests that wait for one another.</param>
/// <param name="Control">Port of the requests that wait for nothing.</param>
/// <param name="StandardInput">Port on which cells ask for input.</param>
/// <param name="Publish">Port of the outputs and the state, for all front ends.</param>
/// <param name="Heartbeat">Port that sends back what it gets.</param>
/// <param name="Key">What both sides sign with; empty where messages are not signed.</param>
internal sealed record ConnectionFile(string Transport, string Address, int Shell, int Control, int StandardInput, int Publish, int Heartbeat, string Key)
{
    /// <exception cref="InvalidDataException">It is no connection file; the message says what is wrong with it.</exception>
    public static ConnectionFile Load(string path)
    {
        using var document = Parse(path);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{path} should hold one JSON object, as Jupyter writes it for a kernel, and holds {root.ValueKind}.");

        var scheme = Text("signature_scheme", "hmac-sha256");
        if (scheme is not ("hmac-sha256" or ""))
            throw new InvalidDataException($"{path} wants messages signed with \"{scheme}\"; this kernel signs with hmac-sha256 alone. Set Session.signature_scheme in the front end's configuration.");
        var transport = Text("transport", "tcp");
        if (transport is not ("tcp" or "ipc"))
            throw new InvalidDataException($"{path} wants the transport \"{transport}\"; this kernel knows tcp and ipc.");
        return new ConnectionFile(
            transport,
            Text("ip", "127.0.0.1"),
            Port("shell_port"),
            Port("control_port"),
            Port("stdin_port"),
            Port("iopub_port"),
            Port("hb_port"),
            Text("key", ""));

        string Text(string name, string otherwise) => !root.TryGetProperty(name, out var value) ? otherwise
            : value.ValueKind == JsonValueKind.String ? value.GetString()!
            : throw new InvalidDataException($"{path}: \"{name}\" should be a text, and is {value.ValueKind}.");

        int Port(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var port) && port is > 0 and <= ushort.MaxValue
            ? port
            : throw new InvalidDataException($"{path}: \"{name}\" should be a port from 1 to 65535{(value.ValueKind == JsonValueKind.Undefined ? ", and is not there" : $", and is {value.GetRawText()}")}.");
    }

    /// <summary>The endpoint that one of the ports stands for.</summary>
    public ZmtpEndpoint Endpoint(int port) => Transport == "ipc"
        ? ZmtpEndpoint.Ipc(string.Create(CultureInfo.InvariantCulture, $"{Address}-{port}"))
        : ZmtpEndpoint.Tcp(Address, port);

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is no connection file: {exception.Message}", exception);
        }
    }
}
