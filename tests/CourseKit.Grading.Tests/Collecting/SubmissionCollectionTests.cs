using System.Text;

namespace CourseKit.Grading.Tests.Collecting;

/// <summary>Whose file is whose, in everything that teachers get from course platforms.</summary>
public sealed class SubmissionCollectionTests : IDisposable
{
    private readonly HandedInFiles files = new();

    public void Dispose() => files.Dispose();

    private static List<(string Student, string Text)> Read(SubmissionCollection collection) =>
        [.. collection.Submissions.Select(submission => (submission.Student.Id, submission.Problem ?? Encoding.UTF8.GetString(collection.Read(submission).Content.Span)))];

    [Fact]
    public void A_folder_of_notebooks_named_after_their_students()
    {
        files.File("class/Ada Lovelace.ipynb", "a");
        files.File("class/Émilie.ipynb", "b");
        files.File("class/grades.xlsx");
        using var collection = SubmissionCollection.Open(files.Of("class"), "06-logistic");
        Assert.Equal([("Ada Lovelace", "a"), ("Émilie", "b")], Read(collection));
        Assert.Empty(collection.Problems);
    }

    [Fact]
    public void A_folder_for_each_student_with_any_one_notebook_or_several_of_which_one_has_the_right_name()
    {
        files.File("class/ada/anything.ipynb", "a");
        files.File("class/bob/06-logistic.ipynb", "b");
        files.File("class/bob/experiments.ipynb", "x");
        files.File("class/bob/.ipynb_checkpoints/06-logistic-checkpoint.ipynb", "x");
        files.File("class/cyd/one.ipynb");
        files.File("class/cyd/two.ipynb");
        files.File("class/notes/read me.txt");
        using var collection = SubmissionCollection.Open(files.Of("class"), "06-logistic");
        Assert.Equal(["a", "b", "there are 2 notebooks (one.ipynb, two.ipynb) and none is called 06-logistic.ipynb; keep the one that counts."], Read(collection).Select(item => item.Text));
        Assert.Equal(2, collection.Problems.Count);
        Assert.Contains(collection.Problems, problem => problem.Contains("notes", StringComparison.Ordinal) && problem.Contains("nobody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("course")]
    [InlineData("course/submitted")]
    public void Nbgraders_tree_of_the_assignment_alone_with_its_time_stamps(string opened)
    {
        files.File("course/submitted/ada/ps1/problem.ipynb", "a");
        files.File("course/submitted/ada/ps1/timestamp.txt", "2015-02-02 15:58:23.948203 UTC");
        files.File("course/submitted/ada/ps2/problem.ipynb", "x");
        files.File("course/submitted/bob/ps2/problem.ipynb", "x");
        files.File("course/source/ps1/problem.ipynb", "solution");
        files.File("course/autograded/ada/ps1/problem.ipynb", "x");
        using var collection = SubmissionCollection.Open(files.Of(opened), "ps1");
        Assert.Equal([("ada", "a")], Read(collection));
        Assert.Equal(new DateTimeOffset(2015, 2, 2, 15, 58, 23, 948, TimeSpan.Zero).AddMicroseconds(203), collection.Submissions[0].SubmittedAt);
    }

    [Fact]
    public void Moodles_archive_takes_names_apart_and_keeps_namesakes_apart()
    {
        var time = new DateTimeOffset(2026, 11, 20, 18, 30, 0, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 11, 20, 18, 30, 0)));
        var zip = files.Zip(archive =>
        {
            HandedInFiles.Add(archive, "von Neumann John_1234_assignsubmission_file_/06-logistic.ipynb", "a", time);
            HandedInFiles.Add(archive, "von Neumann John_1234_assignsubmission_onlinetext_/onlinetext.html", "<p>see file</p>");
            HandedInFiles.Add(archive, "Lee Ann_7_assignsubmission_file_/x.ipynb", "b");
            HandedInFiles.Add(archive, "Lee Ann_8_assignsubmission_file_/y.ipynb", "c");
            HandedInFiles.Add(archive, "Müller Zoë_9_assignsubmission_file_/essay.docx", "word");
        });
        using var collection = SubmissionCollection.Open(zip, "06-logistic");
        Assert.Equal(["Lee Ann (7)", "Lee Ann (8)", "Müller Zoë", "von Neumann John"], collection.Submissions.Select(item => item.Student.Id));
        Assert.Equal(new Student("von Neumann John", "von Neumann", "John"), collection.Submissions[3].Student);
        Assert.Equal(time, collection.Submissions[3].SubmittedAt);
        Assert.Equal(["b", "c", "there is no notebook in it; what is there: essay.docx.", "a"], Read(collection).Select(item => item.Text));
        Assert.Contains("2 submissions are called Lee Ann", collection.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Moodle_without_folders_and_an_archive_inside_one_folder()
    {
        var flat = files.Zip(("all/Lee Ann_7_assignsubmission_file_06-logistic.ipynb", "a"), ("all/Curie Marie_8_assignsubmission_file_x.ipynb", "b"));
        using var collection = SubmissionCollection.Open(flat, "06-logistic");
        Assert.Equal([("Curie Marie", "b"), ("Lee Ann", "a")], Read(collection));
    }

    [Fact]
    public void Canvas_archives_with_late_and_repeated_uploads()
    {
        var zip = files.Zip(
            ("lovelaceada_123_456_06-logistic.ipynb", "first"), ("lovelaceada_123_457_06-logistic-2.ipynb", "second"), ("lovelaceada_123_458_06-logistic-10.ipynb", "last"),
            ("lee_ann.ipynb", "x"));
        using (var mixed = SubmissionCollection.Open(zip, "06-logistic"))
            Assert.Equal(4, mixed.Submissions.Count);

        File.Delete(zip);
        files.Zip(
            ("lovelaceada_123_456_06-logistic.ipynb", "first"), ("lovelaceada_123_457_06-logistic-2.ipynb", "second"), ("lovelaceada_123_458_06-logistic-10.ipynb", "last"),
            ("leeann_LATE_7_9_other name.ipynb", "b"));
        using var collection = SubmissionCollection.Open(zip, "06-logistic");
        Assert.Equal([("leeann", "b"), ("lovelaceada", "last")], Read(collection));
    }

    [Fact]
    public void Gradescopes_folder_tells_the_student_the_time_and_where_the_results_go()
    {
        files.File("autograder/submission/homework.ipynb", "a");
        files.File("autograder/source/06-logistic.ipynb", "the reference is nobody's work");
        files.File("autograder/submission_metadata.json", """
            {"id": 123456, "created_at": "2018-07-01T14:22:32.365935-07:00", "assignment": {"due_date": "2018-07-31T23:00:00.000000-07:00", "total_points": 20.0},
             "users": [{"email": "ada@example.edu", "id": 1234, "name": "Ada Lovelace", "sid": "s1"}], "previous_submissions": []}
            """);
        using var collection = SubmissionCollection.Open(files.Of("autograder"), "06-logistic");
        Assert.Equal([("s1", "a")], Read(collection));
        Assert.Equal(new Student("s1", "Lovelace", "Ada", "ada@example.edu"), collection.Submissions[0].Student);
        Assert.Equal(TimeSpan.FromHours(-7), collection.Submissions[0].SubmittedAt!.Value.Offset);
        Assert.Equal(2018, collection.DueDate!.Value.Year);
        Assert.Equal(Path.Combine(files.Of("autograder"), "results", "results.json"), collection.GradescopeResults);
    }

    [Fact]
    public void Two_whose_names_are_one_in_another_spelling_are_both_there()
    {
        files.File("class/Zoë.ipynb".Normalize(NormalizationForm.FormC), "composed");
        files.File("class/Zoë.ipynb".Normalize(NormalizationForm.FormD), "decomposed");
        files.File("class/Ann.ipynb", "1");
        files.File("class/Ann/notebook.ipynb", "2");
        using var collection = SubmissionCollection.Open(files.Of("class"), "06-logistic");
        Assert.Equal(Directory.GetFiles(files.Path, "*.ipynb", SearchOption.AllDirectories).Length, collection.Submissions.Count);
        Assert.Equal(["Ann", "Ann (2)"], collection.Submissions.Take(2).Select(item => item.Student.Id));
        Assert.Equal(collection.Submissions.Count, collection.Submissions.Select(item => item.FileName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains(collection.Problems, problem => problem.Contains("2 submissions are called Ann", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no such folder", "there is no such folder or file")]
    [InlineData("not-a-zip.txt", "no .zip archive that can be read")]
    [InlineData("empty", "no submission for 06-logistic was found")]
    public void What_is_no_collection_is_said_in_a_sentence(string name, string sentence)
    {
        files.File("not-a-zip.txt", "plain text");
        Directory.CreateDirectory(files.Of("empty"));
        var error = Assert.Throws<GradingException>(() => SubmissionCollection.Open(files.Of(name), "06-logistic"));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_stays_flat_with_the_number_of_submissions()
    {
        var zip = files.Zip(archive =>
        {
            for (var number = 0; number < 300; number++)
                HandedInFiles.Add(archive, $"student{number:000}.ipynb", new string('x', 1 << 20));
        });
        using var collection = SubmissionCollection.Open(zip, "06-logistic");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var submission in collection.Submissions)
            Assert.Equal(1 << 20, collection.Read(submission).Content.Length);
        // 300 MB were read. Other tests of this process have memory, too, so a tenth of that is no limit, and the half is.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 150L << 20);
    }
}
