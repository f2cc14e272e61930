using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Notebook;

/// <summary>
/// What the notebooks of a course do not say themselves: its parts, the order in which chapters are read, what each is
/// read after, and which lectures it mirrors. It stands in a file <c>course.json</c> beside them.
/// </summary>
public sealed record CourseMap
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "course.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>The version of the file's form; 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The course's title.</summary>
    public string Title { get; init; } = "Course";

    /// <summary>A sentence or two under the title.</summary>
    public string Description { get; init; } = "";

    /// <summary>The lectures: what each is about, by its short name (S1, S2).</summary>
    public IReadOnlyDictionary<string, string> Sessions { get; init; } = new Dictionary<string, string>();

    /// <summary>The parts in their order.</summary>
    public IReadOnlyList<CoursePart> Parts { get; init; } = [];

    /// <summary>Reads a map, and checks that it is one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">The file is no map, or it contradicts itself; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CourseMap Load(string path)
    {
        CourseMap? map;
        try
        {
            map = JsonSerializer.Deserialize<CourseMap>(File.ReadAllText(path), Json);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{path}: this is no map of a course: {exception.Message}", exception);
        }

        if (map is null || map.Version != 1)
            throw new FormatException($"{path}: a map of version 1 was expected; begin it with {{ \"version\": 1, \"parts\": [ ... ] }}.");
        var seen = new HashSet<int>();
        foreach (var chapter in map.InReadingOrder())
        {
            // A chapter stands after those it builds on, so that "next" never leads to one that cannot be read yet.
            if (chapter.After.Except(seen).ToList() is [var missing, ..])
                throw new FormatException($"{path}: chapter {chapter.Number} is read after chapter {missing}, which does not stand before it; move one of the two.");
            if (!seen.Add(chapter.Number))
                throw new FormatException($"{path}: chapter {chapter.Number} stands in the map twice.");
        }

        return map;
    }

    /// <summary>The chapters in the order in which they are read.</summary>
    public IEnumerable<CourseChapter> InReadingOrder() => Parts.SelectMany(part => part.Chapters);

    /// <summary>Where a chapter stands; null for one that the map does not know.</summary>
    /// <param name="number">The chapter's number.</param>
    public ChapterPlace? PlaceOf(int number)
    {
        for (var i = 0; i < Parts.Count; i++)
        {
            if (Parts[i].Chapters.FirstOrDefault(chapter => chapter.Number == number) is { } chapter)
                return new ChapterPlace(number, Parts[i].Title, chapter.Sessions, chapter.After);
        }

        return null;
    }

    /// <summary>The number at the beginning of a notebook's file name (6 for <c>06-logistic-regression.ipynb</c>); null where there is none.</summary>
    /// <param name="path">The notebook's name or path.</param>
    public static int? NumberOf(string path)
    {
        var name = Path.GetFileName(path) ?? "";
        var digits = name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and < 9 ? int.Parse(name.AsSpan(0, digits), CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>A part of a course.</summary>
public sealed record CoursePart
{
    /// <summary>The part's title.</summary>
    public required string Title { get; init; }

    /// <summary>Its chapters, in the order in which they are read.</summary>
    public required IReadOnlyList<CourseChapter> Chapters { get; init; }
}

/// <summary>A chapter on the map.</summary>
public sealed record CourseChapter
{
    /// <summary>The number its file name begins with.</summary>
    public required int Number { get; init; }

    /// <summary>The lectures that it mirrors, by their short names.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>The numbers of the chapters to read before it.</summary>
    public IReadOnlyList<int> After { get; init; } = [];
}

/// <summary>Where a chapter stands in its course.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Part">The title of its part.</param>
/// <param name="Sessions">The lectures that it mirrors, by their short names.</param>
/// <param name="After">The numbers of the chapters to read before it.</param>
public sealed record ChapterPlace(int Number, string Part, IReadOnlyList<string> Sessions, IReadOnlyList<int> After);
