using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Grading.Exports;

namespace CourseKit.Grading;

/// <summary>Course platforms that read a <c>results.json</c>.</summary>
public enum CoursePlatform
{
    /// <summary>Gradescope: points, tests with status and output.</summary>
    Gradescope,

    /// <summary>PrairieLearn: a score from 0 to 1, tests with points.</summary>
    PrairieLearn,
}

/// <summary>One student's result with the fields that a course platform reads.</summary>
public static class PlatformResults
{
    // PrairieLearn takes 1 MB in all; nobody reads more of one exercise anyway.
    private const int LongestText = 8000;

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the file's text.</summary>
    /// <param name="platform">For which platform.</param>
    /// <param name="row">The student's row: with what people entered, as it counts.</param>
    /// <param name="result">What grading found, for the parts and their messages; null where only the points are known.</param>
    public static string ToJson(CoursePlatform platform, GradebookRow row, SubmissionResult? result)
    {
        ArgumentNullException.ThrowIfNull(row);
        var json = platform == CoursePlatform.Gradescope ? Gradescope(row, result) : PrairieLearn(row, result);
        return json.ToJsonString(Layout) + "\n";
    }

    private static JsonObject Gradescope(GradebookRow row, SubmissionResult? result) => new()
    {
        ["score"] = row.Score,
        ["execution_time"] = Math.Round(result?.Duration.TotalSeconds ?? 0, 1),
        ["output"] = Short(ExerciseReport.OfWhole(row)),
        ["output_format"] = "text",
        ["visibility"] = "visible",
        // What the grader printed is for the teacher.
        ["stdout_visibility"] = "hidden",
        ["tests"] = new JsonArray([.. row.Exercises.Select((score, index) =>
        {
            var test = new JsonObject
            {
                ["number"] = (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["name"] = score.Title,
                ["name_format"] = "text",
                ["score"] = score.Points,
                ["max_score"] = score.Possible,
                ["output"] = Output(score, row, result),
                ["output_format"] = "text",
                ["tags"] = new JsonArray(score.Id),
                ["visibility"] = "visible",
            };
            // Without a status Gradescope shows the points alone, which is right for what waits or is partly right.
            if (!score.NeedsManualGrade && score.Points >= score.Possible)
                test["status"] = "passed";
            else if (!score.NeedsManualGrade && score.Points <= 0)
                test["status"] = "failed";
            return (JsonNode)test;
        })]),
        ["extra_data"] = new JsonObject
        {
            ["assignment"] = row.Assignment,
            ["needs_manual_grade"] = row.NeedsManualGrade,
            ["flags"] = new JsonArray([.. row.Flags.Select(flag => (JsonNode)$"{flag.Kind}: {flag.Detail}")]),
        },
    };

    private static JsonObject PrairieLearn(GradebookRow row, SubmissionResult? result) => new()
    {
        // Nothing to grade is no attempt there: the student may hand in again.
        ["gradable"] = row.Failure.Length == 0,
        ["score"] = row.MaxScore > 0 ? Math.Round(row.Score / row.MaxScore, 9) : 0,
        ["message"] = Short(ExerciseReport.OfWhole(row)),
        ["output"] = "",
        ["images"] = new JsonArray(),
        ["format_errors"] = row.Failure.Length == 0 ? new JsonArray() : new JsonArray(row.Failure),
        ["tests"] = new JsonArray([.. row.Exercises.Select(score => (JsonNode)new JsonObject
        {
            ["name"] = score.Title,
            ["description"] = score.Id,
            ["points"] = score.Points,
            ["max_points"] = score.Possible,
            ["message"] = score.NeedsManualGrade ? "Waits to be graded by hand." : score.Status.Name(),
            ["output"] = Output(score, row, result),
            ["images"] = new JsonArray(),
        })]),
    };

    private static string Output(GradebookScore score, GradebookRow row, SubmissionResult? result) =>
        Short(ExerciseReport.Of(score, result?.Exercises.FirstOrDefault(exercise => exercise.Id == score.Id), row.Comments));

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "\n... cut off here.";
}
