using System.Globalization;
using System.Text;
using CourseKit.Exercises;
using CourseKit.Grading.Feedback;
using CourseKit.Grading.Scoring;
using CourseKit.Notebook;
using static CourseKit.Grading.Feedback.FeedbackShell;

namespace CourseKit.Grading;

/// <summary>
/// The page a student gets back: points, which part failed and what its author says to that, and the student's own code
/// with what it showed. Of hidden tests it names the parts and their points only. Nothing on it executes: the page has no
/// script, and what a student's code showed stands in frames without any right.
/// </summary>
public static class FeedbackPage
{
    // Together with the limits of one output this keeps the page of a student who printed without end readable.
    private const int LongestPage = 6_000_000;
    private const int LongestSource = 30_000;

    private static readonly OutputLimits Limits = new() { Text = 12_000, Media = 2_000_000, Outputs = 30, Cell = 4_000_000 };

    /// <summary>Writes the page.</summary>
    /// <param name="result">What grading found.</param>
    /// <param name="executed">The notebook as it ran with the visible tests; null where there is none.</param>
    /// <param name="options">What a person adds.</param>
    /// <returns>The page as HTML, styles included: one file to open or to send.</returns>
    public static string Write(SubmissionResult result, NotebookDocument? executed = null, FeedbackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new Writer(result, executed, options ?? new FeedbackOptions()).Write();
    }

    /// <summary>The id of an exercise's place on the page.</summary>
    private static string Place(string exercise) => "exercise-" + exercise;

    private sealed class Writer(SubmissionResult result, NotebookDocument? executed, FeedbackOptions options)
    {
        private readonly StringBuilder html = new();
        private readonly SubmissionOutline? outline = executed is null ? null : new SubmissionOutline(executed, result.Exercises.Select(exercise => exercise.Id).ToHashSet(StringComparer.Ordinal));
        private readonly OutputWriter outputs = new(new MarkdownWriter(executed ?? NotebookDocument.Create(), new HtmlPageOptions { TrustsNotebook = false, FormulasAsMathML = true }), trusted: false, Limits);
        private readonly Dictionary<string, string> sectionPlaces = new(StringComparer.Ordinal);

        public string Write()
        {
            NameSections();
            html.Append("<main id=\"content\">\n");
            Head();
            Flags();
            foreach (var exercise in result.Exercises)
                Exercise(exercise);
            Notebook();
            html.Append("</main>\n");
            return Around($"{result.Assignment}: {result.Student}", html.ToString());
        }

        private void Head()
        {
            var total = SubmissionTotal.Of(result, options);
            html.Append(CultureInfo.InvariantCulture, $"""
                <header class="summary">
                <p class="quiet">{Encode(result.Assignment)}</p>
                <h1>Feedback for {Encode(result.Student)}</h1>
                <p class="total"><strong>{Number(total.Earned)}</strong> of {Points(total.Possible)}</p>

                """);
            Sentence(total.Open > 0, $"{Points(total.Open)} of these are still to be given by a person.");
            Sentence(options.LatePenalty > 0, $"{Points(options.LatePenalty)} taken off because it was handed in late.");
            Sentence(result.SubmittedAt is not null, $"Handed in on {Time(result.SubmittedAt.GetValueOrDefault())}.");
            if (options.Comment.Length > 0)
                Comment(options.Comment);
            if (result.Failure.Length > 0)
                html.Append(CultureInfo.InvariantCulture, $"<p class=\"notice\"><strong>Your file could not be graded.</strong> {Encode(result.Failure)}</p>\n");
            if (result.Exercises.Count > 1)
            {
                html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All exercises\"><table>\n<thead><tr><th scope=\"col\">Exercise</th><th scope=\"col\">Result</th><th scope=\"col\" class=\"number\">Points</th></tr></thead>\n<tbody>\n");
                foreach (var exercise in result.Exercises)
                    html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\"><a href=\"#{Encode(Place(exercise.Id))}\">{Encode(exercise.Title)}</a></th><td>{WordsFor(exercise).Html}</td><td class=\"number\">{PointsOf(exercise)}</td></tr>\n");
                html.Append("</tbody></table></div>\n");
            }

