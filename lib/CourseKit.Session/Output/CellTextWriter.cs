using System.Text;

namespace CourseKit.Session.Output;

/// <summary>What <c>Console.Out</c> and <c>Console.Error</c> are in a session.</summary>
internal sealed class CellTextWriter(OutputSink sink, string stream) : TextWriter
{
    private string _newLine = "\n";

    public override Encoding Encoding => Encoding.UTF8;

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string NewLine
    {
        // The same on every machine: notebooks are compared.
        get => _newLine;
        set => _newLine = value ?? "\n";
    }

    public override void Write(char value) => sink.Print(stream, [value]);

    public override void Write(char[] buffer, int index, int count) => sink.Print(stream, buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => sink.Print(stream, buffer);

    public override void Write(string? value) => sink.Print(stream, value);

    public override void WriteLine() => sink.Print(stream, _newLine);

    public override void WriteLine(string? value) => sink.Print(stream, value + _newLine);

    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        sink.Print(stream, buffer);
        sink.Print(stream, _newLine);
    }

    public override void Flush() => sink.Flush();
}
