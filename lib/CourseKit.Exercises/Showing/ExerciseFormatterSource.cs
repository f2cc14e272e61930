namespace CourseKit.Exercises.Showing;

/// <summary>Found by its place in <see cref="TypeFormatterSourceAttribute"/>; one formatter per MIME type.</summary>
internal sealed class ExerciseFormatterSource
{
#pragma warning disable CA1822 // Kernels create this class and call its instance method by name.
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new ExerciseFormatter(MimeTypes.Html, ExercisePanel.Render),
        new ExerciseFormatter(MimeTypes.PlainText, exercise => exercise.ToString()),
        new ExerciseFormatter(MimeTypes.Check, ExerciseJson.Render),
    ];
#pragma warning restore CA1822
}

/// <summary>The members are found by name: <c>MimeType</c> and the only method called <c>Format</c>.</summary>
internal sealed class ExerciseFormatter(string mimeType, Func<Exercise, string> render)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not Exercise exercise) return false;
        writer.Write(render(exercise));
        return true;
    }
}
