using CourseKit.Notebook.Jupyter;

namespace CourseKit.Notebook.Tests.Jupyter;

public sealed class ConnectionFileTests
{
    private const string Right = """
        {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5, "ip": "127.0.0.1",
         "key": "secret", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "x", "jupyter_session": "y.ipynb"}
        """;

    [Fact]
    public void What_Jupyter_writes_is_read()
    {
        var file = Load(Right);
        Assert.Equal(new ConnectionFile("tcp", "127.0.0.1", 1, 4, 3, 2, 5, "secret"), file);
        Assert.Equal("tcp://127.0.0.1:1", file.Endpoint(file.Shell).ToString());
        Assert.Equal("ipc://127.0.0.1-2", (file with { Transport = "ipc" }).Endpoint(file.Publish).ToString());
    }

    [Theory]
    [InlineData("tcp\"", "pgm\"", "\"pgm\"")]
    [InlineData("hmac-sha256", "hmac-md5", "hmac-md5")]
    [InlineData("\"shell_port\": 1,", "", "shell_port")]
    [InlineData("\"shell_port\": 1", "\"shell_port\": 70000", "70000")]
    [InlineData("\"shell_port\": 1", "\"shell_port\": 0", "\"shell_port\"")]
    [InlineData("\"shell_port\": 1", "\"shell_port\": \"1\"", "\"shell_port\"")]
    [InlineData("\"127.0.0.1\"", "5", "\"ip\"")]
    [InlineData("{", "", "no connection file")]
    public void What_is_wrong_with_a_file_is_said(string right, string wrong, string told)
    {
        var exception = Assert.Throws<InvalidDataException>(() => Load(Right.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }

    private static ConnectionFile Load(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return ConnectionFile.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
