namespace CourseKit;

#pragma warning disable CA1822 // The convention asks for instance methods.

/// <summary>A tensor: its shape and device, and its numbers as a table or a picture. As JSON, nested lists.</summary>
internal sealed class TensorFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ValueFormatter<Tensor>("text/html", TensorHtml.Write),
        new ValueFormatter<Tensor>("text/plain", tensor => tensor.ToString()),
        new ValueFormatter<Tensor>("application/json", tensor => NestedJson.Write(tensor.ToDoubleArray(), tensor.Shape)),
    ];
}

/// <summary>Whole numbers: their shape, and a table or a picture. As JSON, nested lists.</summary>
internal sealed class IntTensorFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ValueFormatter<IntTensor>("text/html", TensorHtml.Write),
        new ValueFormatter<IntTensor>("text/plain", tensor => tensor.ToString()),
        new ValueFormatter<IntTensor>("application/json", tensor => NestedJson.Write(Array.ConvertAll(tensor.ToArray(), value => (double)value), tensor.Shape)),
    ];
}

/// <summary>A model: the table of its parts.</summary>
internal sealed class ModuleFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ValueFormatter<Module>("text/html", ModuleHtml.Write),
        new ValueFormatter<Module>("text/plain", module => module.ToString() ?? ""),
    ];
}

/// <summary>A training: its sentence, and a small picture of the losses.</summary>
internal sealed class TrainingHistoryFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ValueFormatter<TrainingHistory>("text/html", TrainingHistoryHtml.Write),
        new ValueFormatter<TrainingHistory>("text/plain", history => history.ToString()),
    ];
}
