using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>What may stand at the cursor.</summary>
/// <param name="Matches">The texts, the likeliest first.</param>
/// <param name="Start">Where they begin in the code, in UTF-16 units.</param>
/// <param name="End">Where what they replace ends.</param>
/// <param name="Types">What each of the matches is: <c>method</c>, <c>class</c>, <c>variable</c>, <c>keyword</c>, <c>path</c>.</param>
public sealed record Completions(IReadOnlyList<string> Matches, int Start, int End, IReadOnlyList<string> Types);

/// <summary>What the name at the cursor is.</summary>
/// <param name="Found">Whether there is anything to say.</param>
/// <param name="Data">The description by MIME type, <c>text/plain</c> and <c>text/markdown</c>; empty when nothing was found.</param>
public sealed record Inspection(bool Found, JsonObject Data);

/// <summary>Whether a cell can run as it stands, as a console asks when Enter is pressed.</summary>
/// <param name="Status">Jupyter's word: <c>complete</c>, <c>incomplete</c>, <c>invalid</c>, or <c>unknown</c> where the session has ended.</param>
/// <param name="Indent">What the next line of an incomplete cell begins with.</param>
public sealed record Completeness(string Status, string Indent);
