namespace CourseKit;

/// <summary>
/// MNIST: 60,000 handwritten digits to learn from and 10,000 to test on, 28 x 28 pixels each
/// (LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document recognition").
/// </summary>
public static class Mnist
{
    /// <summary>Reads both parts: images of shape N x 1 x 28 x 28 from 0 (background) to 1 (ink), and the digits 0 to 9 as classes.</summary>
    /// <param name="train">Only the first so many training images; all 60,000 by default. The order of the file is mixed.</param>
    /// <param name="test">Only the first so many test images; all 10,000 by default. The first 5,000 are the easier half.</param>
    /// <param name="device">Where the images are; the default device by default.</param>
    /// <exception cref="FileNotFoundException">The files are nowhere that <see cref="DataFiles.Find"/> looks.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or images and labels do not belong together.</exception>
    public static (TensorDataset Train, TensorDataset Test) Load(int? train = null, int? test = null, Device? device = null)
        => (Part("train", train, device), Part("t10k", test, device));

    private static TensorDataset Part(string name, int? count, Device? device)
    {
        var images = IdxFile.Read($"{name}-images-idx3-ubyte.gz", count);
        var labels = IdxFile.Read($"{name}-labels-idx1-ubyte.gz", count);
        var n = images.Shape[0];
        if (!images.Shape.Equals([n, 28, 28]) || !labels.Shape.Equals([n]))
            throw new InvalidDataException($"The MNIST files {name}-images and {name}-labels do not belong together: {images.Shape} pixels and {labels.Shape} labels, and N x 28 x 28 and N are wanted.");
        var classes = labels.ToIntTensor();
        if (classes.AsSpan().ContainsAnyExceptInRange(0, 9))
            throw new InvalidDataException($"The MNIST file {name}-labels holds something else than the digits 0 to 9.");
        return new TensorDataset(images.ToTensor(1.0 / 255, device).Reshape(n, 1, 28, 28), classes);
    }
}
