namespace CourseKit;

/// <summary>Networks from the literature, built from the kit's layers.</summary>
public static class Networks
{
    /// <summary>The stages of configuration D: the output channels of its 13 convolutions. A pooling layer ends each stage.</summary>
    internal static readonly int[][] Vgg16Stages = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    /// <summary>
    /// VGG-16 (Simonyan and Zisserman 2015, configuration D): 13 convolutions of 3 x 3 with padding 1 in five stages, each ended by a
    /// max pooling of 2 x 2, and three fully connected layers; 138,357,544 parameters for 1,000 classes, of which 102,764,544 lie in the first
    /// fully connected layer. Takes images (N, 3, 224, 224). The parameters' names are torchvision's (features.0.weight, classifier.6.bias).
    /// </summary>
    /// <param name="classes">Classes of the last layer.</param>
    /// <param name="dropout">The share of the fully connected layers' outputs that dropout takes away in training.</param>
    /// <param name="generator">Where the first weights come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default. They take 553 MB in single precision.</param>
    /// <returns>A network with the parts features and classifier, from images to one score for each class.</returns>
    public static Module Vgg16(int classes = 1000, double dropout = 0.5, Generator? generator = null, Device? device = null)
        => Vgg(Vgg16Stages, hidden: 4096, imageSize: 224, classes, dropout, generator, device);

    /// <summary>The same construction with other widths, for tests and for images of another size.</summary>
    internal static Module Vgg(int[][] stages, int hidden, int imageSize, int classes, double dropout, Generator? generator, Device? device)
    {
        ArgumentCheck.AtLeast(1, nameof(Vgg16), nameof(classes), classes);
        var features = new List<Module>();
        var (channels, size) = (3, imageSize);
        foreach (var stage in stages)
        {
            foreach (var outputs in stage)
            {
                features.Add(new Conv2d(channels, outputs, kernelSize: 3, padding: 1, generator: generator, device: device));
                features.Add(new ReLU());
                channels = outputs;
            }
            features.Add(new MaxPool2d(2));
            size /= 2;
        }
        return new VggNetwork(new Sequential([.. features]), new Sequential(
            new Linear(channels * size * size, hidden, generator: generator, device: device), new ReLU(), new Dropout(dropout, generator),
            new Linear(hidden, hidden, generator: generator, device: device), new ReLU(), new Dropout(dropout, generator),
            new Linear(hidden, classes, generator: generator, device: device)));
    }

    private sealed class VggNetwork : Module
    {
        private readonly Sequential features, classifier;

        public VggNetwork(Sequential features, Sequential classifier)
        {
            this.features = Register("features", features);
            this.classifier = Register("classifier", classifier);
        }

        public override Tensor Forward(Tensor input) => classifier.Forward(features.Forward(input).Flatten());

        public override string ToString() => $"features: {features}\nclassifier: {classifier}";
    }
}
