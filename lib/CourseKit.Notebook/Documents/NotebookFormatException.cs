namespace CourseKit.Notebook;

/// <summary>A notebook cannot be read or used: the message names the file, what is wrong with it and what to do.</summary>
public sealed class NotebookFormatException : FormatException
{
    /// <summary>Makes the exception for one file.</summary>
    /// <param name="file">The notebook's name or path, as the user gave it.</param>
    /// <param name="problem">What is wrong and what to do next, in whole sentences.</param>
    /// <param name="inner">What caused it, if anything did.</param>
    public NotebookFormatException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner)
    {
        File = file;
        Problem = problem;
    }

    /// <summary>The notebook's name or path.</summary>
    public string File { get; }

    /// <summary>What is wrong and what to do next, without the file's name.</summary>
    public string Problem { get; }
}
