namespace CourseKit.Exercises;

/// <summary>One part of an exercise, run.</summary>
/// <param name="Name">What it tests, in a few words.</param>
/// <param name="Points">Points earned: all of them or none.</param>
/// <param name="Possible">Points it is worth.</param>
/// <param name="Status">How it went.</param>
/// <param name="Message">For the student: what was expected and got; empty when it passed.</param>
public sealed record PartResult(string Name, double Points, double Possible, PartStatus Status, string Message);
