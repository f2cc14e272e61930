using System.Globalization;
using System.Text;
using System.Text.Json;
using CourseKit.Notebook;

namespace CourseKit.Grading.Restoring;

/// <summary>Reads a submitted file, whatever it holds.</summary>
internal static class SubmissionReader
{
    /// <summary>The largest file that is read; a notebook full of pictures has a few megabytes.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    /// <summary>The most cells that are looked at; a long chapter has two hundred.</summary>
    public const int MostCells = 5_000;

    /// <summary>The notebook, or why it cannot be graded.</summary>
    public static (NotebookDocument? Notebook, string Problem) Read(Submission submission)
    {
        if (submission.Content.Length > MostBytes)
        {
            return (null, string.Create(CultureInfo.InvariantCulture,
                $"the file holds {submission.Content.Length / 1e6:0} MB, and more than {MostBytes / 1e6:0} MB are not read; clear the outputs and hand it in again."));
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(submission.Content.Span);
            var notebook = NotebookDocument.Parse(text, submission.Path, new NotebookReadOptions { AllowDuplicateIds = true, MaximumSize = MostBytes });
            if (notebook.Cells.Count > MostCells)
                return (null, string.Create(CultureInfo.InvariantCulture, $"the notebook has {notebook.Cells.Count} cells, and more than {MostCells} are not graded; remove the empty ones and hand it in again."));

            // What reads lazily fails here and not in the middle of grading.
            foreach (var cell in notebook.Cells)
                _ = (cell.Kind, cell.Source, cell.Language, NbgraderMetadata.Read(cell), cell.Tags.Count);
            return (notebook, "");
        }
        catch (NotebookFormatException failure)
        {
            return (null, failure.Problem);
        }
        catch (DecoderFallbackException)
        {
            return (null, "the file is not UTF-8 text, the only encoding of notebooks; save it again as UTF-8.");
        }
        catch (Exception failure) when (failure is InvalidOperationException or FormatException or ArgumentException or JsonException or KeyNotFoundException or NullReferenceException)
        {
            return (null, $"the file is no notebook that can be read: {failure.Message}");
        }
    }
}
