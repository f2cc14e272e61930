namespace CourseKit.Grading;

/// <summary>One file handed in.</summary>
/// <param name="Student">Who handed it in, by the name of the file or folder; unique in a collection.</param>
/// <param name="Path">Where it came from, for messages.</param>
/// <param name="Content">The file's bytes, whatever they are.</param>
/// <param name="SubmittedAt">When it was handed in, as far as the collection tells.</param>
public sealed record Submission(string Student, string Path, ReadOnlyMemory<byte> Content, DateTimeOffset? SubmittedAt);
