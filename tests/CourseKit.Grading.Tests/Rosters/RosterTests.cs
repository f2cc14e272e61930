using System.Text;

namespace CourseKit.Grading.Tests.Rosters;

/// <summary>Class lists as platforms export them, and whose submission is whose.</summary>
public sealed class RosterTests
{
    private static RosterMatch Match(string csv, params Student[] handedIn) => RosterMatch.Of(Roster.Read(csv).Students, handedIn);

    [Theory]
    [InlineData("Moodle's participants", "First name,Last name,Email address,Groups\nAda,Lovelace,ada@example.edu,A\n", "ada@example.edu")]
    [InlineData("Moodle's grading worksheet", "Identifier,Full name,ID number,Email address,Status,Grade\nParticipant 17,Ada Lovelace,s1,ada@example.edu,No submission,\n", "s1")]
    [InlineData("Moodle's gradebook for a spreadsheet", "First name;Surname;ID number;Institution;Department;Email address\nAda;Lovelace;s1;;;ada@example.edu\n", "s1")]
    [InlineData("Canvas's gradebook", "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (12)\n    Points Possible,,,,,10\n\"Lovelace, Ada\",77,s1,ada@example.edu,A,3\n\"Lovelace, Ada\",77,s1,ada@example.edu,B,3\n\"Student, Test\",99,,abc,A,\n", "s1")]
    [InlineData("nbgrader's students.csv", "id,first_name,last_name,email,lms_user_id\ns1,Ada,Lovelace,ada@example.edu,77\n", "s1")]
    [InlineData("Gradescope's roster", "First Name,Last Name,SID,Email,Role,Section\nAda,Lovelace,s1,ada@example.edu,Student,A\n", "s1")]
    [InlineData("by hand, with tabs", "Name\tEmail\nAda Lovelace\tada@example.edu\n\n", "ada@example.edu")]
    public void Lists_of_course_platforms_are_read(string platform, string csv, string id)
    {
        var student = Assert.Single(Roster.Read(csv, platform).Students);
        Assert.Equal((id, "Ada", "Lovelace"), (student.Id, student.FirstName, student.LastName));
        Assert.True(student.Email == "ada@example.edu" || student.OtherIds.Contains("ada@example.edu"));
    }

    [Theory]
    [InlineData("s1", "", "", "")]
    [InlineData("S1 ", "", "", "")]
    [InlineData("17", "", "", "")]
    [InlineData("ada@example.edu", "", "", "")]
    [InlineData("submission 4", "", "", "Ada@Example.edu")]
    [InlineData("Müller Zoë Ada", "Müller", "Zoë Ada", "")]
    [InlineData("Zoe Ada Muller", "", "", "")]
    [InlineData("mullerzoeada", "", "", "")]
    [InlineData("Müller, Zoë Ada", "", "", "")]
    [InlineData("Müller Zoë Ada (4)", "Müller", "Zoë Ada", "")]
    public void A_submission_is_found_by_id_address_or_name_however_that_is_written(string id, string last, string first, string email)
    {
        Assert.SkipWhen(id.Contains("muller", StringComparison.OrdinalIgnoreCase) && "ü".Normalize(NormalizationForm.FormD).Length == 1, "The .NET of this machine cannot take the dots off an ü: globalization is invariant.");
        var match = Match("Identifier,ID number,First name,Last name,Email\nParticipant 17,s1,Zoë Ada,Müller,ada@example.edu\nParticipant 18,s2,Marie,Curie,marie@example.edu\n", new Student(id, last, first, email));
        Assert.Equal("s1", match.Found[id].Id);
        Assert.Equal("s2", Assert.Single(match.Missing).Id);
        Assert.Empty(match.Problems);
    }

    [Fact]
    public void Namesakes_are_told_apart_by_the_platforms_number_and_never_guessed()
    {
        const string List = "Identifier,ID number,Full name\nParticipant 7,s1,Ann Lee\nParticipant 8,s2,Ann Lee\n";
        var numbered = Match(List, new Student("Lee Ann (8)", "Lee", "Ann"), new Student("Lee Ann (7)", "Lee", "Ann"));
        Assert.Equal(("s2", "s1"), (numbered.Found["Lee Ann (8)"].Id, numbered.Found["Lee Ann (7)"].Id));

        var unclear = Match(List, new Student("Lee Ann", "Lee", "Ann"));
        Assert.Equal(2, unclear.Missing.Count);
        Assert.Equal(["Lee Ann"], unclear.Unknown);
        Assert.Contains("2 on the roster are called so (s1, s2)", Assert.Single(unclear.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_submissions_of_one_student_and_one_of_nobody_are_reported()
    {
        var match = Match("id,name\ns1,Ada Lovelace\n", new Student("s1"), new Student("Ada Lovelace"), new Student("guest"));
        Assert.Empty(match.Missing);
        Assert.Contains(match.Problems, problem => problem.StartsWith("s1 and Ada Lovelace are one student's", StringComparison.Ordinal));
        Assert.Contains(match.Problems, problem => problem.StartsWith("guest: nobody on the roster", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("First name,Group\nAda,A\n", "it names First name, Group")]
    [InlineData("", "it names nothing")]
    [InlineData("id,name\n,\n", "no line names a student")]
    public void A_file_that_names_nobody_is_refused_with_what_is_expected(string csv, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<GradingException>(() => Roster.Read(csv)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_id_with_two_names_is_said()
    {
        var roster = Roster.Read("id,name\ns1,Ada Lovelace\nS1,Marie Curie\n", "list.csv");
        Assert.Equal("Ada Lovelace", Assert.Single(roster.Students).Name);
        Assert.Contains("list.csv, line 3: S1 was there before", Assert.Single(roster.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public void Letters_survive_in_whatever_a_spreadsheet_writes(string encoding)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "Vor,Last name\nx,Müßig\n", Encoding.GetEncoding(encoding));
            Assert.Equal("Müßig", Roster.Load(path).Students[0].LastName);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
