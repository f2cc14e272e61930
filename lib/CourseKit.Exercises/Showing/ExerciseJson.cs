using System.Text.Json.Nodes;

namespace CourseKit.Exercises.Showing;

/// <summary>The result as the kit's grader reads it, version 1.</summary>
internal static class ExerciseJson
{
    public static string Render(Exercise exercise) => new JsonObject
    {
        ["version"] = 1,
        ["exercise"] = exercise.Id,
        ["title"] = exercise.Title,
        ["points"] = exercise.Points,
        ["possible"] = exercise.Possible,
        ["status"] = exercise.Status.Name(),
        ["parts"] = new JsonArray([.. exercise.Parts.Select(Render)]),
    }.ToJsonString();

    private static JsonObject Render(PartResult part) => new()
    {
        ["name"] = part.Name,
        ["points"] = part.Points,
        ["possible"] = part.Possible,
        ["status"] = part.Status.Name(),
        ["message"] = part.Message,
    };
}
