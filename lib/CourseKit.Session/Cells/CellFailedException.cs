namespace CourseKit.Session.Cells;

/// <summary>A cell cannot go on, for a reason that is already in words.</summary>
internal sealed class CellFailedException(CellError error) : Exception(error.Value)
{
    public CellError Error => error;
}
