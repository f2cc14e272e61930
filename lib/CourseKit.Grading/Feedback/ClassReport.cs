using System.Globalization;
using System.Text;
using CourseKit.Grading.Feedback;
using static CourseKit.Grading.Feedback.FeedbackShell;

namespace CourseKit.Grading;

/// <summary>
/// How a class did, on one page for the teacher: points, each exercise, the hardest parts, what tests said most often,
/// oddities of files, and everybody's points. Like the students' pages it has no script.
/// </summary>
public static class ClassReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="results">The results of one assignment.</param>
    /// <param name="options">What stands beside them.</param>
    /// <returns>The page as HTML, styles and figures included.</returns>
    public static string Write(IReadOnlyList<SubmissionResult> results, ClassReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        return new Writer(results, options ?? new ClassReportOptions()).Write();
    }

    private sealed class Writer(IReadOnlyList<SubmissionResult> results, ClassReportOptions options)
    {
        private readonly StringBuilder html = new();
        private readonly ClassStatistics statistics = new(results, options);
        private readonly string assignment = results.Count > 0 ? results[0].Assignment : "No assignment";

        public string Write()
        {
            html.Append("<main id=\"content\" class=\"report\">\n");
            Summary();
            if (results.Count > 0)
            {
                Section("exercises", "Exercises", Exercises);
                Section("hardest", "Hardest parts", HardestParts, statistics.HardestParts.Count > 0);
                Section("messages", "What tests said most often", Messages, statistics.Messages.Count > 0);
                Section("flags", "Oddities of files", Flags, results.Any(result => result.Flags.Count > 0 || result.Failure.Length > 0));
            }
            Section("submissions", "Submissions", Submissions, results.Count + options.Missing.Count > 0);

            html.Append("</main>\n");
            return Around($"{assignment}: class report", html.ToString());
        }

        private void Section(string id, string title, Action content, bool applies = true)
        {
            if (!applies)
                return;
            html.Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\" class=\"chapter\">{title}</h2>\n");
            content();
            html.Append("</section>\n");
        }

        private void Summary()
        {
            html.Append(CultureInfo.InvariantCulture, $"<header class=\"summary\">\n<p class=\"quiet\">Class report</p>\n<h1>{Encode(assignment)}</h1>\n");
            var missing = options.Missing.Count == 0 ? ""
                : $"<p>{Count(options.Missing.Count, "student of the roster has", "students of the roster have")} handed in nothing. They are listed under submissions with 0 points, and counted neither here nor in the exercises.</p>\n";
            if (results.Count == 0)
            {
                html.Append(CultureInfo.InvariantCulture, $"<p>There are no submissions yet.</p>\n{missing}</header>\n");
                return;
            }

            var points = statistics.Submissions.Select(student => student.Total.Earned).Order().ToList();
            var possible = statistics.Submissions.Max(student => student.Total.Possible);
            html.Append(CultureInfo.InvariantCulture, $"""
                <p class="total"><strong>{Number(points.Average())}</strong> of {Points(possible)} on average</p>
                <p>{Count(results.Count, "submission", "submissions")}; half of them have {Points(ClassStatistics.Quantile(points, 0.5))} or more. The middle half lies between {Number(ClassStatistics.Quantile(points, 0.25))} and {Number(ClassStatistics.Quantile(points, 0.75))}.</p>

                """);
            html.Append(missing);
            var open = statistics.Submissions.Count(student => student.Total.Open > 0);
            if (open > 0)
                html.Append(CultureInfo.InvariantCulture, $"<p>{Count(open, "submission has", "submissions have")} exercises that a person has yet to grade; these count 0 here.</p>\n");
            var weak = results.Where(result => result.Sandbox == "process").ToList();
            if (weak.Count > 0)
                html.Append(CultureInfo.InvariantCulture, $"<p class=\"notice\"><strong>Weaker isolation:</strong> {Count(weak.Count, "submission", "submissions")} ran as an ordinary process, which can read this machine's files and use its network. On Linux, install bubblewrap.</p>\n");
            html.Append(CultureInfo.InvariantCulture, $"<figure>{Histogram.Draw(points, possible, "Submissions by points")}<figcaption>Submissions by points, 0 to {Number(possible)}.</figcaption></figure>\n</header>\n");
        }

        private void Exercises()
        {
            foreach (var exercise in statistics.Exercises)
            {
                html.Append(CultureInfo.InvariantCulture, $"<section class=\"exercise\" aria-labelledby=\"{Encode("exercise-" + exercise.Id)}\">\n<h3 id=\"{Encode("exercise-" + exercise.Id)}\">{Encode(exercise.Title)}</h3>\n");
                html.Append(CultureInfo.InvariantCulture, $"<p class=\"points\">{Number(exercise.MeanPoints)} of {Points(exercise.Possible)} on average</p>\n");
                html.Append("<div class=\"figures\">\n<div>");
                Shares(exercise);
                html.Append(CultureInfo.InvariantCulture, $"</div>\n<figure>{Histogram.Draw(exercise.Points, exercise.Possible, $"Submissions by points in {exercise.Title}")}<figcaption>Submissions by points.</figcaption></figure>\n</div>\n</section>\n");
            }
        }

        private void Shares(ExerciseStatistics exercise)
        {
            var total = exercise.Statuses.Sum(status => status.Count);
            var words = exercise.Statuses.Select(status => (Words: StatusWords.Of(status.Status), status.Count))
                .GroupBy(status => status.Words).Select(group => (Words: group.Key, Count: group.Sum(status => status.Count))).ToList();
            html.Append("<div class=\"shares\" aria-hidden=\"true\">");
            foreach (var (word, count) in words)
                html.Append(CultureInfo.InvariantCulture, $"<span class=\"share-{word.Look}\" style=\"flex:{count}\"></span>");
            html.Append("</div>\n<ul class=\"legend\">\n");
            foreach (var (word, count) in words)
                html.Append(CultureInfo.InvariantCulture, $"<li><i class=\"share-{word.Look}\" aria-hidden=\"true\"></i>{word.Html} {count} ({Percent((double)count / total)})</li>\n");
            html.Append("</ul>\n");
        }

        private void HardestParts()
        {
            Table(["Part", "Exercise", "#Got it right", "#Of those who tried"], statistics.HardestParts.Select(part => new[]
            {
                Encode(part.Name) + (part.IsHidden ? " <span class=\"quiet\">(hidden)</span>" : ""),
                Encode(part.Exercise.Title),
                string.Create(CultureInfo.InvariantCulture, $"{part.Passed} of {part.Tried}"),
                Percent(part.Share),
            }));
        }

        private void Messages()
        {
            html.Append("<p class=\"quiet\">Messages that differ only in their numbers are counted as one; an example is shown. Messages of hidden tests are not kept.</p>\n");
            Table(["#Times", "Message", "Where"], statistics.Messages.Select(message => new[]
            {
                message.Count.ToString(CultureInfo.InvariantCulture),
                Encode(message.Example.Length <= 400 ? message.Example : message.Example[..400] + " ..."),
                Encode(message.Exercise.Title) + (message.Part.Length > 0 ? $"<br><span class=\"quiet\">{Encode(message.Part)}</span>" : ""),
            }));
        }

        private void Flags()
        {
            var failures = results.Where(result => result.Failure.Length > 0).Select(result => new[] { Student(result), "not graded", "", Encode(result.Failure) });
            var flags = results.SelectMany(result => result.Flags.Select(flag => new[]
            {
                Student(result), flag.Kind.Name(), flag.CellId.Length > 0 ? $"<code>{Encode(flag.CellId)}</code>" : "", Encode(flag.Detail),
            }));
            Table(["Submission", "What", "Cell", "Detail"], failures.Concat(flags));
        }

        private void Submissions()
        {
            var titles = statistics.Exercises;
            var handedIn = statistics.Submissions
                .Select(student => (student.Result.Student, Row: (string[])[Student(student.Result), .. titles.Select(exercise => Cell(student.Result, exercise.Id)), $"<strong>{Number(student.Total.Earned)}</strong>"]));
            var missing = options.Missing
                .Select(student => (Student: student.Id, Row: (string[])[Missing(student), .. titles.Select(_ => "–"), "<strong>0</strong>"]));
            Table(["Submission", .. titles.Select(exercise => "#" + Encode(exercise.Title)), "#Points"],
                handedIn.Concat(missing).OrderBy(student => student.Student, StringComparer.InvariantCultureIgnoreCase).Select(student => student.Row));
        }

        private static string Missing(Student student)
        {
            var name = $"{student.FirstName} {student.LastName}".Trim();
            return $"<span class=\"whole\">{Encode(student.Id)}{(name.Length > 0 && name != student.Id ? $" ({Encode(name)})" : "")}</span><br><span class=\"quiet whole\">no submission</span>";
        }

        private string Cell(SubmissionResult result, string id)
        {
            if (result.Exercises.FirstOrDefault(exercise => exercise.Id == id) is not { } exercise)
                return "";
            var feedback = options.FeedbackOf?.Invoke(result) ?? new FeedbackOptions();
            var isOpen = SubmissionTotal.IsOpen(exercise, feedback);
            var points = SubmissionTotal.PointsOf(exercise, feedback);
            var words = isOpen ? StatusWords.Of(exercise.Status) : StatusWords.OfPoints(points, exercise.Possible);
            return $"<span class=\"state {words.Look}\"><span aria-hidden=\"true\">{words.Sign}</span></span> {(isOpen ? "open" : Number(points))}";
        }

        private string Student(SubmissionResult result) => options.PageOf?.Invoke(result) is { } page
            ? $"<a href=\"{Encode(page)}\">{Encode(result.Student)}</a>"
            : Encode(result.Student);

        /// <summary>A table that scrolls by itself; a column whose name begins with # holds numbers. Cells are HTML.</summary>
        private void Table(IReadOnlyList<string> columns, IEnumerable<string[]> rows)
        {
            html.Append("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
            foreach (var column in columns)
                html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{(IsNumber(column) ? " class=\"number\"" : "")}>{column.TrimStart('#')}</th>");
            html.Append("</tr></thead>\n<tbody>\n");
            foreach (var row in rows)
            {
                html.Append("<tr>");
                for (var i = 0; i < row.Length; i++)
                    html.Append(CultureInfo.InvariantCulture, $"<td{(IsNumber(columns[i]) ? " class=\"number\"" : "")}>{row[i]}</td>");
                html.Append("</tr>\n");
            }

            html.Append("</tbody></table></div>\n");
        }

        private static bool IsNumber(string column) => column.StartsWith('#');

        private static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture).Replace(" ", "\u202f", StringComparison.Ordinal);
    }
}
