using System.Text.Json.Nodes;
using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Scoring;

/// <summary>Reads the scores of an executed notebook's graded cells from their outputs.</summary>
internal static class ScoreReader
{
    public static List<ExerciseScore> Read(NotebookDocument executed, IReadOnlyList<CellRun> runs)
    {
        var runsByCell = runs.ToDictionary(run => run.Index);
        var scores = new List<ExerciseScore>();
        var heading = (string?)null;
        for (var index = 0; index < executed.Cells.Count; index++)
        {
            var cell = executed.Cells[index];
            if (cell.Kind == CellKind.Markdown) heading = MarkdownHeadings.Of(cell.Source).LastOrDefault().Text ?? heading;
            var metadata = NbgraderMetadata.Read(cell);
            if (metadata is { Grade: true } or { Task: true })
                scores.Add(Score(cell, metadata, heading, runsByCell.GetValueOrDefault(index)));
        }
        return scores;
    }

    private static ExerciseScore Score(NotebookCell cell, NbgraderMetadata metadata, string? heading, CellRun? run)
    {
        var isReleased = metadata.Checksum is not null;
        var isUnchanged = metadata.Checksum == NbgraderChecksum.Compute(cell, metadata);
        var score = new ExerciseScore
        {
            Id = metadata.GradeId,
            Title = heading ?? metadata.GradeId,
            Possible = Math.Max(0, metadata.Points ?? 0),
            Status = ScoreStatus.NoResult,
            IsChanged = isReleased && !isUnchanged && metadata.IsLocked,
            WritesToStandardError = cell.Outputs.Any(IsStandardError),
        };
        if (metadata.IsManual)
        {
            return score with
            {
                Status = ScoreStatus.NeedsManualGrade,
                Message = metadata.Solution && isReleased && isUnchanged ? "no answer was written" : "",
            };
        }
        return WithoutResult(score, cell, run) ?? WithResult(score, cell);
    }

    /// <summary>A cell that did not come to its end has no points, whatever it has shown before.</summary>
    private static ExerciseScore? WithoutResult(ExerciseScore score, NotebookCell cell, CellRun? run)
    {
        var error = cell.Outputs.OfType<JsonObject>().FirstOrDefault(output => TextOf(output["output_type"]) == "error");
        var status = run?.Status switch
        {
            CellRunStatus.TimedOut => ScoreStatus.TimedOut,
            CellRunStatus.Crashed => ScoreStatus.Crashed,
            CellRunStatus.NotRun or CellRunStatus.Skipped or CellRunStatus.Cancelled => ScoreStatus.NotRun,
            CellRunStatus.Error => ScoreStatus.Error,
            _ => error is null ? (ScoreStatus?)null : ScoreStatus.Error,
        };
        if (status is not { } ended) return null;
        var reason = ended == ScoreStatus.NotRun
            ? "the test cell was not run"
            : run?.Error ?? $"{TextOf(error?["ename"])}: {TextOf(error?["evalue"])}";
        return score with { Status = ended, Message = reason };
    }

    private static ExerciseScore WithResult(ExerciseScore score, NotebookCell cell)
    {
        if (cell.Kind != CellKind.Code)
            return score with { Message = "the graded cell is not a code cell, so no test can run" };
        // Only the cell's own value counts: what the student's code displays while the tests run does not.
        var bundles = cell.Outputs.OfType<JsonObject>()
            .Where(output => TextOf(output["output_type"]) == "execute_result")
            .Select(output => (output["data"] as JsonObject)?[Exercise.MimeType])
            .OfType<JsonNode>()
            .ToList();
        if (bundles.Count == 0)
        {
            return score with
            {
                Message = cell.ExecutionCount is null && cell.Outputs.Count == 0
                    ? "the test cell was not run"
                    : "the test cell's value is not a Check.Exercise(...): let it be the cell's last expression, "
                        + "without a semicolon",
            };
        }
        if (CheckBundle.TryParse(bundles[^1]) is not { } bundle)
            return score with { Message = "the test cell's result cannot be read" };
        return score with
        {
            Title = bundle.Title ?? score.Title,
            Points = Math.Clamp(bundle.Points, 0, score.Possible),
            Tested = bundle.Possible,
            Status = bundle.Status,
            Parts = bundle.Parts,
        };
    }

    private static bool IsStandardError(JsonNode? output) =>
        output is JsonObject && TextOf(output["output_type"]) == "stream" && TextOf(output["name"]) == "stderr";

    private static string TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
