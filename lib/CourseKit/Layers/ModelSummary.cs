using System.Globalization;
using System.Text;

namespace CourseKit;

/// <summary>One line of a summary.</summary>
/// <param name="Name">The module's path in the model, empty for the model itself.</param>
/// <param name="Module">What the module says it is, for example Linear(784 -> 128).</param>
/// <param name="OutputShape">The shape of its output.</param>
/// <param name="Parameters">How many numbers it learns.</param>
/// <param name="OutputBytes">The memory of its output in float32, in bytes.</param>
/// <param name="Flops">Floating-point operations of its forward pass; a multiplication with an addition counts as two.</param>
public sealed record ModelSummaryRow(string Name, string Module, Shape OutputShape, long Parameters, long OutputBytes, long Flops);

/// <summary>
/// A model laid out as a table: for each of its modules, one after another, the shape of the output, the parameters, the
/// memory and the operations. Nothing is computed and nothing is allocated: the forward pass runs on <see cref="Device.Meta"/>.
/// </summary>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class ModelSummary
{
    private ModelSummary(Shape input, List<ModelSummaryRow> rows, ModelSummaryRow total)
        => (InputShape, Rows, Total) = (input, rows, total);

    /// <summary>The shape of the input, with the batch.</summary>
    public Shape InputShape { get; }

    /// <summary>The modules in the order in which they run. A module that is no <see cref="Sequential"/> is one row, with its parts in it.</summary>
    public IReadOnlyList<ModelSummaryRow> Rows { get; }

    /// <summary>The whole model: parameters, the memory of all outputs in the rows, all operations.</summary>
    public ModelSummaryRow Total { get; }

    /// <summary>The memory of the parameters in float32, in bytes.</summary>
    public long ParameterBytes => Total.Parameters * sizeof(float);

    internal static ModelSummary Of(Module model, Shape input)
    {
        using var noGrad = new NoGrad();
        using var moved = new MovedToMeta(model);
        var rows = new List<ModelSummaryRow>();
        var output = Walk("", model, Tensor.Full(input, 0, Device.Meta), rows);
        var total = new ModelSummaryRow("", model.GetType().Name, output.Shape, model.ParameterCount, rows.Sum(row => row.OutputBytes), rows.Sum(row => row.Flops));
        return new ModelSummary(input, rows, total);
    }

    private static Tensor Walk(string name, Module module, Tensor input, List<ModelSummaryRow> rows)
    {
        if (module is Sequential)
        {
            foreach (var (part, inner) in module.Parts)
                input = Walk(name.Length == 0 ? part : $"{name}.{part}", inner, input, rows);
            return input;
        }
        var before = MetaDevice.Operations;
        var output = module.Forward(input);
        rows.Add(new ModelSummaryRow(name, module.ToString() ?? "", output.Shape, module.ParameterCount, (long)output.Count * sizeof(float), MetaDevice.Operations - before));
        return output;
    }

    /// <summary>While this is open, the model's tensors are on the meta device and it is in use, not in training, so that no layer draws random numbers.</summary>
    private sealed class MovedToMeta : IDisposable
    {
        private readonly List<(Tensor Tensor, Tensor.Place Place)> places = [];
        private readonly List<(Module Module, bool IsTraining)> modes = [];

        public MovedToMeta(Module model)
        {
            foreach (var tensor in model.Tensors().Distinct())
                places.Add((tensor, tensor.MoveTo(Device.Meta)));
            foreach (var module in model.All())
                modes.Add((module, module.IsTraining));
            model.Eval();
        }

        public void Dispose()
        {
            foreach (var (tensor, place) in places)
                tensor.MoveBack(place);
            foreach (var (module, isTraining) in modes)
                module.IsTraining = isTraining;
        }
    }

    /// <summary>The table as text.</summary>
    public override string ToString()
    {
        string[] header = ["", "module", "output", "parameters", "memory", "FLOPs"];
        var lines = Rows.Select(row => new[] { row.Name, row.Module, row.OutputShape.ToString(), Number(row.Parameters), Bytes(row.OutputBytes), Count(row.Flops) }).Prepend(header).ToList();
        lines.Add(["", $"{Total.Module}, input {InputShape}", Total.OutputShape.ToString(), Number(Total.Parameters), Bytes(Total.OutputBytes), Count(Total.Flops)]);
        var widths = Enumerable.Range(0, header.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (i == 1 || i == lines.Count - 1)
                text.Append('-', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
            for (var column = 0; column < widths.Length; column++)
                text.Append(column < 3 ? lines[i][column].PadRight(widths[column]) : lines[i][column].PadLeft(widths[column])).Append(column < widths.Length - 1 ? "  " : "\n");
        }
        return text.Append(CultureInfo.InvariantCulture, $"parameters in memory: {Bytes(ParameterBytes)}").ToString();

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

        static string Bytes(long value) => Scaled(value, 1024, "B", "KiB", "MiB", "GiB", "TiB");

        static string Count(long value) => Scaled(value, 1000, "", "k", "M", "G", "T");

        static string Scaled(double value, double step, params string[] units)
        {
            var unit = 0;
            for (; Math.Abs(value) >= step && unit < units.Length - 1; unit++)
                value /= step;
            return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("G4", CultureInfo.InvariantCulture))} {units[unit]}").TrimEnd();
        }
    }
}
