namespace CourseKit.Tests;

/// <summary>VGG-16, by its numbers: built an eighth as wide, and counted at full width without allocating it.</summary>
public class NetworksTests
{
    // Configuration D of Simonyan and Zisserman (2015), table 1, written down once more: inputs and outputs of each 3 x 3 convolution.
    private static readonly (int Inputs, int Outputs)[] ConfigurationD =
    [
        (3, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 256), (256, 512), (512, 512), (512, 512), (512, 512), (512, 512), (512, 512),
    ];

    private const int Classes = 1000, Hidden = 4096, FirstInputs = 512 * 7 * 7;

    [Fact]
    public void Vgg16_has_138357544_parameters_and_102764544_of_them_in_its_first_fully_connected_layer()
    {
        var network = Networks.Vgg16(device: Device.Meta);
        Assert.Equal(138_357_544, network.ParameterCount);
        Assert.Equal(102_764_544, network.NamedParameters().Where(named => named.Name.StartsWith("classifier.0.", StringComparison.Ordinal)).Sum(named => named.Parameter.Count));
        Assert.Equal([2, 1000], network.Forward(Tensor.Full([2, 3, 224, 224], 0, Device.Meta)).Shape);
    }

    [Fact]
    public void The_table_of_Vgg16_has_the_shapes_of_its_stages_and_its_operations()
    {
        var network = Networks.Vgg16(device: Device.Meta);
        var features = ((Sequential)network.Parts[0].Part).Summary(1, 3, 224, 224);
        Assert.Equal(["1x64x112x112", "1x128x56x56", "1x256x28x28", "1x512x14x14", "1x512x7x7"],
            features.Rows.Where(row => row.Module.StartsWith("MaxPool2d", StringComparison.Ordinal)).Select(row => row.OutputShape.ToString()));
        // Of the first convolution: 27 products for each of 64 x 224 x 224 numbers, and a bias in each.
        Assert.Equal(64L * 224 * 224 * (2 * 27 + 1) + 64, features.Rows[0].Flops);
        // 15.3 billion multiplications in the convolutions, 30.7 billion operations.
        Assert.InRange(features.Total.Flops, 30.69e9, 30.8e9);
    }

    [Fact]
    public void The_network_an_eighth_as_wide_has_an_eighth_of_every_width_and_a_score_for_each_class()
    {
        const int Share = 8;
        var stages = Networks.Vgg16Stages.Select(stage => stage.Select(width => width / Share).ToArray()).ToArray();
        var network = Networks.Vgg(stages, Hidden / Share, 224, Classes, 0.5, new Generator(1), Device.Cpu);
        var shapes = network.NamedParameters().ToDictionary(named => named.Name, named => named.Parameter.Shape.ToString());

        var expected = new Dictionary<string, string>();
        var convolutions = network.NamedParameters().Where(named => named.Parameter.Shape.Rank == 4).Select(named => named.Name).ToArray();
        // The places torchvision's features have their convolutions at.
        Assert.Equal([0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28], convolutions.Select(name => int.Parse(name.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var (name, (inputs, outputs)) in convolutions.Zip(ConfigurationD))
        {
            expected[name] = $"{outputs / Share}x{(inputs == 3 ? 3 : inputs / Share)}x3x3";
            expected[name.Replace("weight", "bias", StringComparison.Ordinal)] = $"{outputs / Share}";
        }
        foreach (var (name, inputs, outputs) in new[] { ("classifier.0", FirstInputs / Share, Hidden / Share), ("classifier.3", Hidden / Share, Hidden / Share), ("classifier.6", Hidden / Share, Classes) })
        {
            expected[$"{name}.weight"] = $"{outputs}x{inputs}";
            expected[$"{name}.bias"] = $"{outputs}";
        }
        Assert.Equal(expected.OrderBy(shape => shape.Key, StringComparer.Ordinal), shapes.OrderBy(shape => shape.Key, StringComparer.Ordinal));

        using var noGrad = new NoGrad();
        Assert.Equal([1, Classes], network.Eval().Forward(Tensor.Uniform([1, 3, 224, 224], 0, 1, new Generator(2), Device.Cpu)).Shape);
    }
}
