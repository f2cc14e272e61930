using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// What nbgrader (metadata schema 3) keeps under <c>metadata.nbgrader</c> of a cell: the names and rules are nbgrader's,
/// so that notebooks go back and forth.
/// </summary>
public sealed record NbgraderMetadata
{
    /// <summary>The version of the schema that is read and written.</summary>
    public const int SchemaVersion = 3;

    /// <summary>Where it stands in a cell's metadata.</summary>
    public const string Key = "nbgrader";

    /// <summary>The cell gives points.</summary>
    public bool Grade { get; init; }

    /// <summary>The student writes in the cell.</summary>
    public bool Solution { get; init; }

    /// <summary>The cell is restored when a student changed it. See <see cref="IsLocked"/> for what counts.</summary>
    public bool Locked { get; init; }

    /// <summary>The cell is a manually graded task.</summary>
    public bool Task { get; init; }

    /// <summary>The cell's name: letters, digits, <c>_</c> and <c>-</c>; unique in the notebook.</summary>
    public string GradeId { get; init; } = "";

    /// <summary>What a graded cell is worth.</summary>
    public double? Points { get; init; }

    /// <summary>nbgrader's checksum of the released cell.</summary>
    public string? Checksum { get; init; }

    /// <summary>The cell's type when it was released: <c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string? CellType { get; init; }

    /// <summary>The kind that follows from the flags; null for a cell that nbgrader leaves alone.</summary>
    public NbgraderCellKind? Kind => (Task, Grade, Solution, Locked) switch
    {
        (true, _, _, _) => NbgraderCellKind.ManuallyGradedTask,
        (_, true, true, _) => NbgraderCellKind.ManuallyGradedAnswer,
        (_, true, false, _) => NbgraderCellKind.AutograderTests,
        (_, false, true, _) => NbgraderCellKind.AutogradedAnswer,
        (_, false, false, true) => NbgraderCellKind.ReadOnly,
        _ => null,
    };

    /// <summary>Tests are always locked, answers never; the flag decides for the rest.</summary>
    public bool IsLocked => !Solution && (Grade || Locked);

    /// <summary>A person has to grade it.</summary>
    public bool IsManual => Kind is NbgraderCellKind.ManuallyGradedAnswer or NbgraderCellKind.ManuallyGradedTask;

    /// <summary>
    /// Reads a cell's metadata; null where there is none. Fields of a wrong type read as absent:
    /// <see cref="NbgraderValidation"/> names them.
    /// </summary>
    public static NbgraderMetadata? Read(NotebookCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        if (cell.Metadata[Key] is not JsonObject fields) return null;
        return new NbgraderMetadata
        {
            Grade = Flag("grade"),
            Solution = Flag("solution"),
            Locked = Flag("locked"),
            Task = Flag("task"),
            GradeId = Text("grade_id") ?? "",
            Points = fields["points"] is JsonValue points && points.TryGetValue<double>(out var number) ? number : null,
            Checksum = Text("checksum"),
            CellType = Text("cell_type"),
        };

        bool Flag(string name) => fields[name]?.GetValueKind() == JsonValueKind.True;

        string? Text(string name) =>
            fields[name]?.GetValueKind() == JsonValueKind.String ? fields[name]!.GetValue<string>() : null;
    }

    /// <summary>Puts the fields into a cell's metadata, replacing what nbgrader had there.</summary>
    public void Write(NotebookCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        // In the order in which Jupyter sorts them, so that saving there changes nothing.
        var fields = new JsonObject();
        if (CellType is not null) fields["cell_type"] = CellType;
        if (Checksum is not null) fields["checksum"] = Checksum;
        fields["grade"] = Grade;
        fields["grade_id"] = GradeId;
        fields["locked"] = Locked;
        if (Points is { } points) fields["points"] = PointsNode(cell, points);
        fields["schema_version"] = SchemaVersion;
        fields["solution"] = Solution;
        fields["task"] = Task;
        cell.Metadata[Key] = fields;
    }

    // 2 stays 2 where the author did not write 2.0.
    private static JsonNode PointsNode(NotebookCell cell, double points) =>
        (cell.Metadata[Key] as JsonObject)?["points"] is JsonValue written
        && written.TryGetValue<double>(out var same) && same.Equals(points)
            ? written.DeepClone()
            : JsonValue.Create(points);
}
