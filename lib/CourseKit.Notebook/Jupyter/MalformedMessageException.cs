namespace CourseKit.Notebook.Jupyter;

/// <summary>What came is no message of Jupyter's, or is not signed with the kernel's key. It is dropped, and the reason logged.</summary>
internal sealed class MalformedMessageException(string message) : Exception(message);
