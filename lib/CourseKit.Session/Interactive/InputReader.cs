namespace CourseKit.Session.Interactive;

/// <summary>What <c>Console.In</c> is in a session: every line is asked of the person at the front end.</summary>
internal sealed class InputReader(InputRequests input) : TextReader
{
    // The rest of a line that is read character by character.
    private string _rest = "";

    public override string ReadLine()
    {
        if (_rest.Length == 0)
            return Ask();
        var line = _rest.TrimEnd('\n');
        _rest = "";
        return line;
    }

    public override int Read()
    {
        var next = Peek();
        _rest = _rest[1..];
        return next;
    }

    public override int Peek()
    {
        if (_rest.Length == 0)
            _rest = Ask() + "\n";
        return _rest[0];
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        Peek();
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override string ReadToEnd() =>
        throw new NotSupportedException("A notebook's input has no end to read to. Use Console.ReadLine(), which asks for one line.");

    private string Ask() => input.AskAsync("", isPassword: false).GetAwaiter().GetResult();
}
