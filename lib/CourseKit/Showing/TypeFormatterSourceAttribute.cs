namespace CourseKit;

/// <summary>
/// Tells a notebook how a type is shown: .NET Interactive's formatting, and what is built on it, looks for a class of
/// exactly this name in any namespace, so the library needs no reference to a notebook's packages.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = ["text/html"];
}
