using CourseKit.Session.Interactive;
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

    /// <summary>Takes away what this cell has shown so far.</summary>
    /// <param name="wait">True waits until something new is shown, so that the page does not flicker.</param>
    public static void ClearOutput(bool wait = false) =>
        (OutputSink.Current ?? throw new InvalidOperationException("Only a cell of a running session has outputs to clear.")).Clear(wait);

    /// <summary>Shows a bar that says how far a long loop is; <c>items.WithProgress()</c> does it for a sequence.</summary>
    /// <param name="label">What is going on.</param>
    /// <param name="total">How much there is to do; null where nobody knows, and then there is a count and no bar.</param>
    /// <returns>The bar, to be told how much is done and disposed at the end.</returns>
    public static ProgressBar ShowProgress(string label = "", long? total = null) => new(label, total);

    /// <summary>Asks the person at the notebook for a line.</summary>
    /// <param name="prompt">The question.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">Nobody can be asked, or the question was left unanswered.</exception>
    public static Task<string> GetInputAsync(string prompt = "") => Input.AskAsync(prompt, isPassword: false);

    /// <summary>Asks the person at the notebook for a line that is not shown while it is typed.</summary>
    /// <param name="prompt">The question.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">Nobody can be asked, or the question was left unanswered.</exception>
    public static async Task<PasswordString> GetPasswordAsync(string prompt = "") =>
        new(await Input.AskAsync(prompt, isPassword: true).ConfigureAwait(false));

    private static InputRequests Input => InputRequests.Current ?? throw new InvalidOperationException("Only a cell of a running session can ask for input.");
}
