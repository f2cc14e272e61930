using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>Says in a still figure what it could not draw: axes without data, a series without a finite number, points and cells that were thinned.</summary>
internal static class FigureNotes
{
    private const string NoteName = "coursekit-note";

    public static (IReadOnlyList<JsonObject> Traces, JsonObject Layout) AddTo(IReadOnlyList<JsonObject> traces, JsonObject layout)
    {
        var named = traces.Select(trace => trace["name"].AsText() is not null && Lack(trace) is string lack ? Renamed(trace, lack) : trace).ToArray();
        ILookup<bool, (string Place, string Sentence)> leftOut = LeftOut(traces).ToLookup(said => said.Place.StartsWith("scene", StringComparison.Ordinal));
        JsonObject[] notes = [.. EmptyAxes(traces, layout), .. leftOut[true].Select(said => InCorner(said.Sentence))];
        if (notes.Length == 0 && !leftOut[false].Any())
            return (named, layout);
        var said = (JsonObject)layout.DeepClone();
        foreach ((string axis, string sentence) in leftOut[false])
            SayBelowAxis(said.Child(axis), sentence);
        var annotations = said["annotations"] as JsonArray ?? [];
        if (notes.Length > 0 && !annotations.OfType<JsonObject>().Any(note => note["name"].AsText() == NoteName))
        {
            foreach (JsonObject note in notes)
                annotations.Add(note);
            said["annotations"] = annotations;
        }
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
                return IsSolid(first)
                    ? Note(lack, "paper", "paper")
                    : Note(lack, (first["xaxis"].AsText() ?? "x") + " domain", (first["yaxis"].AsText() ?? "y") + " domain");
            });
    }

    /// <summary>What was thinned: where it is said, an axis or a scene of the layout, and a sentence.</summary>
    private static IEnumerable<(string Place, string Sentence)> LeftOut(IReadOnlyList<JsonObject> traces) =>
        traces.Where(trace => trace["meta"] is JsonObject)
            .GroupBy(trace => IsSolid(trace) ? trace["scene"].AsText() ?? "scene" : "xaxis" + (trace["xaxis"].AsText() ?? "x")[1..])
            .Select(drawn => (drawn.Key, string.Join("; ", Sentences([.. drawn]))))
            .Where(said => said.Item2.Length > 0);

    private static bool IsSolid(JsonObject trace) => trace["type"].AsText() is "surface" or "scatter3d";

    private static IEnumerable<string> Sentences(JsonObject[] traces)
    {
        foreach (bool isLine in (bool[])[false, true])
        {
            (int shown, double all) = (0, 0);
            foreach (JsonObject trace in traces.Where(trace => isLine == (trace["mode"].AsText() != "markers")))
            {
                if (((JsonObject)trace["meta"]!)["points"].AsNumber() is not double points)
                    continue;
                shown += Count(trace["x"]);
                all += points;
            }
            if (all > 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"{shown:N0} of {all:N0} points are drawn{(isLine ? ", every peak among them" : "")}");
        }
        foreach (string cells in traces.Select(trace => ((JsonObject)trace["meta"]!)["cells"].AsText()).OfType<string>().Distinct())
            yield return cells;
    }

    /// <summary>Below what the axis says, where there is room for it on pages of any width.</summary>
    private static void SayBelowAxis(JsonObject axis, string sentence)
    {
        JsonObject title = axis.Child("title");
        string? label = title["text"].AsText();
        if (label?.Contains(sentence, StringComparison.Ordinal) == true)
            return;
        string small = $"<span style=\"font-size:11px\">{sentence}</span>";
        title["text"] = string.IsNullOrEmpty(label) ? small : $"{label}<br>{small}";
        // An axis that is not drawn says nothing, so it is drawn without its line and its numbers.
        if (axis["visible"] is not JsonValue visible || !visible.TryGetValue(out bool isVisible) || isVisible)
            return;
        axis.Remove("visible");
        foreach (string part in (string[])["showline", "showgrid", "zeroline", "showticklabels"])
            axis[part] = false;
    }

    /// <summary>In the corner of a landscape, whose axes are not at the picture's edge.</summary>
    private static JsonObject InCorner(string sentence)
    {
        JsonObject note = Note(sentence, "paper", "paper");
        (note["x"], note["y"], note["xanchor"], note["yanchor"]) = (1, 0, "right", "bottom");
        note["font"] = new JsonObject { ["size"] = 11 };
        return note;
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
