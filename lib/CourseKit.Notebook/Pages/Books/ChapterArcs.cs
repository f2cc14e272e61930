using System.Globalization;
using System.Text;

namespace CourseKit.Notebook;

/// <summary>
/// The map of a course in one picture: a dot for each chapter in reading order, and an arc from each chapter to those
/// that build on it. The list below the picture says the same in words.
/// </summary>
internal static class ChapterArcs
{
    private const int Step = 48;
    private const int Radius = 17;

    /// <summary>The picture as SVG; empty for fewer than two chapters.</summary>
    /// <param name="chapters">Number, title, address and prerequisites of each chapter, in reading order.</param>
    public static string Draw(IReadOnlyList<(int Number, string Title, string Address, IReadOnlyList<int> After)> chapters)
    {
        if (chapters.Count < 2)
            return "";
        var places = chapters.Select((chapter, i) => (chapter.Number, X: Step / 2 + i * Step)).ToDictionary(place => place.Number, place => place.X);
        var longest = chapters.SelectMany(chapter => chapter.After.Where(places.ContainsKey).Select(before => places[chapter.Number] - places[before])).DefaultIfEmpty(0).Max();
        // An arc is an ellipse half as high as it is wide, up to a limit: far leaps must not make the picture a tower.
        var height = Rise(longest) + Radius + 4;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"arcs\" viewBox=\"0 0 {chapters.Count * Step} {height + Radius + 4}\" width=\"{chapters.Count * Step}\" role=\"group\" aria-label=\"Map: each chapter and the chapters that build on it\">\n");
        foreach (var chapter in chapters)
        {
            foreach (var before in chapter.After.Where(places.ContainsKey))
            {
                var (from, to) = (places[before], places[chapter.Number]);
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{from} {height - Radius} A{(to - from) / 2.0} {Rise(to - from)} 0 0 1 {to} {height - Radius}\"/>\n");
            }
        }

        foreach (var chapter in chapters)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""
                <a href="{PageShell.Encode(chapter.Address)}" aria-label="{PageShell.Encode(chapter.Title)}"><title>{PageShell.Encode(chapter.Title)}</title><circle cx="{places[chapter.Number]}" cy="{height}" r="{Radius}"/><text x="{places[chapter.Number]}" y="{height + 5}">{chapter.Number}</text></a>

                """);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static int Rise(int width) => Math.Min(width / 3, 110);
}
