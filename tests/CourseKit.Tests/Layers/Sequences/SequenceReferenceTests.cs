using System.Text.Json;

namespace CourseKit.Tests;

/// <summary>Sequence layers against PyTorch: its state is loaded by name, then values and every gradient are compared.</summary>
public class SequenceReferenceTests
{
    private static readonly Dictionary<string, ReferenceModule> Fixtures = ReferenceValues.Read<ReferenceModule>("sequences.json");

    public static TheoryData<string, string> Cases => [.. Fixtures.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_and_its_gradients_are_those_of_PyTorch(string name, string deviceName)
    {
        var reference = Fixtures[name];
        var device = Device.All.Single(candidate => candidate.Name == deviceName);
        switch (name.Split(' ', ',')[0])
        {
            case "Embedding":
                var embedding = new Embedding(5, 3, Argument<int?>(reference, "padding"), device: device);
                reference.Compare(embedding, _ => embedding.Forward(IntTensor.From(Argument<int[]>(reference, "indices")!, [2, 3])));
                break;
            case "RNN" or "LSTM" or "GRU":
                CompareRecurrent(reference, Argument<string>(reference, "kind")!, Argument<string>(reference, "option")!, device);
                break;
            case "RNNCell":
                var plain = new RNNCell(3, 2, device: device);
                reference.Compare(plain, x => plain.Forward(x["input"], x["state"]));
                break;
            case "GRUCell":
                var gated = new GRUCell(3, 2, device: device);
                reference.Compare(gated, x => gated.Forward(x["input"], x["state"]));
                break;
            case "LSTMCell":
                var cell = new LSTMCell(3, 2, device: device);
                reference.Compare(cell, x => { var (h, c) = cell.Forward(x["input"], x["state"], x["cell"]); return Flat(h, c); });
                break;
            case "attention":
                CompareAttention(reference, name, device);
                break;
            case "encoder" when name == "encoder, causal":
                var encoder = new TransformerEncoder([EncoderLayer(reference, device), EncoderLayer(reference, device)], new LayerNorm(4, device: device));
                reference.Compare(encoder.Eval(), x => encoder.Forward(x["input"], isCausal: true));
                break;
            case "encoder":
                var layer = EncoderLayer(reference, device);
                reference.Compare(layer.Eval(), x => layer.Forward(x["input"], Mask(reference, device)));
                break;
            case "decoder":
                var decoder = new TransformerDecoderLayer(4, 2, 5, activation: Activation(reference), normFirst: Argument<bool>(reference, "normFirst"), device: device);
                reference.Compare(decoder.Eval(), x => decoder.Forward(x["target"], x["memory"], memoryMask: Mask(reference, device), isCausal: true));
                break;
            case "sinusoidal":
                reference.Compare(new PositionalEncoding(6, 7, device: device));
                break;
            default:
                throw new InvalidOperationException($"The fixture has a case {name} that this test does not know.");
        }
    }

    private static void CompareRecurrent(ReferenceModule reference, string kind, string option, Device device)
    {
        var (layers, both) = option.Contains("two layers", StringComparison.Ordinal) ? (2, true) : (1, false);
        var bias = option != ", no bias";
        var batchFirst = option != ", time first";
        switch (kind)
        {
            case "LSTM":
                var lstm = new LSTM(3, 2, layers, bias, batchFirst, bidirectional: both, device: device);
                reference.Compare(lstm, x => { var (output, state, cell) = lstm.Run(x["input"], x["state"], x["cell"]); return Flat(output, state, cell); });
                break;
            case "GRU":
                var gru = new GRU(3, 2, layers, bias, batchFirst, bidirectional: both, device: device);
                reference.Compare(gru, x => { var (output, state) = gru.Run(x["input"], x["state"]); return Flat(output, state); });
                break;
            default:
                var rnn = new RNN(3, 2, layers, kind == "RNN" ? RNNNonlinearity.Tanh : RNNNonlinearity.ReLU, bias, batchFirst, bidirectional: both, device: device);
                reference.Compare(rnn, x => { var (output, state) = rnn.Run(x["input"], x["state"]); return Flat(output, state); });
                break;
        }
    }

    private static void CompareAttention(ReferenceModule reference, string name, Device device)
    {
        var attention = new MultiHeadAttention(4, 2, bias: name != "attention without biases", device: device);
        reference.Compare(attention, x =>
        {
            Tensor Input(string input) => x.GetValueOrDefault(input) ?? x["input"];
            var (output, weights) = attention.Attend(Input("query"), Input("key"), Input("value"), Mask(reference, device), isCausal: Has(reference, "causal"));
            return Flat(output, weights);
        });
    }

    private static TransformerEncoderLayer EncoderLayer(ReferenceModule reference, Device device)
        => new(4, 2, 5, activation: Activation(reference), normFirst: Argument<bool>(reference, "normFirst"), device: device);

    private static Func<Tensor, Tensor>? Activation(ReferenceModule reference)
        => Has(reference, "gelu") && Argument<bool>(reference, "gelu") ? x => x.Gelu() : null;

    private static Tensor? Mask(ReferenceModule reference, Device device)
        => Has(reference, "mask") ? Argument<ReferenceNumbers>(reference, "mask")!.On(device) : null;

    private static bool Has(ReferenceModule reference, string argument) => reference.Arguments.TryGetProperty(argument, out _);

    private static T? Argument<T>(ReferenceModule reference, string name) => reference.Arguments.GetProperty(name).Deserialize<T>(JsonSerializerOptions.Web);

    private static Tensor Flat(params Tensor[] tensors) => Tensor.Concatenate(0, [.. tensors.Select(tensor => tensor.Reshape(-1))]);
}
