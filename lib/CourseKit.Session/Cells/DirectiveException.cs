namespace CourseKit.Session.Cells;

/// <summary>A line for the session that it cannot follow.</summary>
internal sealed class DirectiveException(Directive directive, string message) : Exception(message)
{
    public Directive Directive => directive;
}
