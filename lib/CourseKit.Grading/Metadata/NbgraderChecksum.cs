using System.Security.Cryptography;
using System.Text;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>The checksum by which nbgrader notices that a cell was changed. It is md5 because nbgrader's is.</summary>
public static class NbgraderChecksum
{
    /// <summary>32 hexadecimal digits over text, type, flags, id and, for a graded cell, points.</summary>
    public static string Compute(NotebookCell cell, NbgraderMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(metadata);
        var content = new StringBuilder()
            .Append(cell.Source)
            .Append(TypeName(cell.Kind))
            .Append(metadata.Grade)
            .Append(metadata.Solution)
            .Append(metadata.IsLocked)
            .Append(metadata.GradeId);
        if (metadata.Grade) content.Append(PythonFloat.Text(metadata.Points ?? 0));
#pragma warning disable CA5351 // Not for security: a student could compute it as well.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(content.ToString())));
#pragma warning restore CA5351
    }

    /// <summary>nbformat's name of a cell's type.</summary>
    internal static string TypeName(CellKind kind) => kind switch
    {
        CellKind.Code => "code",
        CellKind.Markdown => "markdown",
        _ => "raw",
    };
}
