using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>Points in the plane that belong to classes 0, 1, 2, ..., checked, and drawn with a colour and a symbol for each class.</summary>
internal sealed class LabelledPoints
{
    /// <summary>The room around the points, as a share of their range.</summary>
    public const double DefaultMargin = 0.08;

    private readonly double[] x1;
    private readonly double[] x2;
    private readonly int[] labels;
    private readonly IReadOnlyList<string>? classNames;
    private readonly double margin;

    public LabelledPoints(IEnumerable<double> x1, IEnumerable<double> x2, IEnumerable<int> labels, IReadOnlyList<string>? classNames, double margin = DefaultMargin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        this.margin = margin;
        this.x1 = [.. x1];
        this.x2 = [.. x2];
        this.labels = [.. labels];
        this.classNames = classNames;
        if (this.x1.Length != this.x2.Length || this.x1.Length != this.labels.Length)
            throw new ArgumentException($"Each point needs x1, x2 and a label, but there are {this.x1.Length} x1, {this.x2.Length} x2 and {this.labels.Length} labels.", nameof(labels));
        int most = this.labels.Length == 0 ? 0 : this.labels.Max();
        if (this.labels.Any(label => label < 0))
            throw new ArgumentException("Labels count classes from 0; a negative one was given. Labels of -1 and 1 become 0 and 1 by (label + 1) / 2.", nameof(labels));
        if (classNames is not null && most >= classNames.Count)
            throw new ArgumentException($"There is a label {most}, but only {classNames.Count} class names; labels count from 0.", nameof(classNames));
    }

    public (double From, double To) Range1 => Sampling.Around(x1, margin);

    public (double From, double To) Range2 => Sampling.Around(x2, margin);

    public string ClassName(int label) => classNames is null ? $"class {label}" : classNames[label];

    /// <summary>Lays the points of all classes over a figure.</summary>
    public Figure Over(Figure ground)
    {
        int classes = classNames?.Count ?? (labels.Length == 0 ? 0 : labels.Max() + 1);
        for (int label = 0; label < classes; label++)
        {
            int[] own = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == label)];
            ground = ground.Add(Figure.Scatter(own.Select(i => x1[i]), own.Select(i => x2[i]), ClassName(label))
                .SetTrace(0, "showlegend", true)
                .SetTrace(0, "marker", new JsonObject
                {
                    ["size"] = 10,
                    ["symbol"] = Palette.Symbol(label),
                    ["color"] = Palette.Class(label),
                    ["line"] = new JsonObject { ["color"] = "#FFFFFF", ["width"] = 1 },
                }));
        }
        return ground.Legend(LegendPosition.Top);
    }
}
