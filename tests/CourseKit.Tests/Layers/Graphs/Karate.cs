namespace CourseKit.Tests;

/// <summary>Zachary's karate club: who is friends with whom, and who joined which of the two clubs it split into.</summary>
internal static class Karate
{
    public static Graph Graph { get; } = Read();

    public static IntTensor Clubs { get; } = Table.Load("graph/karate_nodes.csv").Classes("club", "Mr. Hi", "Officer");

    private static Graph Read()
    {
        var table = Table.Load("graph/karate_edges.csv");
        var edges = table.Numbers("source", "target").ToMatrix();
        return new Graph(34, Enumerable.Range(0, table.RowCount).Select(i => ((int)edges[i, 0], (int)edges[i, 1])));
    }
}
