using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>The rules of nbgrader's schema 3, each with a sentence that says what to do.</summary>
public static partial class NbgraderValidation
{
    private static readonly HashSet<string> Fields =
    [
        "schema_version", "grade", "solution", "locked", "task", "grade_id", "points", "checksum", "cell_type",
    ];

    /// <summary>Everything in the notebook that nbgrader would refuse; empty when it is valid.</summary>
    public static IReadOnlyList<NotebookProblem> Validate(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var problems = new List<NotebookProblem>();
        var cellsById = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < document.Cells.Count; i++)
        {
            var cell = document.Cells[i];
            if (!cell.Metadata.ContainsKey(NbgraderMetadata.Key)) continue;
            problems.AddRange(ProblemsOf(cell).Select(message => NotebookProblem.In(document, cell, message)));
            if (NbgraderMetadata.Read(cell) is { Kind: not null, GradeId.Length: > 0 } metadata
                && !cellsById.TryAdd(metadata.GradeId, i + 1))
            {
                problems.Add(NotebookProblem.In(document, cell,
                    $"the grade_id is used twice, by the cells number {cellsById[metadata.GradeId]} and {i + 1}; "
                    + "give each its own, since points are kept by it."));
            }
        }
        return problems;
    }

    private static IEnumerable<string> ProblemsOf(NotebookCell cell)
    {
        if (cell.Metadata[NbgraderMetadata.Key] is not JsonObject fields)
            return ["metadata.nbgrader is not an object; remove it or mark the cell again."];
        if (SchemaProblem(fields) is { } outdated) return [outdated];
        var problems = TypeProblems(fields).ToList();
        return problems.Count > 0 ? problems : RuleProblems(cell, NbgraderMetadata.Read(cell)!);
    }

    private static string? SchemaProblem(JsonObject fields)
    {
        var version = fields["schema_version"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
        return version switch
        {
            < NbgraderMetadata.SchemaVersion =>
                $"the nbgrader metadata has the old schema version {version}; "
                + "let nbgrader bring it up to 3 (nbgrader update), or mark the cell again.",
            > NbgraderMetadata.SchemaVersion =>
                $"the nbgrader metadata has the schema version {version}, newer than 3, the one that is understood here.",
            _ => null,
        };
    }

    private static IEnumerable<string> TypeProblems(JsonObject fields)
    {
        foreach (var (name, value) in fields)
        {
            if (!Fields.Contains(name))
                yield return $"metadata.nbgrader has a field \"{name}\" that nbgrader does not allow; remove it.";
            else if (ExpectedOf(name, value) is { } expected)
                yield return $"metadata.nbgrader.{name} must be {expected}, not {value?.ToJsonString() ?? "null"}.";
        }
        foreach (var required in (string[])["grade", "locked", "solution"])
        {
            if (!fields.ContainsKey(required))
                yield return $"metadata.nbgrader.{required} is missing; set it to true or false.";
        }
    }

    private static string? ExpectedOf(string field, JsonNode? value)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var text = kind == JsonValueKind.String ? value!.GetValue<string>() : null;
        return field switch
        {
            "grade" or "solution" or "locked" or "task" =>
                kind is JsonValueKind.True or JsonValueKind.False ? null : "true or false",
            "grade_id" => text is not null && GradeIdPattern().IsMatch(text) ? null : "letters, digits, _ and -",
            "points" => kind == JsonValueKind.Number && value!.AsValue().TryGetValue<double>(out var points)
                && double.IsFinite(points) && points >= 0 ? null : "a number of 0 or more",
            "checksum" => text is { Length: 32 } ? null : "32 hexadecimal digits",
            "cell_type" => text is "code" or "markdown" or "raw" ? null : "code, markdown or raw",
            _ => null,
        };
    }

    private static IEnumerable<string> RuleProblems(NotebookCell cell, NbgraderMetadata metadata)
    {
        if (metadata.Kind is null) yield break;
        if (metadata.GradeId.Length == 0)
            yield return "the grade_id is missing; every cell that is graded, solved or locked needs one.";
        if (metadata.Points is null && (metadata.Grade || metadata.Task))
            yield return "the points are missing; set metadata.nbgrader.points.";
        if (metadata.Task && cell.Kind != CellKind.Markdown)
            yield return "a task must be a Markdown cell.";
        if (!metadata.Task && cell.Kind == CellKind.Markdown && metadata.Grade != metadata.Solution)
        {
            yield return "a Markdown cell cannot be graded by tests: mark it as both graded and solution "
                + "(a written answer), or as neither.";
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_\-]*\z")]
    private static partial Regex GradeIdPattern();
}
