using System.Text.Json;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The channels on which front ends talk to a kernel.</summary>
internal enum KernelChannel
{
    /// <summary>Requests that wait for one another.</summary>
    Shell,

    /// <summary>Requests that wait for nothing: interrupt and shutdown.</summary>
    Control,

    /// <summary>Here the kernel asks, and the front end of the running cell answers.</summary>
    StandardInput,
}

/// <summary>A message from a front end.</summary>
/// <param name="Type">What it asks for, <c>execute_request</c> for instance.</param>
/// <param name="Identities">The way back to who sent it; the first is the connection's.</param>
/// <param name="Header">Its header as it came, which becomes the parent of every answer, whatever else is in it.</param>
/// <param name="Content">What it says.</param>
internal sealed record JupyterRequest(string Type, IReadOnlyList<byte[]> Identities, byte[] Header, JsonElement Content)
{
    /// <summary>Where it came from, and where its answer goes.</summary>
    public KernelChannel Channel { get; init; }

    /// <summary>A text of the content; an error that names the field where it is something else.</summary>
    public string Text(string name, string? otherwise = null) => !Content.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? otherwise ?? throw new MalformedMessageException($"a {Type} needs the text \"{name}\", and it is not there")
        : value.ValueKind == JsonValueKind.String ? ReadText(name, value)
        : throw new MalformedMessageException($"\"{name}\" of a {Type} should be a text, and is {value.ValueKind}");

    public bool Flag(string name, bool otherwise) => Content.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    }
    : otherwise;

    /// <summary>A whole number of the content; null where it is not there or none.</summary>
    public int? Number(string name) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private string ReadText(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new MalformedMessageException($"\"{name}\" of a {Type} is no valid text: half of a surrogate pair is in it");
        }
    }
}
