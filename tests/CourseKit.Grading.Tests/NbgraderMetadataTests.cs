using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

public class NbgraderMetadataTests
{
    private static NotebookCell With(string nbgrader, CellKind kind = CellKind.Code)
    {
        var cell = NotebookCell.Create(kind, "1", id: "abc");
        cell.Metadata["nbgrader"] = JsonNode.Parse(nbgrader);
        return cell;
    }

    private static string Problem(string nbgrader, CellKind kind = CellKind.Code) =>
        Assert.Single(NbgraderValidation.Validate(Notebooks.Of(With(nbgrader, kind)))).ToString();

    [Theory]
    [InlineData(true, true, false, false, NbgraderCellKind.ManuallyGradedAnswer)]
    [InlineData(false, true, false, false, NbgraderCellKind.AutogradedAnswer)]
    [InlineData(true, false, true, false, NbgraderCellKind.AutograderTests)]
    [InlineData(false, false, true, true, NbgraderCellKind.ManuallyGradedTask)]
    [InlineData(false, false, true, false, NbgraderCellKind.ReadOnly)]
    [InlineData(false, false, false, false, null)]
    public void The_flags_make_the_kind(bool grade, bool solution, bool locked, bool task, NbgraderCellKind? kind) =>
        Assert.Equal(
            kind, new NbgraderMetadata { Grade = grade, Solution = solution, Locked = locked, Task = task }.Kind);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var written = new NbgraderMetadata
        {
            Grade = true,
            Locked = true,
            GradeId = "loss-1",
            Points = 0.5,
            Checksum = new string('a', 32),
            CellType = "code",
        };
        var cell = NotebookCell.CreateCode("1");

        written.Write(cell);

        Assert.Equal(written, NbgraderMetadata.Read(cell));
        Assert.Empty(NbgraderValidation.Validate(Notebooks.Of(cell)));
        Assert.Equal(3, cell.Metadata["nbgrader"]!["schema_version"]!.GetValue<int>());
    }

    [Fact]
    public void Points_keep_the_way_they_were_written()
    {
        var cell = With("""{"schema_version":3,"grade":true,"solution":false,"locked":true,"grade_id":"a","points":2.0}""");

        NbgraderMetadata.Read(cell)!.Write(cell);

        Assert.Contains("\"points\":2.0", cell.Metadata.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_without_metadata_is_not_nbgraders() =>
        Assert.Null(NbgraderMetadata.Read(NotebookCell.CreateCode("1")));

    [Theory]
    [InlineData("""{"schema_version":1,"grade":true,"solution":false,"locked":true,"grade_id":"a","points":1}""", "old schema version 1")]
    [InlineData("""{"schema_version":4,"grade":false,"solution":false,"locked":false}""", "newer than 3")]
    [InlineData("""{"schema_version":3,"grade":true,"solution":false,"locked":true,"grade_id":"a"}""", "points are missing")]
    [InlineData("""{"schema_version":3,"grade":true,"solution":false,"locked":true,"grade_id":"a","points":-1}""", "points must be a number of 0 or more, not -1")]
    [InlineData("""{"schema_version":3,"grade":true,"solution":false,"locked":true,"grade_id":"a","points":"2"}""", "points must be a number")]
    [InlineData("""{"schema_version":3,"grade":false,"solution":true,"locked":false}""", "grade_id is missing")]
    [InlineData("""{"schema_version":3,"grade":false,"solution":true,"locked":false,"grade_id":"no spaces"}""", "grade_id must be letters, digits, _ and -")]
    [InlineData("""{"schema_version":3,"grade":false,"solution":true,"locked":false,"grade_id":"newline\n"}""", "grade_id must be letters")]
    [InlineData("""{"schema_version":3,"grade":"yes","solution":true,"locked":false,"grade_id":"a"}""", "grade must be true or false")]
    [InlineData("""{"schema_version":3,"solution":true,"locked":false,"grade_id":"a"}""", "grade is missing")]
    [InlineData("""{"schema_version":3,"grade":false,"solution":true,"locked":false,"grade_id":"a","mutants":[]}""", "\"mutants\" that nbgrader does not allow")]
    [InlineData("""{"schema_version":3,"grade":false,"solution":false,"locked":true,"task":true,"grade_id":"a","points":1}""", "a task must be a Markdown cell")]
    [InlineData("""[]""", "not an object")]
    public void Metadata_that_nbgrader_would_refuse_is_named(string nbgrader, string expected) =>
        Assert.Contains(expected, Problem(nbgrader), StringComparison.Ordinal);

    [Fact]
    public void A_markdown_cell_is_graded_and_solved_or_neither() =>
        Assert.Contains(
            "mark it as both graded and solution",
            Problem("""{"schema_version":3,"grade":true,"solution":false,"locked":true,"grade_id":"a","points":1}""", CellKind.Markdown),
            StringComparison.Ordinal);

    [Fact]
    public void A_grade_id_used_twice_is_named_with_both_cells()
    {
        var problems = NbgraderValidation.Validate(
            Notebooks.Of(Notebooks.Text("intro"), Notebooks.Tests("loss", 1, "1"), Notebooks.Solution("loss", "2")));

        Assert.Equal(
            "chapter.ipynb, cell loss: the grade_id is used twice, by the cells number 2 and 3; "
            + "give each its own, since points are kept by it.",
            Assert.Single(problems).ToString());
    }

    [Fact]
    public void Broken_metadata_can_be_read_without_an_exception()
    {
        foreach (var broken in (string[])["null", "3", "{}", """{"grade":1,"grade_id":{},"points":"x"}"""])
            Assert.Null(NbgraderMetadata.Read(With(broken))?.Kind);
    }
}
