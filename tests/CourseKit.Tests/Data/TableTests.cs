using System.Globalization;

namespace CourseKit.Tests;

/// <summary>Reading tables: the same numbers on every machine, and a sentence for every kind of broken file.</summary>
public class TableTests
{
    private static Table Read(string text) => Table.Read(new StringReader(text), "fruit.csv");

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fr-FR")]
    [InlineData("ar-SA")]
    [InlineData("en-US")]
    public void Numbers_are_read_alike_on_a_machine_of_any_language(string culture)
    {
        var numbers = InCulture.Run(Cultures.Find(culture), () =>
        {
            Assert.Equal(culture, CultureInfo.CurrentCulture.Name);
            return Read("weight,sugar\n1.5,-2e3\n+0.25, 7 \n").Numbers("weight", "sugar");
        });
        Assert.Equal("2x2", numbers.Shape.ToString());
        Assert.Equal([1.5f, -2000, 0.25f, 7], numbers.ToArray());
    }

    [Fact]
    public void A_thousands_separator_is_no_number_in_any_language()
        => Assert.Throws<FormatException>(() => InCulture.Run(Cultures.German, () => Read("weight\n\"1,5\"\n").Numbers("weight")));

    [Fact]
    public void Columns_come_in_the_order_asked_for()
    {
        var table = Read("a,b,c\n1,2,3\n4,5,6\n");
        Assert.Equal(["a", "b", "c"], table.Columns);
        Assert.Equal(2, table.RowCount);
        Assert.Equal([3, 1, 6, 4], table.Numbers("c", "a").ToArray());
        Assert.Equal(["2", "5"], table["b"]);
    }

    [Fact]
    public void Quoted_fields_hold_commas_quotes_and_line_breaks()
    {
        var table = Read("name,note\n\"Apple, red\",\"so-called \"\"sweet\"\"\"\n\"two\nlines\",\"\"\n");
        Assert.Equal(["Apple, red", "two\nlines"], table["name"]);
        Assert.Equal(["so-called \"sweet\"", ""], table["note"]);
    }

    [Fact]
    public void Windows_line_ends_a_byte_order_mark_and_a_missing_last_line_end_do_no_harm()
    {
        using var reader = new StreamReader(new MemoryStream([0xEF, 0xBB, 0xBF, .. "a,b\r\n1,2\r\n3,4"u8]));
        Assert.Equal([1, 2, 3, 4], Table.Read(reader).Numbers("a", "b").ToArray());
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n5,6\n", "fruit.csv, line 3: 1 fields where the header names 2 columns.")]
    [InlineData("a,b\n1,2,3\n", "fruit.csv, line 2: 3 fields where the header names 2 columns.")]
    [InlineData("a,b\n1,\"two\nlines\"\n3,4\n5\n", "fruit.csv, line 5: 1 fields where the header names 2 columns.")]
    [InlineData("a,b\n1,2\n\n3\n", "fruit.csv, line 4: 1 fields where the header names 2 columns.")]
    public void A_row_of_another_length_is_reported_with_its_line(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => Read(text)).Message);

    [Fact]
    public void An_empty_file_says_what_its_first_line_must_be()
        => Assert.Equal("fruit.csv is empty: its first line must name the columns.", Assert.Throws<FormatException>(() => Read("")).Message);

    [Fact]
    public void A_missing_column_is_answered_with_the_columns_there_are()
    {
        foreach (var mistake in new Action<Table>[] { table => table.Numbers("weigth"), table => _ = table["weigth"], table => table.Where("weigth", "1"), table => table.Targets("weigth", "1") })
            Assert.Equal("fruit.csv has no column \"weigth\"; it has weight, sugar.", Assert.Throws<KeyNotFoundException>(() => mistake(Read("weight,sugar\n1,2\n"))).Message);
    }

    [Theory]
    [InlineData("n/a")]
    [InlineData("-")]
    [InlineData("1.2.3")]
    public void A_cell_that_is_no_number_is_reported_with_its_row_and_column(string cell)
        => Assert.Equal($"fruit.csv, row 2, column sugar: \"{cell}\" is not a number.", Assert.Throws<FormatException>(() => Read($"weight,sugar\n1,2\n3,{cell}\n").Numbers("weight", "sugar")).Message);

