using System.IO.Compression;
using System.Text;
using CourseKit.Grading.Collecting;

namespace CourseKit.Grading.Tests.Collecting;

/// <summary>Collections made to do harm: nothing is read or written outside, each attempt is reported, and nobody is lost over it.</summary>
public sealed class HostileCollectionTests : IDisposable
{
    private readonly HandedInFiles files = new();

    public void Dispose() => files.Dispose();

    private static string Problem(SubmissionCollection collection, CollectedSubmission submission) =>
        Assert.Throws<InvalidDataException>(() => collection.Read(submission)).Message;

    [Theory]
    [InlineData("../../escaped.ipynb")]
    [InlineData("..\\..\\escaped.ipynb")]
    [InlineData("/etc/escaped.ipynb")]
    [InlineData("C:\\Windows\\escaped.ipynb")]
    [InlineData("Ann/../../escaped.ipynb")]
    public void A_name_that_points_outside_the_archive_is_refused_and_its_student_is_told_of(string name)
    {
        var before = Directory.GetFileSystemEntries(Path.GetTempPath(), "escaped*").Length;
        using var collection = SubmissionCollection.Open(files.Zip((name, "evil"), ("good.ipynb", "good")), "06-logistic");
        Assert.Equal(2, collection.Submissions.Count);
        var evil = Assert.Single(collection.Submissions, submission => submission.Problem is not null);
        Assert.Contains("points outside the archive", Problem(collection, evil), StringComparison.Ordinal);
        Assert.Contains(collection.Problems, problem => problem.Contains(name, StringComparison.Ordinal));
        Assert.Equal("good", Encoding.UTF8.GetString(collection.Read(collection.Submissions.Single(submission => submission.Problem is null)).Content.Span));
        Assert.Equal(["download.zip"], Directory.GetFileSystemEntries(files.Path).Select(Path.GetFileName));
        Assert.Equal(before, Directory.GetFileSystemEntries(Path.GetTempPath(), "escaped*").Length);
    }

