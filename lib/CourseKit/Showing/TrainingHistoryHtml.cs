using System.Globalization;
using System.Net;
using System.Text;

namespace CourseKit;

/// <summary>A training on a page: its sentence, and a line of losses as small as the sentence is short.</summary>
internal static class TrainingHistoryHtml
{
    private const int Width = 320, Height = 80, Margin = 4;

    // Two of the kit's colours, which a dark page and a light one both carry; the validation line is dashed as well.
    private const string TrainingColour = "#2A8FD0", ValidationColour = "#E0701A";

    public static string Write(TrainingHistory history)
    {
        var sentence = $"<div>{WebUtility.HtmlEncode(history.ToString())}</div>";
        var finite = history.Loss.Concat(history.ValidationLoss).Where(double.IsFinite).ToArray();
        if (history.Epochs < 2 || finite.Length == 0)
            return sentence;
        var (least, most) = (finite.Min(), finite.Max());
        var lines = Line(history.Loss, least, most, TrainingColour, "") + Line(history.ValidationLoss, least, most, ValidationColour, " stroke-dasharray=\"5 3\"");
        var legend = $"<span style=\"color:{TrainingColour}\">&#9473;</span> training"
            + (history.ValidationLoss.Count > 0 ? $" <span style=\"color:{ValidationColour}\">&#9477;</span> validation" : "");
        return string.Create(CultureInfo.InvariantCulture,
            $"{sentence}<svg role=\"img\" aria-label=\"Losses from {most:G4} at most to {least:G4} at least\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" style=\"max-width:100%\"><rect x=\".5\" y=\".5\" width=\"{Width - 1}\" height=\"{Height - 1}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".25\"/>{lines}</svg><div><small>{legend}, {least:G4} to {most:G4}</small></div>");
    }

    // A gap in the numbers is a gap in the line.
    private static string Line(IReadOnlyList<double> values, double least, double most, string colour, string dashes)
    {
        var path = new StringBuilder();
        var move = true;
        for (var i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                move = true;
                continue;
            }

            var x = Margin + ((Width - (2.0 * Margin)) * i / Math.Max(1, values.Count - 1));
            var y = Margin + ((Height - (2.0 * Margin)) * (most > least ? (most - values[i]) / (most - least) : 0.5));
            path.Append(CultureInfo.InvariantCulture, $"{(move ? 'M' : 'L')}{x:0.#} {y:0.#}");
            move = false;
        }

        return path.Length == 0 ? "" : $"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>";
    }
}
