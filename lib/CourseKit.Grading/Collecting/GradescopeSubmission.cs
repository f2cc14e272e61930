using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Grading.Collecting;

/// <summary>What Gradescope tells its autograder in <c>submission_metadata.json</c>.</summary>
internal sealed record GradescopeSubmission(Student Student, DateTimeOffset? SubmittedAt, DateTimeOffset? DueDate)
{
    public const string FileName = "submission_metadata.json";

    public static GradescopeSubmission Parse(string path, byte[] json)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject fields)
                throw new JsonException("it is not an object");
            var user = (fields["users"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault() ?? [];
            var name = Text(user["name"]);
            var email = Text(user["email"]);
            var id = new[] { Text(user["sid"]), email, name, Text(user["id"]), Text(fields["id"]) }.FirstOrDefault(text => text.Length > 0) ?? "student";
            var cut = name.LastIndexOf(' ');
            var student = new Student(StudentNames.Clean(id), cut < 0 ? name : name[(cut + 1)..], cut < 0 ? "" : name[..cut], email);
            return new GradescopeSubmission(student, Time(fields["created_at"]), Time((fields["assignment"] as JsonObject)?["due_date"]));
        }
        catch (JsonException damage)
        {
            throw new GradingException($"{path}: Gradescope's file cannot be read ({damage.Message}); it should hold one JSON object with id, created_at and users.", damage);
        }
    }

    private static string Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text.Trim(),
        JsonValue value when value.TryGetValue<long>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
