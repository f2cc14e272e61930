using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourseKit.Charts.Tests;

/// <summary>
/// A page in Chromium without a window and without network, spoken to over the DevTools protocol: it can be made narrow or
/// dark, keys can be pressed in it, and it tells of every error on its console.
/// </summary>
public sealed partial class LivePage : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-gallery-").FullName;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> waiting = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource end = new();
    private Process? browser;
    private string? session;
    private int last;

    /// <summary>What the console told since the last time.</summary>
    public IReadOnlyList<string> TakeErrors()
    {
        var taken = new List<string>();
        while (errors.TryDequeue(out string? error))
            taken.Add(error);
        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // Every test of the page then says why it is skipped, or that it cannot be.
        if (!LongTests.AreWanted || HeadlessBrowser.Path is null || !PlotlyScript.IsEmbedded)
            return;
        browser = Process.Start(new ProcessStartInfo(HeadlessBrowser.Path)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking", "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--allow-file-access-from-files", "--disable-dev-shm-usage",
                "--remote-debugging-port=0", $"--user-data-dir={Path.Combine(folder, "profile")}", "about:blank",
            },
        })!;
        string address = await AddressAsync(browser);
        _ = browser.StandardError.ReadToEndAsync(end.Token);
        _ = browser.StandardOutput.ReadToEndAsync(end.Token);
        await socket.ConnectAsync(new Uri(address), end.Token);
        _ = Task.Run(ReadAsync);

        // A script element of the page's own loads plotly.js once for all figures.
        await File.WriteAllTextAsync(Path.Combine(folder, "plotly.js"), PlotlyScript.Read());
        string page = Path.Combine(folder, "page.html");
        await File.WriteAllTextAsync(page, """
            <!doctype html><html><meta charset="utf-8"><body style="margin:0"><div id="place"></div><script src="plotly.js"></script>
            <script>
            window.show = html => {
              const place = document.getElementById('place');
              place.innerHTML = html;
              // A script set by innerHTML does not run; one put in its place does, as in a notebook.
              place.querySelectorAll('script').forEach(script => {
                const again = document.createElement('script');
                again.textContent = script.textContent;
                script.replaceWith(again);
              });
              window.figure = place.querySelector('.coursekit-figure');
            };
            window.until = async (met, what) => {
              const start = performance.now();
              while (!met()) {
                if (performance.now() - start > 60000) throw new Error('waited in vain for ' + what);
                await new Promise(resolve => setTimeout(resolve, 25));
              }
            };
            </script></body></html>
            """);
        var target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        session = (await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.DeepClone(), ["flatten"] = true }))["sessionId"]!.GetValue<string>();
        foreach (string domain in (string[])["Runtime", "Log", "Page"])
            await CallAsync($"{domain}.enable", []);
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(page).AbsoluteUri });
        await EvaluateAsync("(async () => { while (!window.Plotly || !window.show) await new Promise(resolve => setTimeout(resolve, 25)); return true; })()");
    }

    /// <summary>Gives the page a width and a theme.</summary>
    public async Task LookAsync(int width, bool dark)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
    }

    /// <summary>Presses a key as a person would.</summary>
    public async Task PressAsync(string key)
    {
        foreach (string type in (string[])["keyDown", "keyUp"])
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = key switch { "Tab" => 9, "Enter" => 13, "ArrowRight" => 39, "End" => 35, "Home" => 36, _ => 0 } };
            if (key == "Enter" && type == "keyDown")
                press["text"] = "\r";
            await CallAsync("Input.dispatchKeyEvent", press);
        }
    }

    /// <summary>The value of an expression in the page; a promise is waited for.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonObject answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        if (answer["exceptionDetails"] is JsonObject problem)
            throw new InvalidOperationException(problem["exception"]?["description"]?.GetValue<string>() ?? problem.ToJsonString());
        return answer["result"]?["value"];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        socket.Dispose();
        if (browser is { HasExited: false })
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync(CancellationToken.None);
        }
        browser?.Dispose();
        end.Dispose();
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may still be writing its profile; a temporary folder left behind harms nobody.
        }
    }

    private static async Task<string> AddressAsync(Process browser)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await browser.StandardError.ReadLineAsync(limit.Token) is string line)
        {
            if (Address().Match(line) is { Success: true } match)
                return match.Value;
        }
        throw new InvalidOperationException("Chromium ended before it said where it listens.");
    }

    private async Task<JsonObject> CallAsync(string method, JsonObject parameters)
    {
        int number = Interlocked.Increment(ref last);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[number] = answer;
        var message = new JsonObject { ["id"] = number, ["method"] = method, ["params"] = parameters };
        if (session is not null)
            message["sessionId"] = session;
        await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, end.Token);
        JsonObject got = await answer.Task.WaitAsync(Patience);
        return got["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {got.ToJsonString()}");
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        var message = new MemoryStream();
        try
        {
            while (!end.IsCancellationRequested)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), end.Token);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                JsonObject got = JsonNode.Parse(message.ToArray())!.AsObject();
                message.SetLength(0);
                if (got["id"]?.GetValue<int>() is int number && waiting.TryRemove(number, out TaskCompletionSource<JsonObject>? answer))
                    answer.SetResult(got);
                else
                    Listen(got);
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The page is closed.
        }
    }

    private void Listen(JsonObject told)
    {
        JsonNode? what = told["params"];
        switch (told["method"]?.GetValue<string>())
        {
            case "Runtime.exceptionThrown":
                errors.Enqueue(what!["exceptionDetails"]!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" when what!["type"]!.GetValue<string>() is "error" or "assert":
                errors.Enqueue(what["args"]!.ToJsonString());
                break;
            case "Log.entryAdded" when what!["entry"]!["level"]!.GetValue<string>() == "error":
                errors.Enqueue(what["entry"]!.ToJsonString());
                break;
        }
    }

    [GeneratedRegex(@"ws://\S+")]
    private static partial Regex Address();
}
