using System.IO.Pipes;
using CourseKit.Session;

if (args is not ["--pipe", var name])
{
    await Console.Error.WriteLineAsync("CourseKit.Session is started by the kit, with --pipe NAME; it is not a command of its own. Try: coursekit run NOTEBOOK").ConfigureAwait(false);
    return 2;
}

// Asynchronous, because reading and writing go on at once, which a synchronous pipe does not allow on Windows.
var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
try
{
    // The client listens before it starts this process: where nobody is, it has died.
    await pipe.ConnectAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(false);
}
catch (Exception exception) when (exception is TimeoutException or IOException or UnauthorizedAccessException)
{
    if (!OperatingSystem.IsWindows())
        File.Delete(name);
    await Console.Error.WriteLineAsync($"The client that started this session cannot be reached: {exception.Message}").ConfigureAwait(false);
    return 1;
}

await new Worker(pipe).ServeAsync().ConfigureAwait(false);
return 0;
