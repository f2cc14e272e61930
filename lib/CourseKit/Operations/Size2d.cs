using System.Globalization;

namespace CourseKit;

/// <summary>
/// A height and a width: a kernel, a stride, a dilation. A number means a square and a pair (height, width), so a layer is
/// written <c>new Conv2d(3, 16, kernelSize: 3)</c> or <c>new Conv2d(3, 16, kernelSize: (1, 7))</c>.
/// </summary>
/// <param name="Height">Along the rows' axis, downwards.</param>
/// <param name="Width">Along the columns' axis, to the right.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>A square.</summary>
    public static implicit operator Size2d(int side) => new(side, side);

    /// <summary>A height and a width.</summary>
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>For example 3x3.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}

/// <summary>
/// How many zeros a convolution sees around its input: a number for all sides, a pair (above and below, left and right),
/// "valid" for none, or "same" for as many as keep height and width (stride 1; with an even kernel the odd one is behind).
/// </summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public readonly record struct Padding
{
    private Padding(int height, int width, bool isSame) => (Height, Width, IsSame) = (height, width, isSame);

    /// <summary>No padding: the window stays inside the input.</summary>
    public static Padding Valid => default;

    /// <summary>The padding that keeps height and width.</summary>
    public static Padding Same => new(0, 0, true);

    /// <summary>Rows of zeros above, and as many below. Not used where <see cref="IsSame"/>.</summary>
    public int Height { get; }

    /// <summary>Columns of zeros at the left, and as many at the right. Not used where <see cref="IsSame"/>.</summary>
    public int Width { get; }

    /// <summary>Whether this is "same": its size depends on the kernel.</summary>
    public bool IsSame { get; }

    /// <summary>As much on all four sides.</summary>
    public static implicit operator Padding(int sides) => new(sides, sides, false);

    /// <summary>Above and below, and at the left and the right.</summary>
    public static implicit operator Padding((int Height, int Width) size) => new(size.Height, size.Width, false);

    /// <summary>"valid" or "same".</summary>
    /// <exception cref="ArgumentException">Another word.</exception>
    public static implicit operator Padding(string kind) => kind switch
    {
        "valid" => Valid,
        "same" => Same,
        _ => throw new ArgumentException($"A convolution's padding is a number, \"valid\" (none) or \"same\" (height and width stay as they are), and \"{kind}\" was given.", nameof(kind)),
    };

    /// <summary>For example 1x1, or same.</summary>
    public override string ToString() => IsSame ? "same" : new Size2d(Height, Width).ToString();

    /// <summary>The zeros before the input and those before and behind together, along one axis.</summary>
    internal static (int Before, int Both) Along(bool same, int padding, int kernel, int dilation)
    {
        var total = same ? dilation * (kernel - 1) : 2 * padding;
        return (total / 2, total);
    }
}
