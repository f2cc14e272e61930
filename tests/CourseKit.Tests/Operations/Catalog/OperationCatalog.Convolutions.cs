namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    private const string Conv1dMember = "Conv1d(Tensor, Tensor, Int32, Padding, Int32, Int32)";
    private const string Conv2dMember = "Conv2d(Tensor, Tensor, Nullable<Size2d>, Padding, Nullable<Size2d>, Int32)";
    private const string ConvTranspose2dMember = "ConvTranspose2d(Tensor, Tensor, Nullable<Size2d>, Size2d, Size2d, Int32, Nullable<Size2d>)";
    private const string MaxPool2dMember = "MaxPool2d(Size2d, Nullable<Size2d>, Size2d, Nullable<Size2d>)";
    private const string AvgPool2dMember = "AvgPool2d(Size2d, Nullable<Size2d>, Size2d, Boolean)";
    private const string AdaptiveAvgPool2dMember = "AdaptiveAvgPool2d(Size2d)";
    private const string InterpolateMember = "Interpolate(Size2d, UpsampleMode)";
    private const string BatchNormMember = "BatchNorm(Tensor, Tensor, Tensor, Tensor, Boolean, Double, Double)";
    private const string LayerNormMember = "LayerNorm(Shape, Tensor, Tensor, Double)";
    private const string GroupNormMember = "GroupNorm(Int32, Tensor, Tensor, Double)";

    /// <summary>Convolution, pooling, normalization and dropout. The weights are inputs, so their gradients are checked too.</summary>
    private static IEnumerable<Operation> Convolutions() =>
    [
        Conv("Conv1d", Conv1dMember, x => x[0].Conv1d(x[1], x[2]), n => [2, 3, n + 2], _ => [4, 3, 3], 4),
        Conv("Conv1d, stride 2, padding, dilation, groups", Conv1dMember, x => x[0].Conv1d(x[1], x[2], 2, 2, 2, 2), n => [2, 2, n], _ => [4, 1, 3], 4),
        Conv("Conv1d, same", Conv1dMember, x => x[0].Conv1d(x[1], x[2], padding: "same"), n => [1, 2, n], _ => [3, 2, 4], 3),
        Conv("Conv2d, wide", Conv2dMember, x => x[0].Conv2d(x[1], x[2]), n => [2, 3, 4, n + 2], _ => [4, 3, 3, 3], 4),
        Conv("Conv2d, tall, stride 2 and padding", Conv2dMember, x => x[0].Conv2d(x[1], x[2], stride: (2, 1), padding: (1, 2)), n => [1, 2, n, 5], _ => [13, 2, 3, 2], 13),
        Conv("Conv2d, wide, stride 3", Conv2dMember, x => x[0].Conv2d(x[1], x[2], stride: 3, padding: 1), n => [1, 3, 4, n], _ => [5, 3, 2, 2], 5),
        Conv("Conv2d, dilation, groups", Conv2dMember, x => x[0].Conv2d(x[1], x[2], padding: (1, 2), dilation: 2, groups: 2), n => [1, 4, 4, n + 1], _ => [6, 2, 3, 3], 6),
        Conv("Conv2d, same with an even kernel", Conv2dMember, x => x[0].Conv2d(x[1], x[2], padding: "same"), n => [1, 2, 3, n], _ => [2, 2, 2, 4], 2),
        Conv("Conv2d, many examples", Conv2dMember, x => x[0].Conv2d(x[1], x[2]), n => [n, 2, 3, 4], _ => [5, 2, 2, 2], 5),
        Conv("Conv2d, many channels", Conv2dMember, x => x[0].Conv2d(x[1], x[2]), n => [1, n, 3, 3], n => [3, n, 2, 2], 3),
        new("Conv2d, many outputs", Conv2dMember, x => x[0].Conv2d(x[1], x[2], padding: 1), [new(_ => [2, 2, 3, 3], Values.Any), new(n => [n, 2, 3, 3], Values.Any), new(n => [n], Values.Any)], n => n),
        new("Conv2d without a bias", Conv2dMember, x => x[0].Conv2d(x[1]), [new(n => [1, 2, 3, n + 1], Values.Any), new(_ => [3, 2, 2, 2], Values.Any)], n => n),
        Conv("Conv2d, each channel by itself", Conv2dMember, x => x[0].Conv2d(x[1], x[2], padding: 1, groups: 3), n => [2, 3, 4, n], _ => [3, 1, 3, 3], 3),
        Conv("Conv2d, each channel by itself, stride 2", Conv2dMember, x => x[0].Conv2d(x[1], x[2], stride: 2, padding: 1, groups: 3), n => [1, 3, 5, n], _ => [3, 1, 3, 3], 3),
        Conv("Conv2d, one output", Conv2dMember, x => x[0].Conv2d(x[1], x[2], padding: 1), n => [2, 3, 4, n], _ => [1, 3, 3, 3], 1),
        Conv("ConvTranspose2d", ConvTranspose2dMember, x => x[0].ConvTranspose2d(x[1], x[2]), n => [2, 3, 2, n], _ => [3, 4, 3, 3], 4),
        Conv("ConvTranspose2d, stride 2", ConvTranspose2dMember, x => x[0].ConvTranspose2d(x[1], x[2], stride: 2), n => [1, 2, n, 3], _ => [2, 3, 2, 2], 3),
        Conv("ConvTranspose2d, all arguments", ConvTranspose2dMember, x => x[0].ConvTranspose2d(x[1], x[2], (2, 3), (1, 2), (1, 2), 2, (2, 1)), n => [1, 4, 3, n + 1], _ => [4, 3, 3, 3], 6),
        Unary("MaxPool2d", MaxPool2dMember, x => x.MaxPool2d(2), shape: n => [2, 3, 4, n + 1]),
        Unary("MaxPool2d, overlapping", MaxPool2dMember, x => x.MaxPool2d(3, stride: (2, 1), padding: 1), shape: n => [2, 1, n, 5]),
        Unary("MaxPool2d, dilation", MaxPool2dMember, x => x.MaxPool2d((1, 2), stride: 1, dilation: (1, 2)), shape: n => [1, 2, 2, n + 2]),
        Unary("AvgPool2d", AvgPool2dMember, x => x.AvgPool2d(2), shape: n => [2, 3, 4, n + 1]),
        Unary("AvgPool2d, overlapping, padding not counted", AvgPool2dMember, x => x.AvgPool2d(3, stride: (2, 1), padding: 1, countIncludePad: false), shape: n => [2, 1, n, 5]),
        Unary("AdaptiveAvgPool2d to one number", AdaptiveAvgPool2dMember, x => x.AdaptiveAvgPool2d(1), shape: n => [2, 3, 2, n]),
        Unary("AdaptiveAvgPool2d, uneven parts", AdaptiveAvgPool2dMember, x => x.AdaptiveAvgPool2d((3, 2)), shape: n => [n, 2, 7, 5]),
        Unary("Interpolate, nearest", InterpolateMember, x => x.Interpolate((6, 5)), shape: n => [n, 2, 3, 2]),
        Unary("Interpolate, bilinear", InterpolateMember, x => x.Interpolate((6, 5), UpsampleMode.Bilinear), shape: n => [n, 2, 3, 4]),

        new("BatchNorm of rows", BatchNormMember, x => x[0].BatchNorm(null, null, x[1], x[2], training: true), [new(n => [5, n], Values.Any), new(n => [n], Values.Any), new(n => [n], Values.Any)]),
        new("BatchNorm of many rows", BatchNormMember, x => x[0].BatchNorm(null, null, x[1], x[2], training: true), [new(n => [n + 3, 3], Values.Any), new(_ => [3], Values.Any), new(_ => [3], Values.Any)], n => n),
        new("BatchNorm of images", BatchNormMember, x => x[0].BatchNorm(null, null, x[1], x[2], training: true), [new(n => [2, 3, 2, n], Values.Any), new(_ => [3], Values.Any), new(_ => [3], Values.Any)], n => n),
        new("BatchNorm in use", BatchNormMember, x => x[0].BatchNorm(Tensor.From([0.5, -1.0, 0], null, x[0].Device), Tensor.From([0.5, 1.0, 2], null, x[0].Device), x[1], x[2]), [new(n => [2, 3, 2, n], Values.Any), new(_ => [3], Values.Any), new(_ => [3], Values.Any)], n => n),
        new("LayerNorm, many features", LayerNormMember, x => x[0].LayerNorm(x[1].Shape, x[1], x[2]), [new(n => [3, n + 4], Values.Any), new(n => [n + 4], Values.Any), new(n => [n + 4], Values.Any)]),
        new("LayerNorm, many rows, two axes", LayerNormMember, x => x[0].LayerNorm(x[1].Shape, x[1], x[2]), [new(n => [n, 2, 3], Values.Any), new(_ => [2, 3], Values.Any), new(_ => [2, 3], Values.Any)], n => n),
        new("GroupNorm", GroupNormMember, x => x[0].GroupNorm(2, x[1], x[2]), [new(n => [2, 4, 2, n], Values.Any), new(_ => [4], Values.Any), new(_ => [4], Values.Any)], n => n),
        Unary("Dropout", "Dropout(Double, Boolean, Generator)", x => x.Dropout(0.3, generator: new Generator(1)), shape: n => [3, n]),
        Unary("StochasticDepth", "StochasticDepth(Double, Boolean, Generator)", x => x.StochasticDepth(0.4, generator: new Generator(1)), shape: n => [n, 2, 3]),

        Unary("Conv1d layer", nameof(Conv1d), x => new Conv1d(2, 3, 3, padding: 1, generator: new Generator(1), device: x.Device).Forward(x), shape: n => [2, 2, n]),
        Unary("Conv2d layer", nameof(Conv2d), x => new Conv2d(2, 3, 3, padding: 1, generator: new Generator(1), device: x.Device).Forward(x), shape: n => [2, 2, 3, n]),
        Unary("ConvTranspose2d layer", nameof(ConvTranspose2d), x => new ConvTranspose2d(2, 3, 2, stride: 2, generator: new Generator(1), device: x.Device).Forward(x), shape: n => [2, 2, 3, n]),
        Unary("MaxPool2d layer", nameof(MaxPool2d), x => new MaxPool2d(2).Forward(x), shape: n => [2, 2, 3, n + 1]),
        Unary("AvgPool2d layer", nameof(AvgPool2d), x => new AvgPool2d(2).Forward(x), shape: n => [2, 2, 3, n + 1]),
        Unary("AdaptiveAvgPool2d layer", nameof(AdaptiveAvgPool2d), x => new AdaptiveAvgPool2d(2).Forward(x), shape: n => [n, 2, 3, 4]),
        Unary("Upsample layer", nameof(Upsample), x => new Upsample(2, UpsampleMode.Bilinear).Forward(x), shape: n => [n, 2, 3, 4]),
        Unary("BatchNorm1d layer", nameof(BatchNorm1d), x => new BatchNorm1d(3, device: x.Device).Forward(x), shape: n => [n + 3, 3]),
        Unary("BatchNorm2d layer", nameof(BatchNorm2d), x => new BatchNorm2d(3, device: x.Device).Forward(x), shape: n => [2, 3, 2, n]),
        Unary("LayerNorm layer", nameof(LayerNorm), x => new LayerNorm(5, device: x.Device).Forward(x), shape: n => [n, 5]),
        Unary("GroupNorm layer", nameof(GroupNorm), x => new GroupNorm(2, 4, device: x.Device).Forward(x), shape: n => [n, 4, 3]),
        Unary("Dropout layer", nameof(Dropout), x => new Dropout(0.5, new Generator(2)).Forward(x)),
        Unary("StochasticDepth layer", nameof(StochasticDepth), x => new StochasticDepth(0.5, new Generator(2)).Forward(x), shape: n => [n, 3]),
        Unary("Flatten layer", nameof(Flatten), x => new Flatten().Forward(x), shape: n => [2, 3, n]),
        Unary("ResidualBlock", nameof(ResidualBlock), x => new ResidualBlock(new Conv2d(2, 2, 3, padding: "same", generator: new Generator(1), device: x.Device)).Forward(x), shape: n => [1, 2, 3, n]),
    ];

    /// <summary>A convolution of input, weight and bias. A weight's gradient sums over all places and examples.</summary>
    private static Operation Conv(string name, string member, Func<IReadOnlyList<Tensor>, Tensor> function, Func<int, Shape> input, Func<int, Shape> weight, int outputs)
        => new(name, member, function, [new(input, Values.Any), new(weight, Values.Any), new(_ => [outputs], Values.Any)], n => input(n).ElementCount);
}
