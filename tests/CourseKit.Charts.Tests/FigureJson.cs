using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

/// <summary>Reads what a figure says in its JSON.</summary>
internal static class FigureJson
{
    public static JsonObject Read(this Figure figure) => JsonNode.Parse(figure.ToJson())!.AsObject();

    public static JsonObject Trace(this Figure figure, int index) => figure.Read()["data"]![index]!.AsObject();

    public static JsonNode ReadLayout(this Figure figure) => figure.Read()["layout"]!;

    public static double[] Doubles(this JsonNode? node) => [.. node!.AsArray().Select(item => item!.GetValue<double>())];
}
