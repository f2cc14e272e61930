namespace CourseKit.Cli.Terminal;

/// <summary>
/// Lines about things that are done side by side, written in the order of the things: those of the first one that is not
/// finished come at once, those of the others when all before them are.
/// </summary>
/// <param name="count">How many things there are.</param>
/// <param name="write">Writes a line.</param>
internal sealed class LinesInTurn(int count, Action<string> write)
{
    private readonly List<string>[] waiting = [.. Enumerable.Range(0, count).Select(_ => new List<string>())];
    private readonly bool[] ended = new bool[count];
    private readonly Lock gate = new();
    private int turn;

    public void Write(int index, string line)
    {
        lock (gate)
        {
            if (index == turn)
                write(line);
            else
                waiting[index].Add(line);
        }
    }

    /// <summary>Nothing more comes about this one.</summary>
    public void End(int index)
    {
        lock (gate)
        {
            ended[index] = true;
            while (turn < count && ended[turn])
            {
                turn++;
                if (turn == count)
                    return;
                waiting[turn].ForEach(write);
                waiting[turn].Clear();
            }
        }
    }
}
