namespace CourseKit.Grading.Rosters;

/// <summary>Which columns of a class list say what, by the names that course platforms give them.</summary>
internal sealed class RosterColumns
{
    // Those that people know come first: of several in a file the first that is filled in is the student's id.
    private static readonly string[] s_ids =
        ["studentid", "idnumber", "sid", "sisuserid", "sisloginid", "username", "loginid", "login", "id", "userid", "identifier", "lmsuserid"];

    private static readonly string[] s_emails = ["email", "emailaddress", "mail", "studentemail"];
    private static readonly string[] s_firstNames = ["firstname", "givenname"];
    private static readonly string[] s_lastNames = ["lastname", "surname", "familyname"];
    private static readonly string[] s_fullNames = ["fullname", "name", "student", "studentname"];

    private readonly List<int> _ids;
    private readonly int? _email;
    private readonly int? _firstName;
    private readonly int? _lastName;
    private readonly int? _fullName;

    public RosterColumns(IReadOnlyList<string> headers)
    {
        // "Last name", "last_name" and "LastName" are one.
        var names = headers.Select((header, column) => (Name: new string([.. header.Where(char.IsLetterOrDigit)]).ToLowerInvariant(), Column: column)).ToLookup(pair => pair.Name, pair => pair.Column);
        _ids = [.. s_ids.SelectMany(name => names[name])];
        (_email, _firstName, _lastName, _fullName) = (First(s_emails), First(s_firstNames), First(s_lastNames), First(s_fullNames));

        int? First(string[] wanted) => wanted.SelectMany(name => names[name]).Select(column => (int?)column).FirstOrDefault();
    }

    /// <summary>Whether any of the columns says who somebody is. A given name alone does not.</summary>
    public bool NameSomebody => _ids.Count > 0 || _email is not null || _fullName is not null || _lastName is not null;

    /// <summary>Reads one line; null where it is nobody's.</summary>
    public RosterStudent? Read(Func<int, string> field)
    {
        var ids = _ids.Select(field).Where(id => id.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var (lastName, firstName) = (Of(_lastName), Of(_firstName));
        if (lastName.Length + firstName.Length == 0)
            (lastName, firstName) = TakeApart(Of(_fullName));
        var email = Of(_email);
        string[] names = [ids.FirstOrDefault() ?? "", email, $"{lastName} {firstName}".Trim()];
        return names.FirstOrDefault(name => name.Length > 0) is { } id && !IsOfCanvasItself(ids, lastName, firstName)
            ? new RosterStudent(id, lastName, firstName, email) { OtherIds = [.. ids.Skip(1)] }
            : null;

        string Of(int? column) => column is { } there ? field(there) : "";
    }

    /// <summary><c>Lovelace, Ada</c> or <c>Ada Lovelace</c>.</summary>
    private static (string LastName, string FirstName) TakeApart(string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        var cut = name.LastIndexOf(' ');
        return comma >= 0 ? (name[..comma].Trim(), name[(comma + 1)..].Trim())
            : cut >= 0 ? (name[(cut + 1)..], name[..cut].Trim())
            : (name, "");
    }

    /// <summary>Canvas's line of the points to be had, and the student it makes for trying things out.</summary>
    private static bool IsOfCanvasItself(List<string> ids, string lastName, string firstName) =>
        (ids.Count == 0 && lastName == "Possible" && firstName == "Points") || (lastName == "Student" && firstName == "Test");
}
