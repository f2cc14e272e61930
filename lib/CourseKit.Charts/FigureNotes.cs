using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>Says in a still figure what it could not draw: axes without data, a series without a finite number, points left out.</summary>
internal static class FigureNotes
{
    private const string NoteName = "coursekit-note";

    public static (IReadOnlyList<JsonObject> Traces, JsonObject Layout) AddTo(IReadOnlyList<JsonObject> traces, JsonObject layout)
    {
        var named = traces.Select(trace => trace["name"].AsText() is not null && Lack(trace) is string lack ? Renamed(trace, lack) : trace).ToArray();
        JsonObject[] notes = [.. EmptyAxes(traces, layout), .. LeftOut(traces)];
        if (notes.Length == 0 || layout["annotations"] is JsonArray there && there.OfType<JsonObject>().Any(note => note["name"].AsText() == NoteName))
            return (named, layout);
        var said = (JsonObject)layout.DeepClone();
        var annotations = said["annotations"] as JsonArray ?? [];
        foreach (JsonObject note in notes)
            annotations.Add(note);
        said["annotations"] = annotations;
        return (named, said);
    }

    /// <summary>Why a trace draws nothing; null where it draws something.</summary>
    private static string? Lack(JsonObject trace)
    {
        JsonNode? values = trace["z"] ?? trace["y"];
        if (values is null || Finite(values))
            return null;
        return Count(values) == 0 ? "no data" : "no finite number";
    }

    private static bool Finite(JsonNode? values) => values switch
    {
        JsonArray array => array.Any(Finite),
        // Places on an axis of categories are texts.
        _ => values.AsNumber() is not null || values.AsText() is not null,
    };

    private static int Count(JsonNode? values) => values is JsonArray array ? array.Sum(Count) : 1;

    private static JsonObject Renamed(JsonObject trace, string lack)
    {
        string name = trace["name"].AsText()!;
        if (name.EndsWith($"({lack})", StringComparison.Ordinal))
            return trace;
        var renamed = (JsonObject)trace.DeepClone();
        renamed["name"] = name.Length == 0 ? $"({lack})" : $"{name} ({lack})";
        return renamed;
    }

    private static IEnumerable<JsonObject> EmptyAxes(IReadOnlyList<JsonObject> traces, JsonObject layout)
    {
        if (traces.Count == 0)
            return layout.ContainsKey("shapes") || layout.ContainsKey("annotations") ? [] : [Note("no data", "x domain", "y domain")];
        return traces.GroupBy(trace => trace["scene"].AsText() ?? $"{trace["xaxis"].AsText() ?? "x"}/{trace["yaxis"].AsText() ?? "y"}")
            .Where(axes => axes.All(trace => Lack(trace) is not null))
            .Select(axes =>
            {
                string lack = axes.Any(trace => Lack(trace) != "no data") ? "no finite number" : "no data";
                JsonObject first = axes.First();
                return first["type"].AsText() is "surface" or "scatter3d"
                    ? Note(lack, "paper", "paper")
                    : Note(lack, (first["xaxis"].AsText() ?? "x") + " domain", (first["yaxis"].AsText() ?? "y") + " domain");
            });
    }

    /// <summary>Of single points some are left out where there are very many; a thinned line looks like the whole one.</summary>
    private static IEnumerable<JsonObject> LeftOut(IReadOnlyList<JsonObject> traces)
    {
        int shown = 0, all = 0;
        foreach (JsonObject trace in traces.Where(trace => trace["mode"].AsText() == "markers"))
        {
            if ((trace["meta"] as JsonObject)?["points"].AsNumber() is not double points)
                continue;
            shown += Count(trace["x"]);
            all += (int)points;
        }
        if (all == 0)
            yield break;
        JsonObject note = Note(string.Create(CultureInfo.InvariantCulture, $"{shown:N0} of {all:N0} points are drawn"), "paper", "paper");
        note["x"] = 1;
        note["y"] = 1;
        note["xanchor"] = "right";
        note["yanchor"] = "top";
        note["font"] = new JsonObject { ["size"] = 11 };
        yield return note;
    }

    private static JsonObject Note(string text, string xReference, string yReference) => new()
    {
        ["name"] = NoteName,
        ["text"] = text,
        ["x"] = 0.5,
        ["y"] = 0.5,
        ["xref"] = xReference,
        ["yref"] = yReference,
        ["showarrow"] = false,
        ["font"] = new JsonObject { ["size"] = 14 },
    };
}
