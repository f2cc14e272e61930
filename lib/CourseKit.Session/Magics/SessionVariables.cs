using System.Reflection;
using CourseKit.Session.Cells;

namespace CourseKit.Session.Magics;

/// <summary>A variable of the session as it stands.</summary>
internal sealed record SessionVariable(string Name, Type Type, object? Value);

/// <summary>Looks into the cells that ran for the variables they declared.</summary>
/// <param name="submissions">Each cell's own object, oldest first; the compiler makes a field of every variable.</param>
internal sealed class SessionVariables(Func<IReadOnlyList<object?>> submissions)
{
    /// <summary>Every variable once, as the next cell would see it, in the order of their names.</summary>
    public IReadOnlyList<SessionVariable> All()
    {
        var found = new SortedDictionary<string, SessionVariable>(StringComparer.Ordinal);
        foreach (var submission in submissions().Reverse().OfType<object>())
        {
            foreach (var field in submission.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                // Names of the compiler's own have brackets in them.
                if (!field.Name.Contains('<', StringComparison.Ordinal))
                    found.TryAdd(field.Name, new SessionVariable(field.Name, field.FieldType, field.GetValue(submission)));
            }
        }

        return [.. found.Values];
    }

    /// <exception cref="DirectiveException">There is no such variable.</exception>
    public SessionVariable Get(Directive directive, string name)
    {
        var all = All();
        return all.FirstOrDefault(variable => variable.Name == name) ?? throw new DirectiveException(directive,
            $"There is no variable {name} in C#. " + (all.Count == 0 ? "No cell has declared one yet." : $"There are {string.Join(", ", all.Select(variable => variable.Name).Take(20))}."));
    }
}
