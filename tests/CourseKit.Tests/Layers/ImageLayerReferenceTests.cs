namespace CourseKit.Tests;

/// <summary>Layers of convolution, pooling and normalization against PyTorch: values, every gradient, and buffers afterwards.</summary>
public class ImageLayerReferenceTests
{
    private static readonly Dictionary<string, ReferenceModule> Cases = ReferenceValues.Read<ReferenceModule>("convolutions.json");

    private static readonly Dictionary<string, Func<Device, Module>> Layers = new()
    {
        ["Conv1d"] = device => new Conv1d(2, 3, 3, device: device),
        ["Conv1d, stride 2, padding 2, dilation 2"] = device => new Conv1d(2, 4, 3, stride: 2, padding: 2, dilation: 2, groups: 2, device: device),
        ["Conv1d, same"] = device => new Conv1d(1, 2, 4, padding: "same", bias: false, device: device),
        ["Conv2d"] = device => new Conv2d(2, 3, 3, device: device),
        ["Conv2d, stride 2, padding 1"] = device => new Conv2d(3, 4, 3, stride: 2, padding: 1, device: device),
        ["Conv2d, all arguments"] = device => new Conv2d(4, 6, (3, 2), stride: (1, 2), padding: (2, 1), dilation: (2, 3), groups: 2, bias: false, device: device),
        ["Conv2d, same, even kernel"] = device => new Conv2d(2, 2, (2, 4), padding: "same", device: device),
        ["Conv2d, same, dilation"] = device => new Conv2d(1, 2, 3, padding: "same", dilation: 2, device: device),
        ["Conv2d, depthwise"] = device => new Conv2d(3, 3, 3, padding: 1, groups: 3, device: device),
        ["Conv2d, depthwise, stride 2"] = device => new Conv2d(2, 2, 3, stride: 2, padding: 1, groups: 2, device: device),
        ["Conv2d, one output"] = device => new Conv2d(3, 1, 1, device: device),
        ["ConvTranspose2d"] = device => new ConvTranspose2d(3, 2, 3, device: device),
        ["ConvTranspose2d, stride 2"] = device => new ConvTranspose2d(2, 3, 2, stride: 2, device: device),
        ["ConvTranspose2d, all arguments"] = device => new ConvTranspose2d(4, 6, (3, 2), stride: (2, 3), padding: (1, 2), outputPadding: (1, 2), groups: 2, bias: false, dilation: (2, 1), device: device),
        ["MaxPool2d"] = _ => new MaxPool2d(2),
        ["MaxPool2d, all arguments"] = _ => new MaxPool2d((3, 2), stride: (2, 1), padding: 1, dilation: (1, 2)),
        ["AvgPool2d"] = _ => new AvgPool2d(2),
        ["AvgPool2d, padding"] = _ => new AvgPool2d(3, stride: 2, padding: 1),
        ["AvgPool2d, padding not counted"] = _ => new AvgPool2d((3, 2), stride: 2, padding: (1, 0), countIncludePad: false),
        ["AdaptiveAvgPool2d, 1"] = _ => new AdaptiveAvgPool2d(1),
        ["AdaptiveAvgPool2d, 3 x 2"] = _ => new AdaptiveAvgPool2d((3, 2)),
        ["AdaptiveAvgPool2d, larger"] = _ => new AdaptiveAvgPool2d((5, 4)),
        ["Upsample, nearest"] = _ => new Upsample((2, 3)),
        ["Upsample, bilinear"] = _ => new Upsample((3, 2), UpsampleMode.Bilinear),
        ["BatchNorm1d"] = device => new BatchNorm1d(3, device: device),
        ["BatchNorm1d of sequences"] = device => new BatchNorm1d(2, momentum: 0.25, device: device),
        ["BatchNorm1d, no scale and shift"] = device => new BatchNorm1d(3, epsilon: 0.125, affine: false, device: device),
        ["BatchNorm1d in use"] = device => new BatchNorm1d(3, device: device).Eval(),
        ["BatchNorm2d"] = device => new BatchNorm2d(3, device: device),
        ["BatchNorm2d in use"] = device => new BatchNorm2d(2, device: device).Eval(),
        ["LayerNorm"] = device => new LayerNorm(5, device: device),
        ["LayerNorm of two axes"] = device => new LayerNorm([2, 3], device: device),
        ["LayerNorm, no scale and shift"] = device => new LayerNorm(4, affine: false, device: device),
        ["GroupNorm"] = device => new GroupNorm(2, 4, device: device),
        ["GroupNorm, one group, rows"] = device => new GroupNorm(1, 6, device: device),
        ["residual block"] = device => new ResidualBlock(
            new Sequential(new Conv2d(2, 3, 3, stride: 2, padding: 1, bias: false, device: device), new BatchNorm2d(3, device: device), new ReLU(), new Conv2d(3, 3, 3, padding: 1, device: device)),
            new Conv2d(2, 3, 1, stride: 2, device: device)),
        ["Flatten"] = device => new Sequential(new Conv2d(1, 2, 2, device: device), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(8, 3, device: device)),
    };

    public static TheoryData<string, string> Names => [.. Cases.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_its_gradients_and_its_buffers_are_those_of_PyTorch(string name, string deviceName)
    {
        var device = Device.All.Single(candidate => candidate.Name == deviceName);
        Cases[name].Compare(Layers[name](device), device: device);
    }

    [Fact]
    public void Every_layer_of_the_test_has_its_values()
        => Assert.Equal(Layers.Keys.Order(StringComparer.Ordinal), Cases.Keys.Order(StringComparer.Ordinal));
}
