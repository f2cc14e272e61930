using System.Globalization;
using System.Text;
using System.Xml;

namespace CourseKit.Grading;

/// <summary>The gradebook as JUnit XML, which continuous integration shows: a suite for each student, a case for each exercise.</summary>
public static class JUnitReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="rows">The rows; gone through twice.</param>
    public static void Write(Stream stream, IEnumerable<GradebookRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (tests, failures, skipped) = (0, 0, 0);
        foreach (var exercise in rows.SelectMany(row => row.Exercises))
        {
            tests++;
            failures += IsFailure(exercise) ? 1 : 0;
            skipped += exercise.NeedsManualGrade ? 1 : 0;
        }

        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n", CloseOutput = false });
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", "coursekit grade");
        WriteCounts(xml, tests, failures, skipped);
        foreach (var row in rows)
            WriteSuite(xml, row);
        xml.WriteEndElement();
    }

    private static void WriteSuite(XmlWriter xml, GradebookRow row)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Valid($"{row.Assignment}: {row.Student.Id}"));
        WriteCounts(xml, row.Exercises.Count, row.Exercises.Count(IsFailure), row.Exercises.Count(exercise => exercise.NeedsManualGrade));
        if (row.GradedAt is { } gradedAt)
            xml.WriteAttributeString("timestamp", gradedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        foreach (var exercise in row.Exercises)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", Valid(row.Student.Id));
            xml.WriteAttributeString("name", Valid(exercise.Id));
            if (exercise.NeedsManualGrade)
            {
                xml.WriteStartElement("skipped");
                xml.WriteAttributeString("message", "waits to be graded by hand");
                xml.WriteEndElement();
            }
            else if (IsFailure(exercise))
            {
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("type", row.HasSubmission ? exercise.Status.Name() : row.Status.Name());
                xml.WriteAttributeString("message", string.Create(CultureInfo.InvariantCulture, $"{exercise.Points} of {exercise.Possible} points"));
                xml.WriteString(Valid(exercise.Message));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        if (row.Failure.Length > 0)
            xml.WriteElementString("system-err", Valid(row.Failure));
        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, int tests, int failures, int skipped)
    {
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", skipped.ToString(CultureInfo.InvariantCulture));
    }

    private static bool IsFailure(GradebookScore score) => !score.NeedsManualGrade && score.Points < score.Possible;

    /// <summary>XML has no form at all for most control characters and for half a surrogate pair.</summary>
    private static string Valid(string text)
    {
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            valid.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar.ToString() : rune.ToString());
        return valid.ToString();
    }
}