    [Fact]
    public void Classes_are_numbered_in_the_order_given()
    {
        var table = Read("kind\nplum\napple\nplum\n");
        Assert.Equal([1, 0, 1], table.Classes("kind", "apple", "plum").ToArray());
        Assert.Equal([1f, 0, 1], table.Targets("kind", "plum").ToArray());
        Assert.Equal("3x1", table.Targets("kind", "plum").Shape.ToString());
        Assert.Equal("fruit.csv, row 1: the class \"plum\" of column kind is not one of apple, pear.", Assert.Throws<FormatException>(() => table.Classes("kind", "apple", "pear")).Message);
    }

    [Fact]
    public void Where_keeps_the_rows_with_one_of_the_values()
    {
        var table = Read("kind,weight\nplum,1\napple,2\npear,3\nplum,4\n").Where("kind", "plum", "pear");
        Assert.Equal([1, 3, 4], table.Numbers("weight").ToArray());
    }

    private const string WithGaps = "weight,sugar,kind\n1,2,plum\n,4,apple\n5,NA,plum\n7, ,\n9,nan,pear\n";

    [Fact]
    public void A_missing_number_is_refused_with_its_place_and_with_what_to_do()
    {
        foreach (var text in new[] { "NA", " ", "nan" })
            Assert.StartsWith($"fruit.csv, row 1, column sugar: the number is missing (\"{text}\"). Leave such rows out with DropMissing(), or", Assert.Throws<FormatException>(() => Read($"weight,sugar\n1,{text}\n").Numbers("weight", "sugar")).Message, StringComparison.Ordinal);
        Assert.StartsWith("fruit.csv, row 2, column weight: the number is missing (\"\").", Assert.Throws<FormatException>(() => Read(WithGaps).Numbers("weight")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_number_becomes_NaN_where_that_is_asked_for_and_a_word_still_does_not()
    {
        Assert.Equal([1, 2, float.NaN, 4, 5, float.NaN, 7, float.NaN, 9, float.NaN], Read(WithGaps).Numbers(MissingNumbers.AsNaN, "weight", "sugar").ToArray());
        Assert.Contains("\"plum\" is not a number", Assert.Throws<FormatException>(() => Read(WithGaps).Numbers(MissingNumbers.AsNaN, "kind")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_with_gaps_are_counted_and_left_out()
    {
        var table = Read(WithGaps);
        Assert.Equal((1, 3, 1), (table.MissingCount("weight"), table.MissingCount("sugar"), table.MissingCount("kind")));
        Assert.Equal(["1", "5", "7", "9"], table.DropMissing("weight")["weight"]);
        Assert.Equal(["1"], table.DropMissing()["weight"]);
        Assert.Throws<KeyNotFoundException>(() => table.DropMissing("colour"));
    }

    [Fact]
    public void Gaps_are_filled_with_what_the_training_part_says()
    {
        var train = Tensor.From([1, 10, double.NaN, 20, 4, double.NaN, 7, 60], [4, 2], Device.Reference);
        var test = Tensor.From([double.NaN, double.NaN, 100, 100], [2, 2], Device.Reference);
        var median = Imputer.Fit(train);
        Assert.Equal([4.0, 20], median.Fill);
        Assert.Equal([4, 20, 100, 100], median.Transform(test).ToDoubleArray());
        Assert.Equal([4.0, 30], Imputer.Fit(train, ImputerStrategy.Mean).Fill);
        Assert.Equal(3, Imputer.Fit(Tensor.From([1.0, 5, double.NaN, 2, 4], [5, 1])).Fill[0]);
        Assert.Equal([4, 20, 100, 100], median.Transform(new TensorDataset(test, IntTensor.From([0, 1]))).Inputs.ToDoubleArray());
        Assert.Contains("feature 1 has no number in any of the 2 training rows", Assert.Throws<ArgumentException>(() => Imputer.Fit(Tensor.From([1, double.NaN, 2, double.NaN], [2, 2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_course_has_652_gaps_in_the_measures_of_Pima_and_16_in_those_of_the_biopsies()
    {
        var pima = Table.Load("pima_diabetes_na.csv");
        Assert.Equal(652, pima.Columns.Sum(pima.MissingCount));
        Assert.Equal(0, Table.Load("pima_diabetes.csv").Columns.Sum(Table.Load("pima_diabetes.csv").MissingCount));
        var biopsy = Table.Load("biopsy.csv");
        Assert.Equal(16, biopsy.MissingCount("bare_nuclei"));
        Assert.Equal(683, biopsy.DropMissing().RowCount);
    }
}
