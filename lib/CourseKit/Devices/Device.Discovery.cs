namespace CourseKit;

public abstract partial class Device
{
    // Where graphics processors come from: a part of the kit that may be missing, so it is looked for by name, and only when somebody asks.
    private const string GraphicsPart = "CourseKit.IlgpuDevices, CourseKit.Ilgpu";

    private static readonly Lazy<DeviceSource?> LazyGraphics = new(()
        => Type.GetType(GraphicsPart, throwOnError: false) is { } type ? (DeviceSource)Activator.CreateInstance(type, nonPublic: true)! : null);

    internal static DeviceSource? Graphics => LazyGraphics.Value;

    /// <summary>The devices of this process that compute: the two that are always there, then the graphics processors found.</summary>
    public static IReadOnlyList<Device> All => [Cpu, Reference, .. Graphics?.Found ?? []];

    /// <summary>The fastest kind of device there is: a CUDA graphics processor, else one through OpenCL, else <see cref="Cpu"/>. Small networks are faster on the processor all the same.</summary>
    public static Device Best => Graphics?.Found is [var first, ..] ? first : Cpu;

    /// <summary>A device by its name: cpu, reference, meta, cuda (the first one; cuda:1 is the second), opencl, or simulator, on which kernels for graphics processors run slowly on this machine's own.</summary>
    /// <exception cref="ArgumentException">There is no such device here; the message says which there are, and why no graphics processor.</exception>
    public static Device Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == Meta.Name)
            return Meta;
        var normal = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
        return All.FirstOrDefault(device => device.Name == normal)
            ?? Graphics?.OpenOnlyByName(normal)
            ?? throw new ArgumentException($"There is no device named \"{name}\" here, only {string.Join(", ", All.Append(Meta).Select(device => device.Name))}. "
                + (Graphics?.WhyNotMore ?? "Graphics processors need CourseKit.Ilgpu, built with the package ILGPU: coursekit doctor says why it is missing."), nameof(name));
    }
}

/// <summary>A part of the kit that brings devices of its own.</summary>
internal abstract class DeviceSource
{
    /// <summary>The devices found on this machine, the best first.</summary>
    public abstract IReadOnlyList<Device> Found { get; }

    /// <summary>A device that is no one's choice unless it is named; null where the name is not one.</summary>
    public abstract Device? OpenOnlyByName(string name);

    /// <summary>One sentence for each kind of device that was not found.</summary>
    public abstract string WhyNotMore { get; }
}
