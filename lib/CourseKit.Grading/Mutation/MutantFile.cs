using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Grading;

/// <summary>
/// Plausible wrong answers that an exercise's tests must fail, kept beside a notebook as <c>NN-title.mutants.json</c> and
/// never in it, so that no release can carry one.
/// </summary>
/// <param name="Version">The format's version, 1.</param>
/// <param name="Exercises">The exercises with their mutants.</param>
public sealed record MutantFile(int Version, IReadOnlyList<MutatedExercise> Exercises)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Where a notebook's mutants are.</summary>
    public static string PathFor(string notebook) => Path.ChangeExtension(notebook, ".mutants.json");

    /// <summary>Reads a file of mutants.</summary>
    /// <exception cref="FormatException">It is not in this format; the message names the file and the place.</exception>
    public static MutantFile Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var file = JsonSerializer.Deserialize<MutantFile>(stream, Options);
            return file is { Version: 1 } ? file : throw new FormatException($"{path}: \"version\" must be 1.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{path}: {exception.Message}", exception);
        }
    }
}

/// <summary>The mutants of one exercise.</summary>
/// <param name="Id">The grade_id of its test cell.</param>
/// <param name="Mutants">The wrong answers.</param>
public sealed record MutatedExercise(string Id, IReadOnlyList<Mutant> Mutants);

/// <summary>One wrong answer.</summary>
/// <param name="Name">What is wrong, in a few words.</param>
/// <param name="Cell">The grade_id of the solution cell.</param>
/// <param name="Solution">The lines that stand for what is between the solution markers.</param>
public sealed record Mutant(string Name, string Cell, IReadOnlyList<string> Solution);

/// <summary>What the tests made of a mutant.</summary>
/// <param name="Exercise">The grade_id of the test cell.</param>
/// <param name="Mutant">Its name.</param>
/// <param name="Points">The points it got.</param>
/// <param name="Possible">The points the reference gets.</param>
/// <param name="Problem">Why it says nothing about the tests (it does not compile, for example), or null.</param>
public sealed record MutantVerdict(string Exercise, string Mutant, double Points, double Possible, string? Problem)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether the tests saw that the answer is wrong.</summary>
    public bool IsKilled => Problem is null && Points < Possible;
}
