namespace CourseKit;

public static partial class Metrics
{
    // The window of Wang and others: 11 pixels wide, a Gaussian of standard deviation 1.5.
    private const int SsimWindow = 11;
    private const double SsimSigma = 1.5, SsimK1 = 0.01, SsimK2 = 0.03;

    /// <summary>The peak signal-to-noise ratio in decibel, 10 log10(range^2 / mean squared error); infinity for equal images. 20 more is a tenth of the error.</summary>
    /// <param name="predicted">An image, or several, of any shape.</param>
    /// <param name="actual">The true image, of the same shape.</param>
    /// <param name="dataRange">The range a pixel can have: 1 for images from 0 to 1, 255 for bytes.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no pixel, a pixel is NaN, or the range is not positive.</exception>
    public static double Psnr(Tensor predicted, Tensor actual, double dataRange = 1)
    {
        MetricCheck.DataRange("Psnr", dataRange);
        var (p, a) = MetricCheck.Pairs("Psnr", predicted, actual);
        return 10 * Math.Log10(dataRange * dataRange / MeanSquare(p, a));
    }

    /// <summary>
    /// Structural similarity, -1 to 1 (equal images): how alike brightness, contrast and structure are in small windows.
    /// The variant of Wang, Bovik, Sheikh and Simoncelli (2004): Gaussian window of 11 x 11 pixels with standard deviation
    /// 1.5 and weights that sum to 1, variances with these weights (not divided by N - 1), K1 = 0.01, K2 = 0.03, the mean over
    /// all places where the window lies inside the image, then over channels and images. In scikit-image it is
    /// gaussian_weights=True, sigma=1.5, use_sample_covariance=False.
    /// </summary>
    /// <param name="predicted">height x width, C x height x width or N x C x height x width, at least 11 x 11 pixels.</param>
    /// <param name="actual">The true image, of the same shape.</param>
    /// <param name="dataRange">The range a pixel can have: 1 for images from 0 to 1, 255 for bytes.</param>
    /// <exception cref="ShapeException">The shapes differ, are not of images, or the images are smaller than the window.</exception>
    /// <exception cref="ArgumentException">There is no image, a pixel is NaN, or the range is not positive.</exception>
    public static double Ssim(Tensor predicted, Tensor actual, double dataRange = 1)
    {
        MetricCheck.DataRange("Ssim", dataRange);
        var (p, a) = MetricCheck.Pairs("Ssim", predicted, actual);
        var (planes, height, width) = ShapeCheck.ImagesOfWindow("Ssim", actual.Shape, SsimWindow);
        var (c1, c2) = (Math.Pow(SsimK1 * dataRange, 2), Math.Pow(SsimK2 * dataRange, 2));
        var total = 0.0;
        for (var plane = 0; plane < planes; plane++)
        {
            var x = p.AsSpan(plane * height * width, height * width).ToArray();
            var y = a.AsSpan(plane * height * width, height * width).ToArray();
            double[] Windowed(Func<double, double, double> of) => Blur([.. x.Zip(y, of)], height, width);
            var (meanX, meanY) = (Windowed((u, _) => u), Windowed((_, v) => v));
            var (squareX, squareY, product) = (Windowed((u, _) => u * u), Windowed((_, v) => v * v), Windowed((u, v) => u * v));
            total += meanX.Select((_, i) =>
            {
                var (mx, my) = (meanX[i], meanY[i]);
                var (varianceX, varianceY, covariance) = (squareX[i] - mx * mx, squareY[i] - my * my, product[i] - mx * my);
                return (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (varianceX + varianceY + c2));
            }).Average();
        }
        return total / planes;
    }

    /// <summary>The weighted mean in each window that lies inside an image: along the rows, then along the columns.</summary>
    private static double[] Blur(double[] image, int height, int width)
    {
        var weights = Enumerable.Range(0, SsimWindow).Select(i => Math.Exp(-Math.Pow((i - SsimWindow / 2) / SsimSigma, 2) / 2)).ToArray();
        var sum = weights.Sum();
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= sum;
        var (innerHeight, innerWidth) = (height - SsimWindow + 1, width - SsimWindow + 1);
        var rows = new double[height * innerWidth];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < innerWidth; x++)
                for (var i = 0; i < SsimWindow; i++)
                    rows[y * innerWidth + x] += weights[i] * image[y * width + x + i];
        var blurred = new double[innerHeight * innerWidth];
        for (var y = 0; y < innerHeight; y++)
            for (var x = 0; x < innerWidth; x++)
                for (var i = 0; i < SsimWindow; i++)
                    blurred[y * innerWidth + x] += weights[i] * rows[(y + i) * innerWidth + x];
        return blurred;
    }
}
