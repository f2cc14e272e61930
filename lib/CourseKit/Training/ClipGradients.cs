namespace CourseKit;

/// <summary>Clips the gradients before each step (see <see cref="GradientClipping"/>), so that one steep place does not throw the parameters far away.</summary>
public sealed class ClipGradients : TrainingCallback
{
    private readonly double limit;
    private readonly bool byNorm;
    private double largest;
    private int epoch;

    private ClipGradients(double limit, bool byNorm) => (this.limit, this.byNorm) = (limit, byNorm);

    /// <summary>Scales all gradients together so that their norm is at most this. The largest norm of each epoch, before clipping, is the series "gradient norm" of the history.</summary>
    /// <exception cref="ArgumentException">The limit is not above 0.</exception>
    public static ClipGradients ByNorm(double limit) => new(TrainingCheck.ClippingLimit(limit), byNorm: true);

    /// <summary>Cuts every number of every gradient to plus or minus this.</summary>
    /// <exception cref="ArgumentException">The limit is not above 0.</exception>
    public static ClipGradients ByValue(double limit) => new(TrainingCheck.ClippingLimit(limit), byNorm: false);

    /// <inheritdoc/>
    public override void OnStart(TrainingRun run) => epoch = 0;

    /// <inheritdoc/>
    public override void OnGradients(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!byNorm)
        {
            GradientClipping.ByValue(run.Optimizer.Parameters, limit);
            return;
        }
        var norm = GradientClipping.ByNorm(run.Optimizer.Parameters, limit);
        (largest, epoch) = (epoch == run.Epoch ? Math.Max(largest, norm) : norm, run.Epoch);
        run.Report("gradient norm", largest);
    }
}
