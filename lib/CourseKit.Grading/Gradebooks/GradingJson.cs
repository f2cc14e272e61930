using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Grading.Gradebooks;

/// <summary>The JSON of result files and claims: camelCase, names instead of numbers, and no half of a character.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(GradingRecord))]
[JsonSerializable(typeof(ClaimOwner))]
[JsonSerializable(typeof(IReadOnlyList<SubmissionFlag>))]
internal sealed partial class GradingJson : JsonSerializerContext;
