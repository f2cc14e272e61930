namespace CourseKit.Notebook.Jupyter.Zmtp;

/// <summary>A peer sent what is no ZMTP, or more of it than anyone may. Its connection is closed and the reason logged.</summary>
internal sealed class ZmtpProtocolException(string message) : Exception(message);
