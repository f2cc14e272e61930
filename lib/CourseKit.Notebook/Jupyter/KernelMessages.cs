namespace CourseKit.Notebook.Jupyter;

/// <summary>How Jupyter names its messages.</summary>
internal static class KernelMessages
{
    private const string Request = "_request";

    public static string ReplyTo(JupyterRequest request) =>
        (request.Type.EndsWith(Request, StringComparison.Ordinal) ? request.Type[..^Request.Length] : request.Type) + "_reply";
}
