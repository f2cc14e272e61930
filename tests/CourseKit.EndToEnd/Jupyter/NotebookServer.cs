using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>Notebook 6, served to this machine alone from a folder of the test's.</summary>
internal sealed class NotebookServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private NotebookServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>What the server and its kernels wrote, for the message of a failed test.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static async Task<NotebookServer> StartAsync(InstalledKernel kernel, string folder)
    {
        var program = RequiredTools.Notebook();
        await kernel.InstallAsync();
        var port = FreePort();
        var server = new NotebookServer(
            kernel.Start(program, "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--NotebookApp.port_retries=0", "--NotebookApp.token=", "--NotebookApp.password=", $"--notebook-dir={folder}"),
            new Uri($"http://127.0.0.1:{port}/"));
        try
        {
            using var client = new HttpClient();
            while (true)
            {
                try
                {
                    if ((await client.GetAsync(new Uri(server.Address, "api"), TestContext.Current.CancellationToken)).IsSuccessStatusCode)
                        return server;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }

                Assert.False(server._process.HasExited, $"Jupyter Notebook ended: {server.Log}");
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