            html.Append("</header>\n");
        }

        private void Sentence(bool applies, string sentence)
        {
            if (applies)
                html.Append(CultureInfo.InvariantCulture, $"<p>{Encode(sentence)}</p>\n");
        }

        private void Comment(string comment) =>
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"remark\"><p class=\"label\">From your teacher</p><p>{Encode(comment)}</p></div>\n");

        private void Flags()
        {
            if (result.Flags.Count == 0)
                return;
            html.Append("<section class=\"flags\" aria-labelledby=\"flags\">\n<h2 id=\"flags\">About your file</h2>\n<ul>\n");
            foreach (var kind in result.Flags.GroupBy(flag => flag.Kind).OrderBy(group => group.Key))
            {
                html.Append(CultureInfo.InvariantCulture, $"<li>{Encode(FlagWords.ForStudent(kind.Key))}");
                var cells = kind.Select(flag => flag.CellId).Where(cell => cell.Length > 0).Distinct(StringComparer.Ordinal).ToList();
                if (cells.Count > 0)
                    html.Append(CultureInfo.InvariantCulture, $" <span class=\"quiet\">({(cells.Count == 1 ? "cell" : "cells")} {string.Join(", ", cells.Take(20).Select(CellName))}{(cells.Count > 20 ? ", ..." : "")})</span>");
                html.Append("</li>\n");
            }

            html.Append("</ul>\n</section>\n");
        }

        private string CellName(string id) => result.Exercises.Any(exercise => exercise.Id == id)
            ? $"<a href=\"#{Encode(Place(id))}\">{Encode(id)}</a>"
            : $"<code>{Encode(id)}</code>";

        private void Exercise(ExerciseResult exercise)
        {
            var manual = options.Manual.GetValueOrDefault(exercise.Id);
            var place = Encode(Place(exercise.Id));
            html.Append(CultureInfo.InvariantCulture, $"""
                <section class="exercise {WordsFor(exercise).Look}" id="{place}" aria-labelledby="{place}-title">
                <h2 id="{place}-title">{Encode(exercise.Title)}</h2>
                <p class="result">{WordsFor(exercise).Html} <span class="points">{PointsOf(exercise)} points</span></p>

                """);
            var explanation = manual?.Points is null ? StatusWords.Explanation(exercise.Status) : "";
            Sentence(explanation.Length > 0, explanation);
            if (exercise.Message.Length > 0)
                html.Append(CultureInfo.InvariantCulture, $"<p class=\"message\">{Encode(Shortened(exercise.Message))}</p>\n");
            if (manual is { Points: { } given } && exercise.Status != ScoreStatus.NeedsManualGrade && given != exercise.Points)
                Sentence(true, $"The tests gave {Points(exercise.Points)}; a person changed that to {Number(given)}.");
            if (manual?.Comment is { Length: > 0 } comment)
                Comment(comment);
            Parts("Tests", exercise.VisibleParts, showsMessages: true);
            Parts("Tests that were not in your notebook", exercise.HiddenParts, showsMessages: false);
            Links(exercise);
            Answers(exercise);
            html.Append("</section>\n");
        }

        private void Parts(string title, IReadOnlyList<PartResult> parts, bool showsMessages)
        {
            if (parts.Count == 0)
                return;
            html.Append(CultureInfo.InvariantCulture, $"<h3>{title}</h3>\n<ul class=\"parts\">\n");
            foreach (var part in parts)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li><span class=\"name\">{Encode(part.Name)}</span> {StatusWords.Of(part.Status).Html} <span class=\"points\">{Number(part.Points)} of {Number(part.Possible)}</span>");
                if (showsMessages && part.Message.Length > 0)
                    html.Append(CultureInfo.InvariantCulture, $"<p class=\"message\">{Encode(Shortened(part.Message))}</p>");
                html.Append("</li>\n");
            }

            html.Append("</ul>\n");
        }

        private void Links(ExerciseResult exercise)
        {
            var section = outline?.SectionOf(exercise.Id) ?? "";
            if (section.Length == 0)
                return;
            var links = new List<string>();
            if (options.ChapterPage is { } page)
                links.Add($"<a href=\"{Encode(ChapterSection(page, section))}\">Read the section in the chapter</a>");
            if (options.IncludesNotebook && sectionPlaces.TryGetValue(section, out var place))
                links.Add($"<a href=\"#{place}\">See the section in your notebook</a>");
            if (links.Count > 0)
                html.Append(CultureInfo.InvariantCulture, $"<p class=\"links\">{string.Join(" · ", links)}</p>\n");
        }

        private static string ChapterSection(Uri page, string section) =>
            page.OriginalString.Split('#')[0] + "#" + Uri.EscapeDataString(MarkdownWriter.Slug(section));

        private void Answers(ExerciseResult exercise)
        {
            var answers = outline?.AnswersTo(exercise.Id) ?? [];
            if (answers.Count == 0)
                return;
            html.Append("<h3>Your answer</h3>\n");
            foreach (var cell in answers)
                Cell(cell);
        }

        private void NameSections()
        {
            if (executed is null)
                return;
            foreach (var (_, text) in executed.Cells.Where(cell => cell.Kind == CellKind.Markdown).SelectMany(cell => MarkdownHeadings.Of(cell.Source)))
                sectionPlaces.TryAdd(text, string.Create(CultureInfo.InvariantCulture, $"section-{sectionPlaces.Count + 1}"));
        }

        /// <summary>The student's code in the order of the notebook, under its headings; the chapter's prose stays in the chapter.</summary>
        private void Notebook()
        {
            if (!options.IncludesNotebook || executed is null)
                return;
            html.Append("<section class=\"notebook\" aria-labelledby=\"notebook\">\n<h2 id=\"notebook\">Your notebook, as it was run</h2>\n<p class=\"quiet\">Code and what it showed, under the headings of the chapter. Answers to exercises stand with the exercises above.</p>\n");
            var named = new HashSet<string>(StringComparer.Ordinal);
            foreach (var cell in executed.Cells)
            {
                if (html.Length > LongestPage)
                {
                    html.Append("<p class=\"left-out\">The rest of the notebook is left out here, because the page would be too long; the executed notebook has it.</p>\n");
                    break;
                }

                if (cell.Kind == CellKind.Markdown)
                    foreach (var (level, text) in MarkdownHeadings.Of(cell.Source).Take(50))
                        Heading(level, text, named);
                if (outline!.ExerciseOf(cell) is { } exercise)
                    html.Append(CultureInfo.InvariantCulture, $"<p class=\"quiet\">Your answer: <a href=\"#{Encode(Place(exercise))}\">{Encode(TitleOf(exercise))}</a></p>\n");
                else if (cell.Kind == CellKind.Code && !IsTests(cell))
                    Cell(cell);
            }

            html.Append("</section>\n");
        }

        private void Heading(int level, string text, HashSet<string> named)
        {
            var id = named.Add(text) ? $" id=\"{sectionPlaces[text]}\"" : "";
            var tag = level <= 2 ? "h3" : "h4";
            html.Append(CultureInfo.InvariantCulture, $"<{tag}{id}>{Encode(Shortened(text))}</{tag}>\n");
        }

        private string TitleOf(string exercise) => result.Exercises.First(candidate => candidate.Id == exercise).Title;

        private static bool IsTests(NotebookCell cell) => NbgraderMetadata.Read(cell) is { Grade: true, Solution: false };

        private void Cell(NotebookCell cell)
        {
            if (html.Length > LongestPage)
            {
                html.Append("<p class=\"left-out\">Left out here, because the page would be too long; the executed notebook has it.</p>\n");
                return;
            }

            if (cell.Kind != CellKind.Code)
            {
                html.Append(CultureInfo.InvariantCulture, $"<pre class=\"written\" tabindex=\"0\" aria-label=\"What you wrote\">{Encode(ShortenedSource(cell.Source))}</pre>\n");
                return;
            }

            var shown = outputs.Write(cell);
            if (cell.Source.Trim().Length == 0 && shown.Length == 0)
                return;
            html.Append("<div class=\"code-cell\">\n");
            html.Append(CultureInfo.InvariantCulture, $"<pre class=\"code\" tabindex=\"0\" aria-label=\"Your code\"><code>{Highlighted(cell)}</code></pre>\n");
            if (shown.Length > 0)
                html.Append(CultureInfo.InvariantCulture, $"<div class=\"outputs\" role=\"group\" aria-label=\"What it showed\">\n{shown}</div>\n");
            html.Append("</div>\n");
        }

        private static string Highlighted(NotebookCell cell) => cell.Language == NotebookLanguages.CSharp
            ? CSharpHighlighter.Highlight(ShortenedSource(cell.Source))
            : Encode(ShortenedSource(cell.Source));

        private StatusWords WordsFor(ExerciseResult exercise) => options.Manual.GetValueOrDefault(exercise.Id)?.Points is { } given
            ? StatusWords.OfPoints(given, exercise.Possible)
            : StatusWords.Of(exercise.Status);

        private string PointsOf(ExerciseResult exercise) => SubmissionTotal.IsOpen(exercise, options)
            ? $"– of {Number(exercise.Possible)}"
            : $"{Number(SubmissionTotal.PointsOf(exercise, options))} of {Number(exercise.Possible)}";

        private static string Shortened(string text) => text.Length <= 2000 ? text : text[..2000] + " ...";

        private static string ShortenedSource(string source) => source.Length <= LongestSource
            ? source
            : string.Create(CultureInfo.InvariantCulture, $"{source.AsSpan(0, LongestSource)}\n... {source.Length - LongestSource:N0} characters are left out here; the executed notebook has them ...");
    }
}
