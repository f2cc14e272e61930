namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// Says <c>busy</c> and <c>idle</c> around every request. A request that is answered while a cell runs ends with its
/// own <c>idle</c>, and front ends show the last state they heard, so the cell's <c>busy</c> is said again.
/// </summary>
internal sealed class KernelStatus(KernelChannels channels)
{
    private readonly Lock _gate = new();
    private JupyterRequest? _cell;

    public void Starting() => Publish("starting", null);

    public void Busy(JupyterRequest request, bool isCell = false)
    {
        lock (_gate)
        {
            if (isCell)
                _cell = request;
            Publish("busy", request);
        }
    }

    public void Idle(JupyterRequest request)
    {
        lock (_gate)
        {
            if (_cell == request)
                _cell = null;
            Publish("idle", request);
            if (_cell is not null)
                Publish("busy", _cell);
        }
    }

    private void Publish(string state, JupyterRequest? parent) =>
        channels.Publish("status", parent, writer => writer.WriteString("execution_state", state));
}
