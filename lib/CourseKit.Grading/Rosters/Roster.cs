using System.Text;
using CourseKit.Grading.Rosters;
using CsvHelper;

namespace CourseKit.Grading;

/// <summary>
/// Who is to hand in: the class as a course platform exports it. Submissions are found in it by id, e-mail address or name,
/// so that who handed in nothing is seen, and who is of another class, too.
/// </summary>
public sealed class Roster
{
    private const long MaximumSize = 64L << 20;

    private Roster(IReadOnlyList<RosterStudent> students, IReadOnlyList<string> problems)
    {
        Students = students;
        Problems = problems;
    }

    /// <summary>Everybody once, in the order of the file.</summary>
    public IReadOnlyList<RosterStudent> Students { get; }

    /// <summary>What is odd about the file, in sentences.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>
    /// Reads a CSV file whose first line names the columns as Moodle, Canvas, Gradescope or nbgrader do, whatever their
    /// order and whatever else is there: an id (id, student_id, ID number, Username, SIS User ID, ...), a name (First name
    /// and Last name, or Full name, Name, Student), an Email address.
    /// </summary>
    /// <param name="path">The file; separated by commas, semicolons or tabs.</param>
    /// <exception cref="GradingException">There is no such file, or it names nobody; the message says why.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static Roster Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new GradingException($"{path}: there is no such roster; name the .csv that your platform exports, such as Moodle's participants or Canvas's gradebook.");
        if (file.Length > MaximumSize)
            throw new GradingException($"{path}: this is larger than any roster ({file.Length >> 20} MB); name a .csv of the class alone.");
        return Read(Text(File.ReadAllBytes(path)), path);
    }

    /// <summary>Reads the text of such a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <exception cref="GradingException">It names nobody; the message says why.</exception>
    public static Roster Read(string text, string source = "the roster")
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return Parse(text, source);
        }
        catch (CsvFormatException damage)
        {
            throw new GradingException($"{source}: the table cannot be read ({damage.Message}); export it again as CSV.", damage);
        }
    }

    private static Roster Parse(string text, string source)
    {
        using var csv = CsvReader.FromText(text, new CsvReaderOptions { TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Allow });
        csv.ReadHeader();
        var columns = new RosterColumns(csv.Headers ?? []);
        if (!columns.NameSomebody)
        {
            throw new GradingException($"{source}: no column says who is who. The first line must name one such as id, student_id, ID number, SIS User ID, Username, Email, Full name, "
                + $"or First name and Last name; it names {(csv.Headers is { Count: > 0 } names ? string.Join(", ", names) : "nothing")}.");
        }

        var students = new Dictionary<string, RosterStudent>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<string>();
        while (csv.Read())
        {
            if (columns.Read(column => column < csv.FieldCount ? csv.GetString(column).Trim() : "") is not { } student)
                continue;
            // Canvas has a line for each section that somebody is in.
            if (!students.TryAdd(student.Id, student) && students[student.Id].WithoutIds != student.WithoutIds)
                problems.Add($"{source}, line {csv.LineNumber}: {student.Id} was there before with another name or address ({students[student.Id].WithoutIds.Name}); the first counts.");
        }
        return students.Count > 0
            ? new Roster([.. students.Values], problems)
            : throw new GradingException($"{source}: no line names a student; export the roster again, with everybody in it.");
    }

    // Spreadsheets on Windows still write the letters of one region; UTF-8 is never mistaken for these, nor they for it.
    private static string Text(byte[] bytes)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}

/// <summary>Somebody on a roster.</summary>
/// <param name="Id">What tells the student from all others: of the ids in the file the one that people use, else the address or the name.</param>
/// <param name="LastName">Family name; may be empty.</param>
/// <param name="FirstName">Given name; may be empty.</param>
/// <param name="Email">Address; may be empty.</param>
public sealed record RosterStudent(string Id, string LastName = "", string FirstName = "", string Email = "")
{
    /// <summary>Other ids in the file: a login, a platform's own number.</summary>
    public IReadOnlyList<string> OtherIds { get; init; } = [];

    /// <summary>Given and family name; empty where the file has neither.</summary>
    public string Name => $"{FirstName} {LastName}".Trim();

    internal RosterStudent WithoutIds => this with { OtherIds = [] };

    internal Student ToStudent() => new(Id, LastName, FirstName, Email);
}
