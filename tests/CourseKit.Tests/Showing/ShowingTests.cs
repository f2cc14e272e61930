using System.Text.Json;
using System.Text.RegularExpressions;

namespace CourseKit.Tests;

/// <summary>How the library's types look in a notebook, by the convention that notebooks find them by.</summary>
public partial class ShowingTests
{
    private static string? Form(object value, string mimeType)
    {
        // As a notebook does: the attribute by its name, the source by its type, the formatters by their members.
        var type = value.GetType();
        var attribute = type.GetCustomAttributes(inherit: true).Single(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute");
        var source = Activator.CreateInstance((Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!)!;
        var formatters = (System.Collections.IEnumerable)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, null)!;
        foreach (var formatter in formatters)
        {
            if ((string)formatter.GetType().GetProperty("MimeType")!.GetValue(formatter)! != mimeType)
                continue;
            using var writer = new StringWriter();
            Assert.True((bool)formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, writer])!);
            return writer.ToString();
        }

        return null;
    }

    private static string Html(object value) => Form(value, "text/html")!;

    private static Tensor Pixels(string html)
    {
        var picture = PictureData().Match(html);
        Assert.True(picture.Success, html);
        using var stream = new MemoryStream(Convert.FromBase64String(picture.Groups[1].Value));
        return PngImage.Read(stream).Pixels;
    }

    [GeneratedRegex("base64,([^\"]+)\"")]
    private static partial Regex PictureData();

    [Fact]
    public void A_small_tensor_is_a_table_below_its_shape_and_device()
    {
        var html = Html(Tensor.From([1.0, 2.5, -3, 4, 5, 6], [2, 3]));
        Assert.Contains($">Tensor 2x3 on {Device.Default}<", html, StringComparison.Ordinal);
        Assert.Equal(["1", "2.5", "-3", "4", "5", "6"], Regex.Matches(html, "<td[^>]*>([^<]*)</td>").Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_and_a_long_row_are_tables_too()
    {
        Assert.Contains(">7<", Html(Tensor.From([7.0], Shape.Scalar)), StringComparison.Ordinal);
        var row = Html(Tensor.From([.. Enumerable.Range(0, 100).Select(i => (double)i)], [100]));
        Assert.Equal(["0", "1", "2", "3", "4", "...", "95", "96", "97", "98", "99"], Regex.Matches(row, "<td[^>]*>([^<]*)</td>").Select(match => match.Groups[1].Value));
        Assert.Contains("Tensor 0", Html(Tensor.From(Array.Empty<double>(), [0])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_matrix_is_a_picture_in_which_every_number_has_its_colour()
    {
        var values = new double[20 * 30];
        (values[0], values[1], values[30]) = (-2, 2, double.NaN);
        var html = Html(Tensor.From(values, [20, 30]));
        var pixels = Pixels(html);
        Assert.Equal("3x20x30", pixels.Shape.ToString());
        Assert.Equal([11, 79, 138], Enumerable.Range(0, 3).Select(channel => (int)pixels[channel, 0, 0]));
        Assert.Equal([156, 61, 0], Enumerable.Range(0, 3).Select(channel => (int)pixels[channel, 0, 1]));
        Assert.Equal([246, 244, 240], Enumerable.Range(0, 3).Select(channel => (int)pixels[channel, 5, 5]));
        Assert.Equal([214, 39, 140], Enumerable.Range(0, 3).Select(channel => (int)pixels[channel, 1, 0]));
        Assert.Contains("alt=\"20 x 30 numbers from -2 to 2\"", html, StringComparison.Ordinal);
        Assert.Contains("1 not finite", html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_is_grey_from_black_to_white_and_a_huge_matrix_is_averaged()
    {
        var image = Pixels(Html(Tensor.From([0.0, 0.5, 1, 0], [1, 2, 2])));
        Assert.Equal([0, 128, 255, 0], Enumerable.Range(0, 4).Select(i => (int)image[0, i / 2, i % 2]));
        var huge = Html(Tensor.From([.. Enumerable.Range(0, 600 * 300).Select(i => (double)(i % 2))], [600, 300]));
        Assert.Equal("3x200x100", Pixels(huge).Shape.ToString());
        Assert.Contains("3 x 3 numbers a pixel", huge, StringComparison.Ordinal);
        Assert.InRange(huge.Length, 0, 100_000);
    }

    [Fact]
    public void Whole_numbers_are_shown_alike_and_other_tensors_as_text()
    {
        Assert.Contains(">IntTensor 3<", Html(IntTensor.From([1, 2, 3])), StringComparison.Ordinal);
        Assert.Equal("3x40x40", Pixels(Html(IntTensor.From(new int[1600], [40, 40]))).Shape.ToString());
        Assert.Contains("<pre", Html(Tensor.From(new double[24], [2, 3, 4])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_is_nested_lists_in_json_for_scripts_of_the_page()
    {
        Assert.Equal("[[1,2.5],[null,-1E-09]]", Form(Tensor.From([1.0, 2.5, double.NaN, -1e-9], [2, 2], device: Device.Reference), "application/json"));
        Assert.Equal("[[[1],[2]]]", Form(IntTensor.From([1, 2], [1, 2, 1]), "application/json"));
        using var json = JsonDocument.Parse(Form(Tensor.From(Array.Empty<double>(), [0, 3]), "application/json")!);
        Assert.Equal(0, json.RootElement.GetArrayLength());
    }

    [Fact]
    public void A_released_tensor_says_so_and_text_stands_beside_every_form()
    {
        Tensor released;
        using (new TensorScope())
            released = Tensor.From([1.0], [1]) * 2;
        Assert.Contains("released", Html(released), StringComparison.Ordinal);
        Assert.Equal(released.ToString(), Form(released, "text/plain"));
    }

    private sealed class Block : Module
    {
        public Block()
        {
            Register("first", new Linear(4, 3));
            Register("second", new Sequential(new ReLU(), new Linear(3, 2)));
        }
    }

    [Fact]
    public void A_model_is_the_table_of_its_parts_with_their_parameters()
    {
        var html = Html(new Block().Eval());
        Assert.Contains("<b>Block</b>, 23 parameters, in use", html, StringComparison.Ordinal);
        Assert.Equal(
            ["first|Linear(4 -&gt; 3)|15", "second|Sequential|8", "second.0|ReLU()|0", "second.1|Linear(3 -&gt; 2)|8"],
            Regex.Matches(html, "<tr><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td></tr>").Select(match => $"{match.Groups[1].Value}|{match.Groups[2].Value}|{match.Groups[3].Value}"));
    }

    [Fact]
    public void A_training_is_its_sentence_and_a_line_for_each_loss_with_gaps_where_numbers_are_missing()
    {
        var html = Html(new TrainingHistory([3, 2, double.NaN, 1, 0.5], [3, 2.5, 2, 2, 2]));
        Assert.Contains("5 epochs, loss 3 -&gt; 0.5", html, StringComparison.Ordinal);
        var paths = Regex.Matches(html, "<path d=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(2, paths.Length);
        Assert.Equal("M4 4L82 32.8M238 61.6L316 76", paths[0]);
        Assert.Contains("stroke-dasharray", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", Html(new TrainingHistory([], [])), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", Html(new TrainingHistory([double.NaN, double.NaN], [])), StringComparison.Ordinal);
    }
}
