using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int SpringSteps = 300;

    /// <summary>A graph whose nodes belong to classes: neighbours stand close to each other (Fruchterman and Reingold 1991), the same way every time.</summary>
    /// <param name="edges">Pairs of nodes, counted from 0.</param>
    /// <param name="labels">The class of each node, counted from 0.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="names">The nodes' names, shown under the pointer; their numbers without them.</param>
    /// <param name="places">Where the nodes stand, to keep them in place from picture to picture; found here without it.</param>
    /// <exception cref="ArgumentException">An edge names a node that does not exist, or there are not as many names or places as nodes.</exception>
    /// <example><code>TeachingFigures.NodeGraph([(0, 1), (1, 2)], [0, 0, 1], ["officer", "teacher"])</code></example>
    public static Figure NodeGraph(
        IEnumerable<(int A, int B)> edges,
        IEnumerable<int> labels,
        IReadOnlyList<string>? classNames = null,
        IReadOnlyList<string>? names = null,
        IReadOnlyList<(double X, double Y)>? places = null)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(labels);
        (int A, int B)[] pairs = [.. edges];
        int[] classes = [.. labels];
        if (pairs.Any(pair => pair.A < 0 || pair.B < 0 || pair.A >= classes.Length || pair.B >= classes.Length))
            throw new ArgumentException($"An edge names a node that does not exist: there are {classes.Length} labels, so nodes are counted from 0 to {classes.Length - 1}.", nameof(edges));
        if (names is not null && names.Count != classes.Length || places is not null && places.Count != classes.Length)
            throw new ArgumentException($"Each of the {classes.Length} nodes needs a name and a place where these are given, but there are {names?.Count ?? classes.Length} names and {places?.Count ?? classes.Length} places.", nameof(names));
        places ??= SpringPlaces(pairs, classes.Length);
        var points = new LabelledPoints(places.Select(place => place.X), places.Select(place => place.Y), classes, classNames);
        int[] degree = new int[classes.Length];
        foreach ((int a, int b) in pairs)
            (degree[a], degree[b]) = (degree[a] + 1, degree[b] + 1);
        Figure figure = Figure.Line(
                pairs.SelectMany(pair => new[] { places[pair.A].X, places[pair.B].X, double.NaN }),
                pairs.SelectMany(pair => new[] { places[pair.A].Y, places[pair.B].Y, double.NaN }))
            .SetTrace(0, "line", Line("rgba(128,128,128,0.5)", 1.2)).SetTrace(0, "hoverinfo", "skip");
        figure = points.Over(figure);
        // Over() adds one trace for each class, its nodes in their order.
        for (int label = 0; label < figure.Data.Count - 1; label++)
        {
            int[] own = [.. Enumerable.Range(0, classes.Length).Where(node => classes[node] == label)];
            figure = figure.SetTrace(label + 1, "marker.size", 15)
                .SetTrace(label + 1, "hovertext", PlotlyJson.Texts(own.Select(node => $"{names?[node] ?? $"node {node}"}<br>{points.ClassName(label)}, {degree[node]} neighbours")))
                .SetTrace(label + 1, "hoverinfo", "text");
            if (classes.Length <= 60)
            {
                figure = figure.SetTrace(label + 1, "mode", "markers+text")
                    .SetTrace(label + 1, "text", PlotlyJson.Texts(own.Select(node => node.ToString(CultureInfo.InvariantCulture))))
                    .SetTrace(label + 1, "textposition", "top center").SetTrace(label + 1, "textfont", new JsonObject { ["size"] = 10 });
            }
        }
        return figure.Title("Graph", $"{classes.Length} nodes, {pairs.Length} edges")
            .XAxis(range: points.Range1).YAxis(range: points.Range2)
            .Set("xaxis.visible", false).Set("yaxis.visible", false).Set("margin.l", 24).Set("margin.b", 24)
            .Size(null, 480);
    }

    /// <summary>An agent's way through a world of cells, step by step under a slider, over the values it has learned for them.</summary>
    /// <param name="world">The rows of the world, the first at the top: '#' a wall, 'S' the start, 'G' the goal, 'x' a danger, '.' or a space free.</param>
    /// <param name="way">The cells the agent was in, with the reward it got on arriving.</param>
    /// <param name="values">What it expects from each cell on; none without it.</param>
    /// <exception cref="ArgumentException">The rows are not equally long, or the way leaves the world.</exception>
    /// <example><code>TeachingFigures.Trajectory(["S..", ".#.", "..G"], [(0, 0, 0), (0, 1, -1), (0, 2, -1), (1, 2, -1), (2, 2, 10)])</code></example>
    public static Figure Trajectory(IReadOnlyList<string> world, IEnumerable<(int Row, int Column, double Reward)> way, double[,]? values = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(way);
        int rows = world.Count, columns = rows == 0 ? 0 : world[0].Length;
        if (columns == 0 || world.Any(row => row.Length != columns))
            throw new ArgumentException($"The world's rows must be equally long, but they have {string.Join(", ", world.Select(row => row.Length).Distinct())} cells.", nameof(world));
        if (values is not null && (values.GetLength(0) != rows || values.GetLength(1) != columns))
            throw new ArgumentException($"Each cell needs a value, but the world has {rows} x {columns} cells and there are {values.GetLength(0)} x {values.GetLength(1)} values.", nameof(values));
        (int Row, int Column, double Reward)[] steps = [.. way];
        if (steps.Length == 0 || steps.Any(step => step.Row < 0 || step.Row >= rows || step.Column < 0 || step.Column >= columns))
            throw new ArgumentException($"The way needs at least one step, and all within {rows} rows and {columns} columns, counted from 0.", nameof(way));

        var ground = new double[rows, columns];
        var texts = new JsonArray();
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                ground[row, column] = world[row][column] == '#' ? double.NaN : values?[row, column] ?? 0;
            texts.Add(PlotlyJson.Texts(world[row].Select(cell => cell switch { 'S' => "start", 'G' => "goal", 'x' => "✕", _ => "" })));
        }
        (double low, double high) = Extremes(ground.Cast<double>());
        Figure map = Figure.HeatMap(ground, name: "value")
            .SetTrace(0, "colorscale", Palette.Ground()).SetTrace(0, "showscale", values is not null)
            .SetTrace(0, "zmin", PlotlyJson.Number(low)).SetTrace(0, "zmax", PlotlyJson.Number(high > low ? high : low + 1))
            .SetTrace(0, "text", texts).SetTrace(0, "texttemplate", "%{text}").SetTrace(0, "textfont", new JsonObject { ["color"] = "#222222", ["size"] = 12 })
            .SetTrace(0, "xgap", 2).SetTrace(0, "ygap", 2).SetTrace(0, "showlegend", false)
            .SetTrace(0, "hovertemplate", values is null ? "row %{y}, column %{x}<extra></extra>" : "row %{y}, column %{x}<br>value %{z:.3g}<extra></extra>")
            .Set("shapes", new JsonArray([.. Walls()]))
            .EqualAxes().Set("yaxis.autorange", "reversed")
            .XAxis("column").YAxis("row").Set("xaxis.dtick", 1).Set("yaxis.dtick", 1).Set("xaxis.showgrid", false).Set("yaxis.showgrid", false)
            .Set("xaxis.zeroline", false).Set("yaxis.zeroline", false);
        return Figure.Animate(Shown(steps.Length - 1, MostFrames).Select(until =>
        {
            (int Row, int Column, double Reward)[] done = [.. steps.Take(until + 1)];
            double sum = done.Sum(step => step.Reward);
            return (until.ToString(CultureInfo.InvariantCulture), map
                .Add(Figure.Line(done.Select(step => step.Column), done.Select(step => step.Row), "way")
                    .SetTrace(0, "line", Line(Palette.Class(1), 3)).SetTrace(0, "hoverinfo", "skip"))
                .Add(Figure.Scatter([done[^1].Column], [done[^1].Row], "agent", [string.Create(CultureInfo.InvariantCulture, $"step {until}, reward {done[^1].Reward:0.##}")])
                    .SetTrace(0, "marker", Marker("circle", 20, Palette.Class(1))))
                .Title("The agent's way", string.Create(CultureInfo.InvariantCulture, $"rewards so far {sum:0.##}")).Legend(LegendPosition.Hidden));
        }), "step ");

        // A wall is dark on a white page and on a black one.
        IEnumerable<JsonNode> Walls() => Enumerable.Range(0, rows * columns).Where(cell => world[cell / columns][cell % columns] == '#').Select(cell => new JsonObject
        {
            ["type"] = "rect",
            ["x0"] = (cell % columns) - 0.48,
            ["x1"] = (cell % columns) + 0.48,
            ["y0"] = (cell / columns) - 0.48,
            ["y1"] = (cell / columns) + 0.48,
            ["fillcolor"] = "#4A4A4A",
            ["line"] = new JsonObject { ["color"] = "#8C8C8C", ["width"] = 1 },
        });
    }

    /// <summary>Nodes push each other away, edges pull them together, and both calm down; from a circle, so that nothing is left to chance.</summary>
    private static (double X, double Y)[] SpringPlaces((int A, int B)[] edges, int nodes)
    {
        var places = new (double X, double Y)[nodes];
        for (int i = 0; i < nodes; i++)
        {
            // Not on one circle only: its symmetry would never be left.
            double angle = 2 * Math.PI * i / Math.Max(1, nodes), radius = 1 + (0.1 * (i % 3));
            places[i] = (radius * Math.Cos(angle), radius * Math.Sin(angle));
        }
        double ideal = 2 / Math.Sqrt(Math.Max(1, nodes));
        for (int step = 0; step < SpringSteps; step++)
        {
            var moves = new (double X, double Y)[nodes];
            for (int a = 0; a < nodes; a++)
            {
                for (int b = a + 1; b < nodes; b++)
                    Move(a, b, -ideal * ideal);
            }
            foreach ((int a, int b) in edges.Where(edge => edge.A != edge.B))
            {
                double apart = Distance(a, b);
                Move(a, b, apart * apart * apart / ideal);
            }
            double most = 0.2 * (1 - ((double)step / SpringSteps));
            for (int i = 0; i < nodes; i++)
            {
                // Without a pull to the middle, parts that no edge joins would fly apart for ever.
                (double x, double y) = (moves[i].X - (0.15 * places[i].X), moves[i].Y - (0.15 * places[i].Y));
                double length = Math.Max(1e-9, Math.Sqrt((x * x) + (y * y)));
                places[i] = (places[i].X + (x / length * Math.Min(length, most)), places[i].Y + (y / length * Math.Min(length, most)));
            }

            void Move(int a, int b, double strength)
            {
                double apart = Distance(a, b);
                (double x, double y) = ((places[b].X - places[a].X) / apart, (places[b].Y - places[a].Y) / apart);
                double force = strength / apart;
                moves[a] = (moves[a].X + (x * force), moves[a].Y + (y * force));
                moves[b] = (moves[b].X - (x * force), moves[b].Y - (y * force));
            }
        }
        return places;

        double Distance(int a, int b) => Math.Max(1e-3, Math.Sqrt(Math.Pow(places[a].X - places[b].X, 2) + Math.Pow(places[a].Y - places[b].Y, 2)));
    }
}
