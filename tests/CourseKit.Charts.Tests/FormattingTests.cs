using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Charts.Tests;

public sealed class FormattingTests
{
    private static readonly Figure Example = Figure.Line([1, 2], [3.5, 4.5], "training").Title("Loss by epoch");

    [Fact]
    public void The_notebooks_formatter_shows_a_figure_in_three_forms()
    {
        string[] preferred = [.. Formatter.GetPreferredMimeTypesFor(typeof(Figure))];

        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "text/plain"], preferred.Order(StringComparer.Ordinal));
        Assert.Equal(Example.ToJson(), Example.ToDisplayString(Figure.MimeType));
        Assert.Equal(Example.ToHtml(), Example.ToDisplayString("text/html"));
        Assert.Equal("Figure: Loss by epoch (training)", Example.ToDisplayString("text/plain"));
    }

    [Fact]
    public void The_convention_is_kept_to_the_letter()
    {
        CustomAttributeData attribute = typeof(Figure).CustomAttributes.Single(data => data.AttributeType.Name == "TypeFormatterSourceAttribute");
        Assert.NotEqual(typeof(Formatter).Assembly, attribute.AttributeType.Assembly);
        object made = typeof(Figure).GetCustomAttribute(attribute.AttributeType)!;
        var sourceType = (Type)attribute.AttributeType.GetProperty("FormatterSourceType")!.GetValue(made)!;
        var preferred = (string[])attribute.AttributeType.GetProperty("PreferredMimeTypes")!.GetValue(made)!;
        object source = Activator.CreateInstance(sourceType)!;
        var formatters = (IEnumerable<object>)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!;

        foreach (object formatter in formatters)
        {
            Assert.Contains((string)formatter.GetType().GetProperty("MimeType")!.GetValue(formatter)!, preferred);
            MethodInfo format = Assert.Single(formatter.GetType().GetMethods(), method => method.Name == "Format");
            var writer = new StringWriter();
            Assert.Equal(true, format.Invoke(formatter, [Example, writer]));
            Assert.NotEmpty(writer.ToString());
            Assert.Equal(false, format.Invoke(formatter, ["not a figure", writer]));
        }
    }

    [Fact]
    public void The_plotly_form_is_what_Jupyters_renderer_reads()
    {
        var json = JsonNode.Parse(Example.ToDisplayString(Figure.MimeType))!.AsObject();

        Assert.Equal(["data", "layout", "config"], json.Select(property => property.Key));
    }
}