    [Fact]
    public void Links_in_a_folder_are_reported_and_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs rights on Windows.");
        files.File("secret/tests.ipynb", "hidden tests");
        files.File("class/good.ipynb", "good");
        Directory.CreateSymbolicLink(files.Of("class/ann"), files.Of("secret"));
        File.CreateSymbolicLink(files.Of("class/bob.ipynb"), files.Of("secret/tests.ipynb"));
        Directory.CreateDirectory(files.Of("class/cyd"));
        File.CreateSymbolicLink(files.Of("class/cyd/work.ipynb"), "../good.ipynb");
        using var collection = SubmissionCollection.Open(files.Of("class"), "06-logistic");
        Assert.Equal(["ann", "bob", "cyd", "good"], collection.Submissions.Select(submission => submission.Student.Id));
        Assert.All(collection.Submissions.Take(3), submission => Assert.Contains("link", Problem(collection, submission), StringComparison.Ordinal));
        Assert.Contains(collection.Problems, problem => problem.Contains(Path.Combine("class", "ann"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_link_in_an_archive_is_refused()
    {
        var zip = files.Zip(archive =>
        {
            HandedInFiles.Add(archive, "ann.ipynb", "/etc/passwd").ExternalAttributes = unchecked((int)0xA1FF0000);
            HandedInFiles.Add(archive, "bob.ipynb", "good").ExternalAttributes = unchecked((int)0x81A40000);
        });
        using var collection = SubmissionCollection.Open(zip, "06-logistic");
        Assert.Contains("link", Problem(collection, collection.Submissions[0]), StringComparison.Ordinal);
        Assert.Null(collection.Submissions[1].Problem);
    }

    [Fact]
    public void A_bomb_is_read_up_to_its_bound_also_where_it_lies_about_its_size()
    {
        var options = new CollectingOptions { MaximumFileSize = 1 << 20 };
        var zip = files.Zip(archive =>
        {
            using var stream = archive.CreateEntry("bomb.ipynb", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (var megabyte = 0; megabyte < 200; megabyte++)
                stream.Write(zeros);
        });
        using (var honest = SubmissionCollection.Open(zip, "06-logistic", options))
            Assert.Contains("larger than the 1 MB", Problem(honest, honest.Submissions[0]), StringComparison.Ordinal);

        // The size stands in the archive's directory and, behind the data, once more: 200 MB become 1000 bytes.
        var bytes = File.ReadAllBytes(zip);
        var size = BitConverter.GetBytes(200 << 20);
        for (var at = 0; (at = bytes.AsSpan(at).IndexOf(size) is var found and >= 0 ? at + found : -1) >= 0; at += 4)
            BitConverter.GetBytes(1000).CopyTo(bytes, at);
        File.WriteAllBytes(zip, bytes);
        using var lying = SubmissionCollection.Open(zip, "06-logistic", options);
        try
        {
            Assert.True(lying.Read(lying.Submissions[0]).Content.Length <= 1 << 20);
        }
        catch (InvalidDataException)
        {
            // Refused is as good as cut off.
        }
    }

    [Fact]
    public void An_archive_of_more_names_than_a_class_has_is_refused()
    {
        var zip = files.Zip(archive =>
        {
            for (var number = 0; number < 50; number++)
                archive.CreateEntry($"{number}.ipynb");
        });
        var error = Assert.Throws<GradingException>(() => SubmissionCollection.Open(zip, "06-logistic", new CollectingOptions { MaximumEntries = 20 }));
        Assert.Contains("lists 50 files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_in_the_place_of_a_notebook_does_not_stop_the_class()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/mkfifo"), "Pipes are made with mkfifo.");
        files.File("class/good.ipynb", "good");
        using (var mkfifo = System.Diagnostics.Process.Start("/usr/bin/mkfifo", files.Of("class/pipe.ipynb")))
            mkfifo.WaitForExit();
        using var collection = SubmissionCollection.Open(files.Of("class"), "06-logistic");
        Assert.Equal(0, collection.Read(collection.Submissions[1]).Content.Length);
    }

    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("Åsa-Lü 王", "Åsa-Lü 王")]
    [InlineData("CON", "_CON~*")]
    [InlineData("nul.txt", "_nul.txt~*")]
    [InlineData("LPT¹", "_LPT¹~*")]
    [InlineData("../../etc/passwd", "_._.._etc_passwd~*")]
    [InlineData("a\\b:c*?\"<>|", "a_b_c______~*")]
    [InlineData("ends in dots. . ", "ends in dots~*")]
    [InlineData(".hidden", "_hidden~*")]
    [InlineData("-rf", "_rf~*")]
    [InlineData("", "_~*")]
    [InlineData("new\nline\u202Ereversed", "new_line_reversed~*")]
    public void A_students_name_becomes_a_file_name_that_every_system_takes(string name, string pattern)
    {
        var file = SafeFileName.Of(name);
        if (pattern.EndsWith('*'))
            Assert.StartsWith(pattern[..^1], file, StringComparison.Ordinal);
        else
            Assert.Equal(pattern, file);
        Assert.Equal(file, Path.GetFileName(file));
    }

    [Fact]
    public void Names_that_differ_only_where_they_were_made_safe_or_in_case_get_different_files()
    {
        string[] names = ["a/b", "a\\b", "a:b", "Ann", "ann", "Zoë".Normalize(NormalizationForm.FormC), "zoË".Normalize(NormalizationForm.FormC), "Zoë".Normalize(NormalizationForm.FormD), "con", "CON", new('x', 400), new string('x', 400) + "y"];
        var safe = SafeFileName.OfAll(names);
        Assert.Equal(names.Length, safe.Values.Select(file => file.Normalize(NormalizationForm.FormD)).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.StartsWith("Ann~", safe["Ann"], StringComparison.Ordinal);
        Assert.All(safe.Values, file => Assert.True(Encoding.UTF8.GetByteCount(file) <= 140));
    }
}
