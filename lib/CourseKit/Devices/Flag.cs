namespace CourseKit;

/// <summary>Yes or no inside a formula. A bool has another size on each kind of device, so none takes one from the host; this is a number everywhere.</summary>
internal readonly struct Flag
{
    private readonly int isSet;

    private Flag(bool value) => isSet = value ? 1 : 0;

    public static implicit operator Flag(bool value) => new(value);

    public static implicit operator bool(Flag flag) => flag.isSet != 0;
}
