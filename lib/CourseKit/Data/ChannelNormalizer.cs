namespace CourseKit;

/// <summary>
/// Shifts and scales each channel of images to mean 0 and standard deviation 1, over all pixels of the training part
/// (dividing by their number). The same for every pixel of a channel, so a picture stays a picture.
/// </summary>
public sealed class ChannelNormalizer
{
    private readonly Tensor mean, deviation; // (C, 1, 1), so that they stretch over N x C x H x W

    private ChannelNormalizer(Tensor mean, Tensor deviation) => (this.mean, this.deviation) = (mean, deviation);

    /// <summary>The mean of each channel.</summary>
    public Tensor Mean => mean.Reshape(-1);

    /// <summary>The standard deviation of each channel; 1 for a channel that does not vary.</summary>
    public Tensor StandardDeviation => deviation.Reshape(-1);

    /// <summary>Measures each channel of images of shape N x channels x height x width.</summary>
    /// <exception cref="ShapeException">The images have another number of axes.</exception>
    /// <exception cref="ArgumentException">There is no pixel, or one is NaN or infinite.</exception>
    public static ChannelNormalizer Fit(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ShapeCheck.ImageBatch("ChannelNormalizer", images.Shape);
        if (images.Count == 0)
            throw new ArgumentException($"ChannelNormalizer got images of shape {images.Shape}: there is no pixel to measure.");
        var (channels, plane) = (images.Shape[1], images.Shape[2] * images.Shape[3]);
        double[] means = new double[channels], squares = new double[channels];
        AddUp((channel, value) => means[channel] += value);
        for (var c = 0; c < channels; c++)
        {
            ShapeCheck.FiniteFeature("ChannelNormalizer", c, means[c]);
            means[c] /= images.Count / channels;
        }
        AddUp((channel, value) => squares[channel] += (value - means[channel]) * (value - means[channel]));
        return From(means, [.. squares.Select(sum => Math.Sqrt(sum / (images.Count / channels)))], images.Device);

        // One image after the other: a second copy of a whole data set would not fit everywhere.
        void AddUp(Action<int, double> add)
        {
            var image = new double[channels * plane];
            for (var n = 0; n < images.Shape[0]; n++)
            {
                images.Device.Read(images.View with { Offset = images.View.Offset + n * image.Length, Length = image.Length }, image);
                for (var i = 0; i < image.Length; i++)
                    add(i / plane, image[i]);
            }
        }
    }

    /// <summary>With known means and standard deviations, one for each channel, such as those a pretrained network was trained with.</summary>
    /// <exception cref="ArgumentException">There is not one deviation for each mean, or one is negative.</exception>
    public static ChannelNormalizer From(IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(standardDeviation);
        if (mean.Count != standardDeviation.Count || standardDeviation.Any(value => !(value >= 0)))
            throw new ArgumentException($"ChannelNormalizer got {mean.Count} means and {standardDeviation.Count} standard deviations: it wants one of each for every channel, none negative.");
        // What rounding leaves of a channel that does not vary is no deviation.
        var deviations = standardDeviation.Select((value, c) => value <= 1e-12 * Math.Abs(mean[c]) ? 1 : value).ToArray();
        return new ChannelNormalizer(
            Tensor.From([.. mean], [mean.Count, 1, 1], device).Keep(),
            Tensor.From(deviations, [mean.Count, 1, 1], device).Keep());
    }

    /// <summary>The images, normalized.</summary>
    /// <exception cref="ShapeException">The images have other channels.</exception>
    public Tensor Transform(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ShapeCheck.Channels(mean.Count, images.Shape);
        return (images - mean) / deviation;
    }

    /// <summary>A data set with its images normalized.</summary>
    public TensorDataset Transform(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.WithInputs(Transform(data.Inputs));
    }

    /// <summary>Back to the numbers of the pictures, to show them.</summary>
    /// <exception cref="ShapeException">The images have other channels.</exception>
    public Tensor Inverse(Tensor normalized)
    {
        ArgumentNullException.ThrowIfNull(normalized);
        ShapeCheck.Channels(mean.Count, normalized.Shape);
        return normalized * deviation + mean;
    }
}
