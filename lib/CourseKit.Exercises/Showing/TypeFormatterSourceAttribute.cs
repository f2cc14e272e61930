namespace CourseKit.Exercises.Showing;

/// <summary>
/// Tells a .NET notebook kernel how to show a type. Kernels look for the name of this class, not for a type of
/// theirs, so the library needs no reference to any of them.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}
