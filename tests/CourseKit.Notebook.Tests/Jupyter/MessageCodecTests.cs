using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Notebook.Jupyter;

namespace CourseKit.Notebook.Tests.Jupyter;

public sealed class MessageCodecTests
{
    private static readonly byte[] s_delimiter = "<IDS|MSG>"u8.ToArray();

    [Fact]
    public void A_message_that_is_signed_with_the_key_over_its_four_parts_as_sent_is_taken()
    {
        var request = new MessageCodec("secret").Decode([7], Frames("secret", """{ "msg_id": "a",  "msg_type": "execute_request" }""", """{"code": "1"}"""));
        Assert.Equal("execute_request", request.Type);
        Assert.Equal("1", request.Text("code"));
        Assert.Equal([7], Assert.Single(request.Identities));

        // The header goes back as it came, to the last space.
        Assert.Equal("""{ "msg_id": "a",  "msg_type": "execute_request" }""", Encoding.UTF8.GetString(request.Header));
    }

    [Theory]
    [InlineData("another key")]
    [InlineData("")]
    public void A_message_that_is_signed_otherwise_is_not(string key)
    {
        var exception = Assert.Throws<MalformedMessageException>(() => new MessageCodec("secret").Decode([], Frames(key, """{"msg_type": "a"}""", "{}")));
        Assert.Contains("signature", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_nothing_is_signed_and_nothing_verified()
    {
        var codec = new MessageCodec("");
        Assert.Equal("a", codec.Decode([], Frames("", """{"msg_type": "a"}""", "{}")).Type);
        Assert.True(codec.Encode("a", null, "{}"u8.ToArray())[1].IsEmpty);
    }

    [Fact]
    public void What_the_kernel_sends_is_signed_dated_versioned_and_names_its_parent()
    {
        var frames = new MessageCodec("secret").Encode("status", """{"msg_id": 5}"""u8.ToArray(), """{"execution_state": "idle"}"""u8.ToArray());
        Assert.Equal(s_delimiter, frames[0].ToArray());
        Assert.Equal(Signature("secret", [.. frames.Skip(2).Select(frame => frame.ToArray())]), Encoding.ASCII.GetString(frames[1].Span));
        var header = JsonNode.Parse(frames[2].Span)!;
        Assert.Equal("status", (string?)header["msg_type"]);
        Assert.Equal("5.4", (string?)header["version"]);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)header["date"]!).Kind);
        Assert.StartsWith((string)header["session"]!, (string?)header["msg_id"], StringComparison.Ordinal);
        Assert.Equal("""{"msg_id": 5}""", Encoding.UTF8.GetString(frames[3].Span));
    }

    [Fact]
    public void Frames_before_the_delimiter_are_the_way_back()
    {
        var request = new MessageCodec("").Decode([1], [[2], [3], .. Frames("", """{"msg_type": "a"}""", "{}")]);
        Assert.Equal([[1], [2], [3]], request.Identities);
    }

    [Theory]
    [InlineData("""{"msg_type": 5}""", "{}", "msg_type")]
    [InlineData("""{"msg_type": "\ud800"}""", "{}", "msg_type")]
    [InlineData("{}", "{}", "msg_type")]
    [InlineData("[]", "{}", "header")]
    [InlineData("""{"msg_type": "a"} x""", "{}", "header")]
    [InlineData("""{"msg_type": "a"}""", "{", "content")]
    [InlineData("""{"msg_type": "a"}""", "", "content")]
    public void A_message_whose_parts_are_no_objects_is_dropped_with_the_reason(string header, string content, string part)
    {
        var exception = Assert.Throws<MalformedMessageException>(() => new MessageCodec("").Decode([], Frames("", header, content)));
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc", 2, 2)]
    [InlineData("𝒳y", 1, 2)]
    [InlineData("𝒳y", 2, 3)]
    [InlineData("𝒳y", 9, 3)]
    [InlineData("", 0, 0)]
    public void A_position_in_code_points_is_one_in_UTF_16_and_back(string text, int codePoints, int utf16)
    {
        Assert.Equal(utf16, CodePoints.ToUtf16(text, codePoints));
        Assert.Equal(Math.Min(codePoints, text.EnumerateRunes().Count()), CodePoints.FromUtf16(text, utf16));
    }

    [Theory]
    [InlineData("Console.WriteLine?", "Console.WriteLine", 0)]
    [InlineData("?x", "x", 0)]
    [InlineData(" Tensor.Sum?? \n", "Tensor.Sum", 1)]
    [InlineData("x", null, 0)]
    [InlineData("a ? b : c", null, 0)]
    [InlineData("x?.y", null, 0)]
    [InlineData("int? x", null, 0)]
    public void A_name_with_a_question_mark_is_a_question_for_help(string code, string? name, int detail)
    {
        var question = HelpQuestion.Parse(code);
        Assert.Equal(name, question?.Name);
        Assert.Equal(detail, question?.Detail ?? 0);
    }

    private static List<byte[]> Frames(string key, string header, string content)
    {
        byte[][] parts = [Encoding.UTF8.GetBytes(header), "{}"u8.ToArray(), "{}"u8.ToArray(), Encoding.UTF8.GetBytes(content)];
        return [s_delimiter, Encoding.ASCII.GetBytes(Signature(key, parts)), .. parts];
    }

    private static string Signature(string key, byte[][] parts) =>
        key.Length == 0 ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), parts.SelectMany(part => part).ToArray()));
}
