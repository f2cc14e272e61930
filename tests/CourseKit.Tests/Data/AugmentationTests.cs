namespace CourseKit.Tests;

/// <summary>Changed images: what must stay exact does, masks stay masks, and the same seed gives the same pictures.</summary>
public class AugmentationTests
{
    private static readonly Dictionary<string, Func<Augmentation>> All = new()
    {
        ["horizontal flip"] = () => new RandomHorizontalFlip(),
        ["vertical flip"] = () => new RandomVerticalFlip(),
        ["rotation"] = () => new RandomRotation(40),
        ["shift"] = () => new RandomShift(2, 3),
        ["noise"] = () => new GaussianNoise(0.2),
        ["elastic"] = () => new ElasticDeformation(20, 2),
        ["all together"] = () => Augmentation.Compose(new GaussianNoise(0.1), new RandomHorizontalFlip(), new RandomRotation(20), new RandomShift(1, 1), new ElasticDeformation(8, 2)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    private static Tensor Images(int count = 6, int channels = 2, int height = 9, int width = 7, Device? device = null)
        => Tensor.Uniform([count, channels, height, width], 0.5, 1, new Generator(1), device);

    private static double[] Turned(Tensor images, Func<int, int, (int Row, int Column)> source)
    {
        var (n, c, h, w) = (images.Shape[0], images.Shape[1], images.Shape[2], images.Shape[3]);
        var values = images.ToDoubleArray();
        return [.. Enumerable.Range(0, values.Length).Select(i =>
        {
            var (plane, row, column) = (i / (h * w), i / w % h, i % w);
            var (fromRow, fromColumn) = source(row, column);
            return fromRow >= 0 && fromRow < h && fromColumn >= 0 && fromColumn < w ? values[(plane * h + fromRow) * w + fromColumn] : 0;
        })];
    }

    [Fact]
    public void A_flip_mirrors_exactly_and_twice_is_nothing()
    {
        foreach (var device in Device.All)
        {
            var images = Images(device: device);
            var (horizontal, vertical) = (new RandomHorizontalFlip(1), new RandomVerticalFlip(1));
            Assert.Equal(Turned(images, (row, column) => (row, 6 - column)), horizontal.Apply(images).ToDoubleArray());
            Assert.Equal(Turned(images, (row, column) => (8 - row, column)), vertical.Apply(images).ToDoubleArray());
            Assert.Equal(images.ToDoubleArray(), horizontal.Apply(horizontal.Apply(images)).ToDoubleArray());
            Assert.Equal(images.ToDoubleArray(), vertical.Apply(vertical.Apply(images)).ToDoubleArray());
            Assert.Equal(images.ToDoubleArray(), new RandomHorizontalFlip(0).Apply(images).ToDoubleArray());
        }
    }

    [Fact]
    public void About_half_of_the_images_are_flipped()
    {
        var images = Images(1000, 1, 2, 2);
        var flipped = new RandomHorizontalFlip().Apply(images, new Generator(2));
        var changed = images.ToArray().Chunk(4).Zip(flipped.ToArray().Chunk(4)).Count(pair => !pair.First.SequenceEqual(pair.Second));
        Assert.InRange(changed, 440, 560);
    }

    [Fact]
    public void Turning_by_nothing_changes_nothing_and_by_quarters_moves_pixels_exactly()
    {
        var images = Images(height: 8, width: 8, device: Device.Reference);
        Assert.Equal(images.ToDoubleArray(), new RandomRotation(0).Apply(images).ToDoubleArray());
        // Counter-clockwise: the right column becomes the top row.
        Assert.Equal(Turned(images, (row, column) => (column, 7 - row)), new RandomRotation(90, 90).Apply(images).ToDoubleArray());
        Assert.Equal(Turned(images, (row, column) => (7 - row, 7 - column)), new RandomRotation(180, 180).Apply(images).ToDoubleArray());
        Assert.Equal(Turned(images, (row, column) => (7 - column, row)), new RandomRotation(-90, -90).Apply(images).ToDoubleArray());
    }

    [Fact]
    public void A_plane_of_grey_turned_is_the_turned_plane()
    {
        // Between pixels a bilinear picture of a linear function is exact, away from the border.
        var ramp = Tensor.From([.. Enumerable.Range(0, 441).Select(i => 3.0 * (i / 21 - 10) - 2 * (i % 21 - 10))], [1, 1, 21, 21], Device.Reference);
        var turned = new RandomRotation(30, 30).Apply(ramp);
        var (sine, cosine) = Math.SinCos(Math.PI / 6);
        for (var y = -6; y <= 6; y++)
            for (var x = -6; x <= 6; x++)
                Assert.Equal(3 * (x * sine + y * cosine) - 2 * (x * cosine - y * sine), turned[0, 0, y + 10, x + 10], tolerance: 1e-12);
    }

    [Fact]
    public void A_shift_moves_whole_pixels_and_brings_in_zeros()
    {
        var images = Images(200, 1, 9, 7, Device.Reference);
        var shifted = new RandomShift(2, 3).Apply(images, new Generator(3)).ToDoubleArray().Chunk(63).ToArray();
        var seen = new HashSet<(int, int)>();
        for (var n = 0; n < 200; n++)
        {
            var image = images.Rows(n, 1);
            var at = Enumerable.Range(-2, 5).SelectMany(down => Enumerable.Range(-3, 7).Select(right => (down, right)))
                .Single(by => Turned(image, (row, column) => (row - by.down, column - by.right)).SequenceEqual(shifted[n]));
            seen.Add(at);
        }
        Assert.Equal(35, seen.Count); // every shift there is
    }

    [Fact]
    public void Noise_has_its_deviation_and_leaves_masks_alone()
    {
        var images = Tensor.Full([10, 1, 50, 50], 3, Device.Reference);
        var noise = (new GaussianNoise(0.2).Apply(images, new Generator(4)) - images).ToDoubleArray();
        Assert.Equal(0, noise.Average(), tolerance: 0.006);
        Assert.Equal(0.04, noise.Average(value => value * value), tolerance: 0.002);
        var masks = Images(10, 1, 50, 50, Device.Reference);
        Assert.Equal(masks.ToDoubleArray(), new GaussianNoise(0.2).Apply(images, masks).Masks.ToDoubleArray());
    }

    [Fact]
    public void Rubber_that_is_not_pulled_stays_and_pulled_gently_stays_near()
    {
        var images = Images(device: Device.Reference);
        Assert.Equal(images.ToDoubleArray(), new ElasticDeformation(0).Apply(images).ToDoubleArray());
        // On a ramp the grey value tells how far each pixel was fetched from: the field is smooth and of the size that theory gives.
        var ramp = Tensor.From([.. Enumerable.Range(0, 20 * 60 * 60).Select(i => (double)(i % 60))], [20, 1, 60, 60], Device.Reference);
        var moved = (new ElasticDeformation(34, 4).Apply(ramp, new Generator(5)) - ramp).ToDoubleArray();
        var inner = Enumerable.Range(0, 20 * 3600).Where(i => i / 60 % 60 is > 20 and < 40 && i % 60 is > 20 and < 40).ToArray();
        // Uniform noise has variance 1/3, and a Gaussian of sigma leaves 1 / (4 pi sigma^2) of it.
        var expected = 34 * 34 / 3.0 / (4 * Math.PI * 16);
        Assert.Equal(1, inner.Average(i => moved[i] * moved[i]) / expected, tolerance: 0.35);
        Assert.True(inner.Average(i => Math.Pow(moved[i] - moved[i + 1], 2)) < expected / 16);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mask_is_moved_as_its_image_and_stays_a_mask(string name)
    {
        // The image is its own mask, in two values: where the moved image is clearly one of them, the moved mask must be the same.
        var masks = Tensor.From([.. Enumerable.Range(0, 8 * 24 * 24).Select(i => i / 24 % 24 is > 6 and < 19 && i % 24 is > 4 and < 15 ? 1.0 : 0)], [8, 1, 24, 24], Device.Reference);
        var (images, moved) = All[name]().Apply(masks, masks, new Generator(6));
        Assert.Empty(moved.ToDoubleArray().Except([0, 1]));
        Assert.Contains(1, moved.ToDoubleArray());
        var agree = images.ToDoubleArray().Zip(moved.ToDoubleArray(), (image, mask) => image > 0.5 == (mask == 1)).Count(same => same) / (8.0 * 24 * 24);
        Assert.True(agree > 0.97, $"Image and mask agree in {agree:P1} of the pixels only.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_pictures_and_each_image_its_own_change(string name)
    {
        foreach (var device in Device.All)
        {
            var one = Images(1, device: device);
            var same = one.Rows(IntTensor.From(new int[16]));
            double[][] Changed(ulong seed) => [.. All[name]().Apply(same, new Generator(seed)).ToDoubleArray().Chunk(one.Count)];
            Assert.Equal(Changed(7), Changed(7));
            Assert.NotEqual(Changed(7), Changed(8));
            Assert.True(Changed(7).Select(image => string.Join(' ', image)).Distinct().Count() > 1, "Every image was changed alike.");
            Assert.Equal(Images(1, device: device).ToDoubleArray(), one.ToDoubleArray()); // the original is not touched
        }
    }

    [Fact]
    public void A_loader_hands_out_changed_images_with_their_classes_and_masks()
    {
        var images = Images(10, 1, 8, 8);
        var classes = IntTensor.From([.. Enumerable.Range(0, 10)]);
        var flip = new RandomHorizontalFlip(1);
        var loader = new DataLoader(new TensorDataset(images, classes), 4, shuffle: false, transform: flip.ForInputs(new Generator(9)));
        Assert.Equal(flip.Apply(images).ToArray(), loader.Batches().SelectMany(batch => batch.Inputs.ToArray()));
        Assert.Equal(classes.ToArray(), loader.Batches().SelectMany(batch => batch.Classes.ToArray()));
        var withMasks = new DataLoader(new TensorDataset(images, images), 4, shuffle: false, transform: flip.ForInputsAndMasks());
        Assert.Equal(flip.Apply(images).ToArray(), withMasks.Batches().SelectMany(batch => batch.Targets.ToArray()));
    }

    [Fact]
    public void An_infinite_pixel_does_not_spread_over_pixels_that_are_not_mixed_with_it()
    {
        var images = Tensor.From([1, double.PositiveInfinity, 2, double.NaN], [1, 1, 2, 2], Device.Reference);
        Assert.Equal([double.PositiveInfinity, 1, double.NaN, 2], new RandomHorizontalFlip(1).Apply(images).ToDoubleArray());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        foreach (var mistake in new Action[]
        {
            () => _ = new RandomHorizontalFlip(1.5), () => _ = new RandomVerticalFlip(double.NaN), () => _ = new RandomRotation(3, 2), () => _ = new RandomRotation(double.NaN),
            () => _ = new RandomShift(-1, 0), () => _ = new GaussianNoise(-1), () => _ = new ElasticDeformation(1, 0), () => _ = new ElasticDeformation(double.NaN),
        })
            Assert.ThrowsAny<ArgumentException>(mistake);
    }
}
