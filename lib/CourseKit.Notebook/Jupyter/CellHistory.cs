using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The cells of this kernel's life, in memory alone: what a console finds with the arrow keys.</summary>
internal sealed class CellHistory
{
    // Jupyter numbers sessions; this is the only one, and 0 means it as well.
    private const int Session = 1;
    private const int MostCells = 10_000;

    private readonly Lock _gate = new();
    private readonly List<Cell> _cells = [];

    /// <summary>The number of the last cell that was kept.</summary>
    public int Count { get; private set; }

    /// <summary>Keeps a cell under the next number, before it runs.</summary>
    public void Add(string input)
    {
        lock (_gate)
        {
            _cells.Add(new Cell(++Count, input));
            if (_cells.Count > MostCells)
                _cells.RemoveAt(0);
        }
    }

    /// <summary>Notes the last cell's value.</summary>
    public void SetOutput(string output)
    {
        lock (_gate)
            _cells[^1].Output = output;
    }

    /// <summary>Answers a <c>history_request</c>.</summary>
    public JsonObject Find(JupyterRequest request)
    {
        lock (_gate)
        {
            var found = request.Text("hist_access_type", "tail") switch
            {
                "range" => Range(request.Number("session") ?? 0, request.Number("start") ?? 1, request.Number("stop") ?? int.MaxValue),
                "search" => Search(request.Text("pattern", "*"), request.Number("n") ?? int.MaxValue, request.Flag("unique", false)),
                "tail" => _cells.TakeLast(request.Number("n") ?? int.MaxValue),
                var other => throw new MalformedMessageException($"history is found by range, tail or search, and not by \"{other}\""),
            };
            var withOutput = request.Flag("output", false);
            return new JsonObject
            {
                ["status"] = "ok",
                ["history"] = new JsonArray([.. found.Select(cell => cell.ToJson(withOutput))]),
            };
        }
    }

    private IEnumerable<Cell> Range(int session, int start, int stop) =>
        session is 0 or Session ? _cells.Where(cell => cell.Number >= start && cell.Number < stop) : [];

    private IEnumerable<Cell> Search(string pattern, int count, bool unique)
    {
        var expression = Glob.ToRegex(pattern);
        var found = _cells.Where(cell => expression.IsMatch(cell.Input));
        return (unique ? found.Reverse().DistinctBy(cell => cell.Input, StringComparer.Ordinal).Reverse() : found).TakeLast(count);
    }

    private sealed record Cell(int Number, string Input)
    {
        public string? Output { get; set; }

        public JsonArray ToJson(bool withOutput) =>
            new JsonArray(Session, Number, withOutput ? new JsonArray(Input, Output) : Input);
    }
}
