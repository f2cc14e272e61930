namespace CourseKit.Session.Stopping;

/// <summary>Ends a cell that was asked to stop.</summary>
internal sealed class CellStoppedException() : OperationCanceledException("The cell was stopped.");
