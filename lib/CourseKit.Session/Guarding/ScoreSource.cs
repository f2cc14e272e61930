using System.Collections;

namespace CourseKit.Session.Guarding;

/// <summary>
/// Reads the result of a test cell from the object that is its value, and not from anything the cell shows: what is
/// shown can be imitated by printing or by registering a formatter. The worker knows no exercises, so it goes by names;
/// but only a type from the very file that the session was told is the kit's counts.
/// </summary>
internal sealed class ScoreSource(IReadOnlyDictionary<string, string> kitPackages)
{
    private const string Library = "CourseKit.Exercises";
    private const string ExerciseType = "CourseKit.Exercises.Exercise";

    private readonly string? _path = kitPackages.FirstOrDefault(package => package.Key.Equals(Library, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The score, or null for any other value.</summary>
    public ScoreEvent? Read(int cell, string receipt, object? value)
    {
        var type = value?.GetType();
        if (_path is null || type?.FullName != ExerciseType || Path.GetFullPath(type.Assembly.Location) != Path.GetFullPath(_path))
            return null;
        var parts = new List<ScorePart>();
        var comparisons = (IEnumerable)Get(value!, "Comparisons");
        foreach (var (part, compared) in ((IEnumerable)Get(value!, "Parts")).Cast<object>().Zip(comparisons.Cast<IEnumerable>()))
            parts.Add(new ScorePart((string)Get(part, "Name"), (double)Get(part, "Points"), (double)Get(part, "Possible"), Get(part, "Status").ToString()!, (string)Get(part, "Message"),
                [.. compared.Cast<object>().Select(comparison => comparison.ToString()!)]));
        return new ScoreEvent(cell, receipt, (string)Get(value!, "Id"), (string)Get(value!, "Title"), parts);
    }

    private static object Get(object of, string property) => of.GetType().GetProperty(property)!.GetValue(of)!;
}
