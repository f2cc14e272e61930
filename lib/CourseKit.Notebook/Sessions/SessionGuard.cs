using CourseKit.Session;

namespace CourseKit.Notebook;

/// <summary>
/// Makes a session one whose cells are not trusted. Cells that are not the author's own are looked at before they run:
/// what could reach into the process is refused, what looks odd is reported.
/// </summary>
/// <param name="ReservedNames">Names that no untrusted cell may give a new meaning.</param>
/// <param name="ReservedExtensions">The same for extension methods.</param>
/// <param name="IsSilent">Whether outputs are thrown away where they arise, so that nothing a cell prints or shows gets out.</param>
public sealed record SessionGuard(IReadOnlyList<string> ReservedNames, IReadOnlyList<string> ReservedExtensions, bool IsSilent)
{
    /// <summary>
    /// Operators that an exercise asks for, as type and token: <c>Value +</c>, <c>Value implicit double</c>,
    /// <c>Value Equals</c>. Of an untrusted cell's own operators, trusted cells may use these alone.
    /// </summary>
    public IReadOnlyList<string> ExpectedOperators { get; init; } = [];

    internal GuardRules ToRules() => new(ReservedNames, ReservedExtensions, IsSilent, ExpectedOperators);
}

/// <summary>One cell for a guarded session.</summary>
/// <param name="Code">The cell.</param>
/// <param name="Number">What tracebacks call it.</param>
/// <param name="IsTrusted">Whether it is the author's own, word for word.</param>
/// <param name="WantsScore">Whether its value is a result of the kit's own checks, to be sent apart from all outputs.</param>
public sealed record GuardedCell(string Code, int Number, bool IsTrusted, bool WantsScore);

/// <summary>Something a guarded session found in a cell.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="What">What is used there.</param>
/// <param name="IsRefused">Whether the cell was not run because of it.</param>
public sealed record CellSuspicion(int Line, string What, bool IsRefused);

/// <summary>The result of a test cell as its worker read it from the object itself, not from an output.</summary>
/// <param name="Exercise">The exercise's id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Parts">Its parts in order.</param>
public sealed record CellScore(string Exercise, string Title, IReadOnlyList<CellScorePart> Parts);

/// <summary>One part of a <see cref="CellScore"/>.</summary>
/// <param name="Name">What it tests.</param>
/// <param name="Points">Points earned.</param>
/// <param name="Possible">Points to be had.</param>
/// <param name="Status">The name of its status.</param>
/// <param name="Message">For the student.</param>
/// <param name="Comparisons">The plain values it compared, in the form that the kit's library of checks writes.</param>
public sealed record CellScorePart(string Name, double Points, double Possible, string Status, string Message, IReadOnlyList<string> Comparisons);
