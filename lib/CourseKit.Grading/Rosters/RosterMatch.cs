using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Grading.Rosters;

namespace CourseKit.Grading;

/// <summary>Whose submission is whose: a class list beside what was handed in.</summary>
public sealed partial class RosterMatch
{
    private readonly ILookup<string, RosterStudent> byId;
    private readonly ILookup<string, RosterStudent> byEmail;
    private readonly ILookup<string, RosterStudent> byName;

    private RosterMatch(IReadOnlyList<RosterStudent> roster, IEnumerable<Student> handedIn)
    {
        byId = Lookup(roster, student => student.OtherIds.Append(student.Id).Select(IdKey));
        byEmail = Lookup(roster, student => [IdKey(student.Email)]);
        byName = Lookup(roster, NameKeys);
        var found = new Dictionary<string, RosterStudent>(StringComparer.Ordinal);
        var unknown = new List<string>();
        var problems = new List<string>();
        foreach (var student in handedIn)
        {
            var candidates = Candidates(student);
            if (candidates.Count == 1)
            {
                found[student.Id] = candidates[0];
                continue;
            }
            unknown.Add(student.Id);
            problems.Add(candidates.Count == 0
                ? $"{student.Id}: nobody on the roster has this id, name or e-mail address. The submission is graded all the same."
                : $"{student.Id}: {candidates.Count} on the roster are called so ({string.Join(", ", candidates.Select(candidate => candidate.Id))}), so it is not known whose this is. The submission is graded all the same; call the file after the student's id.");
        }
        foreach (var several in found.GroupBy(pair => pair.Value.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            problems.Add($"{string.Join(" and ", several.Select(pair => pair.Key))} are one student's ({several.First().Value.Name}, {several.Key}), by the roster; each is graded.");
        var there = found.Values.Select(student => student.Id).ToHashSet(StringComparer.Ordinal);
        (Found, Unknown, Problems) = (found, unknown, problems);
        Missing = [.. roster.Where(student => !there.Contains(student.Id))];
    }

    /// <summary>Of those who handed in, by the id of the submission, who they are.</summary>
    public IReadOnlyDictionary<string, RosterStudent> Found { get; }

    /// <summary>Who handed in nothing.</summary>
    public IReadOnlyList<RosterStudent> Missing { get; }

    /// <summary>The ids of submissions of nobody on the roster.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>A sentence about each of them, and about students with several submissions.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Finds everybody who handed in: by id, else by e-mail address, else by a name that only one has, in any order, without accents, with or without spaces.</summary>
    /// <param name="roster">Who is to hand in.</param>
    /// <param name="handedIn">Who did.</param>
    public static RosterMatch Of(IReadOnlyList<RosterStudent> roster, IEnumerable<Student> handedIn)
    {
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(handedIn);
        return new RosterMatch(roster, handedIn);
    }

    private List<RosterStudent> Candidates(Student student)
    {
        foreach (var key in new[] { student.Id, student.Email }.Select(IdKey))
            foreach (var lookup in (ILookup<string, RosterStudent>[])[byId, byEmail])
                if (lookup[key].ToList() is { Count: 1 } one)
                    return one;
        var name = Folded($"{student.LastName} {student.FirstName}");
        if (byName[name].ToList() is { Count: > 0 } called && (called.Count == 1 || Number().Match(student.Id) is { Success: false }))
            return called;
        // Of namesakes the platform's number, which the collection puts behind the name, may be on the roster.
        if (Number().Match(student.Id) is { Success: true } match)
        {
            var namesakes = byName[Folded(match.Groups["name"].Value)].ToList();
            var numbered = namesakes.Where(candidate => byId[match.Groups["number"].Value].Contains(candidate)).ToList();
            return numbered.Count == 1 ? numbered : namesakes;
        }
        return [.. byName[Folded(student.Id)]];
    }

    private static ILookup<string, RosterStudent> Lookup(IReadOnlyList<RosterStudent> roster, Func<RosterStudent, IEnumerable<string>> keys) =>
        roster.SelectMany(student => keys(student).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal).Select(key => (Key: key, student))).ToLookup(pair => pair.Key, pair => pair.student, StringComparer.Ordinal);

    /// <summary>Moodle writes its number as <c>Participant 7</c>.</summary>
    private static string IdKey(string id)
    {
        var key = id.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();
        return key.StartsWith("participant ", StringComparison.Ordinal) ? key["participant ".Length..] : key;
    }

    /// <summary>The words of the name in every order that is a turn of it: family name first or last, whatever belongs to which.</summary>
    private static IEnumerable<string> NameKeys(RosterStudent student)
    {
        var words = $"{student.LastName} {student.FirstName}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Folded).Where(word => word.Length > 0).ToList();
        return words.Select((_, start) => string.Concat(words.Skip(start).Concat(words.Take(start))));
    }

    /// <summary>Letters and digits in lower case without accents and spaces, as Canvas calls files.</summary>
    private static string Folded(string name)
    {
        var folded = new StringBuilder();
        foreach (var rune in name.Normalize(NormalizationForm.FormD).EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune))
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
        return folded.ToString();
    }

    [GeneratedRegex(@"^(?<name>.+) \((?<number>\d+)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
