namespace CourseKit.Charts;

/// <summary>
/// Places for the nodes of a graph whose edges all go to the right: columns by distance, rows so that few edges cross and
/// most run straight (Sugiyama, Tagawa and Toda 1981).
/// </summary>
internal sealed class LayeredLayout
{
    private const int Sweeps = 24;

    // Where a long edge passes a column, it needs less room than a node.
    private const double RoomOfPassing = 0.45;

    private readonly List<int> columns;
    private readonly List<(int From, int To)> edges = [];
    private readonly int nodes;

    private LayeredLayout(IReadOnlyList<int> columns, IEnumerable<(int From, int To)> edges)
    {
        nodes = columns.Count;
        this.columns = [.. columns];
        foreach ((int from, int to) in edges)
        {
            int last = from;
            var way = new List<int>();
            for (int column = columns[from] + 1; column < columns[to]; column++)
            {
                this.columns.Add(column);
                this.edges.Add((last, this.columns.Count - 1));
                last = this.columns.Count - 1;
                way.Add(last);
            }
            this.edges.Add((last, to));
            Ways.Add([from, .. way, to]);
        }
        Rows = new double[this.columns.Count];
        FindRows();
    }

    /// <summary>The column of each node, and of each place where a long edge passes.</summary>
    public IReadOnlyList<int> Columns => columns;

    /// <summary>The height of each, 1 apart for neighbours.</summary>
    public double[] Rows { get; }

    /// <summary>For each edge the places it goes through, its nodes included.</summary>
    public List<int[]> Ways { get; } = [];

    /// <summary>Lays out a graph; inputs stand right before what first uses them.</summary>
    public static LayeredLayout Of(IReadOnlyList<int> columns, IReadOnlyList<(int From, int To)> edges)
    {
        int[] late = [.. columns];
        foreach (int node in Enumerable.Range(0, columns.Count).Where(node => !edges.Any(edge => edge.To == node)))
            late[node] = edges.Where(edge => edge.From == node).Select(edge => columns[edge.To] - 1).DefaultIfEmpty(columns[node]).Min();
        return new LayeredLayout(late, edges);
    }

    private void FindRows()
    {
        int[][] members = [.. columns.Select((column, node) => (column, node)).GroupBy(pair => pair.column).OrderBy(group => group.Key).Select(group => group.Select(pair => pair.node).ToArray())];
        ILookup<int, int> before = edges.ToLookup(edge => edge.To, edge => edge.From), after = edges.ToLookup(edge => edge.From, edge => edge.To);
        foreach (int[] column in members)
        {
            // What was computed stands above the inputs at first: the chain of operations runs straight.
            int[] order = [.. column.OrderByDescending(node => before[node].Any() ? 0 : 1)];
            for (int i = 0; i < order.Length; i++)
                Rows[order[i]] = order.Length - 1 - i;
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (int[] column in sweep % 2 == 0 ? members : members.Reverse())
            {
                double[] wanted = [.. column.Select(node => before[node].Concat(after[node]).Select(other => Rows[other]).DefaultIfEmpty(Rows[node]).Average())];
                Settle(column, wanted);
            }
        }
    }

    /// <summary>Puts the nodes of one column as near to the wanted rows as their neighbours' room allows.</summary>
    private void Settle(int[] column, double[] wanted)
    {
        int[] order = [.. Enumerable.Range(0, column.Length).OrderBy(i => wanted[i]).ThenBy(i => Rows[column[i]])];
        var placed = new double[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            placed[i] = wanted[order[i]];
            if (i > 0)
                placed[i] = Math.Max(placed[i], placed[i - 1] + ((Room(column[order[i]]) + Room(column[order[i - 1]])) / 2));
        }
        // Pushing moved all upwards: the whole column goes back by the mean of it.
        double shift = order.Length == 0 ? 0 : order.Select((place, i) => wanted[place] - placed[i]).Average();
        for (int i = 0; i < order.Length; i++)
            Rows[column[order[i]]] = placed[i] + shift;
    }

    private double Room(int place) => place < nodes ? 1 : RoomOfPassing;
}
