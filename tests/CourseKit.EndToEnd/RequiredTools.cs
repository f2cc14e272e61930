namespace CourseKit.EndToEnd;

/// <summary>Tools of the machine that some tests need. Where the tests of the group are wanted, a tool that is missing is a failure.</summary>
internal static class RequiredTools
{
    public static string Chromium() => Find("a browser", "chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

    /// <summary>The sandbox that students' code is graded in.</summary>
    public static Grading.SandboxKind Bubblewrap()
    {
        Find("bubblewrap", "bubblewrap", "/usr/bin/bwrap");
        return Grading.SandboxKind.Bubblewrap;
    }

    /// <summary>Debian's Python, whose packages (nbformat, nbconvert) the distribution's Jupyter uses.</summary>
    public static string DebianPython()
    {
        Find("Jupyter", "python3-nbconvert", "/usr/share/doc/python3-nbconvert");
        return "/usr/bin/python3";
    }

    /// <summary>Debian's Python, where it has a module.</summary>
    public static string Python(string module, string package)
    {
        Find($"the Python module {module}", package, $"/usr/lib/python3/dist-packages/{module}");
        return "/usr/bin/python3";
    }

    /// <summary>Notebook 6, the classic one.</summary>
    public static string Notebook() => Find("Jupyter Notebook", "jupyter-notebook", "/usr/bin/jupyter-notebook");

    /// <summary>Debian's Python with the client that Jupyter's front ends use to talk to kernels, and ZeroMQ.</summary>
    public static string JupyterPython()
    {
        Find("Jupyter's client", "python3-jupyter-client", "/usr/share/doc/python3-jupyter-client");
        return "/usr/bin/python3";
    }

    /// <summary>bubblewrap, where it may make namespaces: in some containers it may not.</summary>
    public static string BubblewrapProgram()
    {
        var program = Find("bubblewrap", "bubblewrap", "/usr/bin/bwrap");
        using var attempt = System.Diagnostics.Process.Start(program, ["--dev-bind", "/", "/", "true"]);
        attempt.WaitForExit();
        Assert.True(attempt.ExitCode == 0, "bubblewrap is here but may not make namespaces on this machine.");
        return program;
    }

    private static string Find(string what, string package, params string[] places)
    {
        ToolTests.SkipUnlessWanted();
        var found = places.FirstOrDefault(place => File.Exists(place) || Directory.Exists(place));
        Assert.True(found is not null, $"This test needs {what} and none of {string.Join(", ", places)} is there: install {package}.");
        return found;
    }
}
