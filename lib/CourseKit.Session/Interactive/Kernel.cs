using CourseKit.Session.Output;
using Microsoft.AspNetCore.Html;

// The namespace of .NET Interactive, on purpose: notebooks made for it name these types in full.
namespace Microsoft.DotNet.Interactive;

/// <summary>What every cell may call by name: the helpers that C# notebooks know from .NET Interactive.</summary>
public static class Kernel
{
    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Any value; its type's formatter decides how it looks.</param>
    /// <param name="mimeTypes">The forms to show; none for those its type prefers. Plain text always goes with them.</param>
    /// <returns>A handle by which the same output can be changed later.</returns>
#pragma warning disable IDE1006 // Lower case, as notebooks write it.
    public static DisplayedValue display(object? value, params string[] mimeTypes)
#pragma warning restore IDE1006
    {
        ArgumentNullException.ThrowIfNull(mimeTypes);
        return DisplayedValue.Show(MimeBundle.Of(value, mimeTypes), mimeTypes);
    }

    /// <summary>Marks a text as HTML, so that it is shown as such.</summary>
    /// <param name="content">The HTML.</param>
    /// <returns>A value to display or to leave as the cell's last line.</returns>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Runs a script in the page that shows the notebook.</summary>
    /// <param name="scriptContent">The script.</param>
    public static void Javascript(string scriptContent) => display(HTML($"<script type=\"text/javascript\">{scriptContent}</script>"), "text/html");

    /// <summary>Adds a style to the page that shows the notebook.</summary>
    /// <param name="content">The style sheet.</param>
    public static void CSS(string content) => display(HTML($"<style>{content}</style>"), "text/html");
}
