using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace CourseKit;

/// <summary>
/// The filters of filtered back-projection: a ramp |f| up to the highest frequency that the detectors can tell, f_N =
/// 1 / (2 spacing), times a window that damps high frequencies, where noise is. Smoother from first to last.
/// </summary>
public enum RampFilter
{
    /// <summary>The ramp alone (Ramachandran and Lakshminarayanan 1971): sharpest.</summary>
    RamLak,

    /// <summary>Times sin(z)/z with z = pi f / (2 f_N) (Shepp and Logan 1974).</summary>
    SheppLogan,

    /// <summary>Times cos(pi f / (2 f_N)).</summary>
    Cosine,

    /// <summary>Times 0.54 + 0.46 cos(pi f / f_N).</summary>
    Hamming,

    /// <summary>Times (1 + cos(pi f / f_N)) / 2: nothing is left of the highest frequency.</summary>
    Hann,
}

/// <summary>
/// Filters rows of numbers by a ramp, through the fast Fourier transform. The ramp is sampled in space and then transformed
/// (Kak and Slaney 1988, section 3.3): sampled in frequency it would be 0 at frequency 0, and every picture too dark.
/// The rows are padded with zeros, so that one end does not reach the other.
/// </summary>
internal sealed class RowFilter
{
    private readonly int length;
    private readonly double[] response;

    public RowFilter(int length, double spacing, RampFilter filter)
    {
        this.length = length;
        var padded = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, 2 * length));
        var ramp = new Complex[padded];
        ramp[0] = 1 / (4 * spacing * spacing);
        for (var n = 1; n <= padded / 2; n += 2)
            ramp[n] = ramp[padded - n] = -1 / (Math.PI * Math.PI * n * n * spacing * spacing);
        Fourier.Forward(ramp, FourierOptions.NoScaling);
        response = new double[padded];
        for (var k = 0; k < padded; k++)
            // The sum over places stands for an integral, hence the spacing.
            response[k] = ramp[k].Real * spacing * Window(filter, Math.Min(k, padded - k) / (padded / 2.0));
    }

    /// <summary>The response at each frequency k / (padded length x spacing), in cycles per pixel.</summary>
    public IReadOnlyList<double> Response => response;

    /// <summary>The window at a frequency given as a part of the highest one.</summary>
    private static double Window(RampFilter filter, double frequency) => filter switch
    {
        RampFilter.SheppLogan => frequency == 0 ? 1 : Math.Sin(Math.PI / 2 * frequency) / (Math.PI / 2 * frequency),
        RampFilter.Cosine => Math.Cos(Math.PI / 2 * frequency),
        RampFilter.Hamming => 0.54 + 0.46 * Math.Cos(Math.PI * frequency),
        RampFilter.Hann => 0.5 + 0.5 * Math.Cos(Math.PI * frequency),
        _ => 1,
    };

    /// <summary>Filters every row in place. The filter is the same from both sides, so this is its own adjoint.</summary>
    public void Apply(double[] rows)
    {
        var padded = new Complex[response.Length];
        for (var start = 0; start < rows.Length; start += length)
        {
            Array.Clear(padded);
            for (var i = 0; i < length; i++)
                padded[i] = rows[start + i];
            Fourier.Forward(padded, FourierOptions.NoScaling);
            for (var k = 0; k < padded.Length; k++)
                padded[k] *= response[k];
            Fourier.Inverse(padded, FourierOptions.AsymmetricScaling);
            for (var i = 0; i < length; i++)
                rows[start + i] = padded[i].Real;
        }
    }
}

public sealed partial class Tensor
{
    /// <summary>The rows of the last axis filtered, in double precision on the host; the gradient is filtered alike.</summary>
    internal Tensor FilterRows(RowFilter filter)
    {
        var y = Empty(Shape, Device);
        Filter(this, filter, y.View);
        return Records(this) ? RecordFilter(filter, y) : y;
    }

    private Tensor RecordFilter(RowFilter filter, Tensor y)
        => y.Record(result =>
        {
            var filtered = EmptyOutsideScopes(Shape, Device);
            Filter(result.grad!, filter, filtered.View);
            Device.Copy(filtered.View, GradTarget(out var accumulate), accumulate);
            filtered.Release();
        }, this);

    private static void Filter(Tensor from, RowFilter filter, StorageView to)
    {
        var rows = from.ToDoubleArray();
        filter.Apply(rows);
        from.Device.Write(rows, to);
    }
}
