namespace CourseKit.Charts;

/// <summary>
/// Watches a training: one figure below the cell, drawn anew while the losses come in, at most five times a second, and a last
/// time at the end, which is what the notebook keeps. It is a callback of <see cref="Trainer"/>, and is told by hand in a loop
/// of your own.
/// </summary>
/// <remarks>
/// <para>
/// The last drawing comes also where training is stopped or fails: from <see cref="Trainer"/>, or from <see cref="Dispose"/>
/// at the end of a <c>using</c>. Drawing happens between two steps, on the training's own thread, so it sees a model that
/// nobody changes. It takes no random numbers and records nothing: the training is the same, bit for bit, with it and without.
/// After a drawing the next one waits 200 ms, and longer where drawing is slow, so that it takes a tenth of the time at most
/// (the first one apart, which loads what drawing needs). <see cref="DrawingTime"/> says what it took.
/// </para>
/// <para>
/// Where nobody watches (<see cref="HostDisplay.IsWatched"/>: <c>coursekit run</c>, nbconvert) the figure is drawn once,
/// finished, and lines of text tell how training goes: at the first epoch, the 2nd, 5th, 10th, 20th, 50th and so on, and at
/// the last. They go by epochs and not by the clock, so that a notebook that is run again is the same. A program without any
/// notebook prints the lines alone.
/// </para>
/// <para>
/// The figure is shown by the notebook that the code runs in (<see cref="HostDisplay"/>). In another notebook, hand it that
/// one's way of showing: <c>new LiveDisplay(display: figure => display(figure).Update)</c>.
/// </para>
/// </remarks>
/// <example>
/// <code>Trainer.Fit(model, loss, optimizer, loader, epochs: 200, callbacks: [LiveDisplay.WithBoundary(model, moons)]);</code>
/// In a loop of your own:
/// <code>
/// using var live = new LiveDisplay();
/// for (int epoch = 1; epoch &lt;= 200; epoch++)
/// {
///     losses.Add(TrainOneEpoch());
///     live.Update(losses);
/// }
/// </code>
/// </example>
public sealed class LiveDisplay : TrainingCallback, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A pause that is so many times as long as the drawing before it leaves drawing a tenth of the time.
    private const int PausesPerDrawing = 9;

    private readonly Func<TrainingHistory, Figure> draw;
    private readonly Func<object, Action<object>?>? display;
    private readonly bool? watched;
    private readonly TextWriter? output;
    private readonly TimeProvider time;

    // What the losses are at this moment; null before the first epoch and after the last drawing.
    private Func<TrainingHistory>? history;
    private int? epochs;
    private bool isWatched;
    private Action<object>? replace;
    private bool isShown;
    private long drawnAt;
    private TimeSpan pause;
    private int updates, printed;

    /// <summary>A display of any figure that can be drawn from the losses so far.</summary>
    /// <param name="draw">Draws it; by default <see cref="TeachingFigures.TrainingCurves(TrainingHistory, double, bool, string)"/>. Code of a cell is not run any more while the cell is being stopped: then the picture before remains.</param>
    /// <param name="display">Shows a value and returns what puts another in its place; by default what the host offers.</param>
    /// <param name="watched">Whether somebody watches; by default what the host says.</param>
    /// <param name="output">Where lines are printed when nobody watches; by default the console.</param>
    /// <param name="time">The clock; by default the system's.</param>
    public LiveDisplay(Func<TrainingHistory, Figure>? draw = null, Func<object, Action<object>>? display = null, bool? watched = null, TextWriter? output = null, TimeProvider? time = null)
    {
        this.draw = draw ?? (losses => TeachingFigures.TrainingCurves(losses));
        if (display is not null)
            this.display = display;
        else if (HostDisplay.IsThere)
            this.display = HostDisplay.Show;
        (this.watched, this.output) = (watched, output);
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>The losses and, beside them, where the model decides for which of two classes.</summary>
    /// <param name="model">Takes points of the plane and gives one number for each: see <see cref="TeachingFigures.DecisionBoundary(Module, TensorDataset, IReadOnlyList{string}?, string, string, double)"/>.</param>
    /// <param name="points">The points shown, N x 2, of the classes 0 and 1.</param>
    /// <param name="classNames">The classes' names, the first for class 0.</param>
    /// <param name="display">Shows a value and returns what puts another in its place; by default what the host offers.</param>
    /// <param name="watched">Whether somebody watches; by default what the host says.</param>
    /// <param name="output">Where lines are printed when nobody watches; by default the console.</param>
    /// <param name="time">The clock; by default the system's.</param>
    public static LiveDisplay WithBoundary(
        Module model,
        TensorDataset points,
        IReadOnlyList<string>? classNames = null,
        Func<object, Action<object>>? display = null,
        bool? watched = null,
        TextWriter? output = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(points);
        return new LiveDisplay(losses => TeachingFigures.TrainingWithBoundary(losses, model, points, classNames), display, watched, output, time);
    }

    /// <summary>How often the figure was drawn since training began.</summary>
    public int Drawings { get; private set; }

    /// <summary>How long that took in all, handing it to the notebook included.</summary>
    public TimeSpan DrawingTime { get; private set; }

    /// <summary>Tells how far training is, after an epoch.</summary>
    /// <param name="losses">All losses so far.</param>
    public void Update(TrainingHistory losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        Update(() => losses, epochs: null);
    }

    /// <summary>Tells how far training is, after an epoch, in a loop that keeps its losses in lists. The lists are read when it is time to draw, and at the end.</summary>
    /// <param name="loss">The training loss of every epoch so far.</param>
    /// <param name="validationLoss">The validation loss of every epoch so far, where it is measured.</param>
    public void Update(IReadOnlyList<double> loss, IReadOnlyList<double>? validationLoss = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Update(() => new TrainingHistory(loss, validationLoss ?? []), epochs: null);
    }

    /// <inheritdoc/>
    public override void OnStart(TrainingRun run) => history = null;

    /// <inheritdoc/>
    public override void OnEpoch(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Update(() => run.History, run.Epochs);
    }

    /// <inheritdoc/>
    public override void OnEnd(TrainingRun run) => Dispose();

    /// <summary>Draws the end of a training; a later <see cref="Update(TrainingHistory)"/> begins another figure.</summary>
    public void Dispose()
    {
        if (history is null)
            return;
        try
        {
            if (!isWatched && printed < updates)
                Print();
            if (display is not null)
                Draw();
        }
        catch (OperationCanceledException) when (isShown)
        {
            // A cell that is being stopped draws no more; what it has drawn remains.
        }
#pragma warning disable CA1031 // Training may have failed, and an exception from here would take the place of the one that says why.
        catch (Exception problem) when (isShown)
#pragma warning restore CA1031
        {
            Say($"The end of the training could not be drawn, so the figure shows the state before: {problem.Message}");
        }
        finally
        {
            history = null;
        }
    }

    private void Update(Func<TrainingHistory> losses, int? epochs)
    {
        if (history is null)
            Begin();
        (history, this.epochs) = (losses, epochs);
        updates++;
        if (!isWatched)
        {
            if (IsMilestone(updates))
                Print();
        }
        else if (!isShown || time.GetElapsedTime(drawnAt) >= pause)
        {
            Draw();
        }
    }

    private void Begin()
    {
        (replace, isShown, updates, printed) = (null, false, 0, 0);
        (Drawings, DrawingTime) = (0, TimeSpan.Zero);
        isWatched = display is not null && (watched ?? HostDisplay.IsWatched);
    }

    private void Draw()
    {
        long start = time.GetTimestamp();
        Figure figure;
        using (new NoGrad())
            figure = draw(history!());
        if (isShown)
            replace?.Invoke(figure);
        else
            replace = display!(figure);
        TimeSpan cost = time.GetElapsedTime(start);
        pause = isShown && PausesPerDrawing * cost > Pause ? PausesPerDrawing * cost : Pause;
        (isShown, Drawings, DrawingTime, drawnAt) = (true, Drawings + 1, DrawingTime + cost, time.GetTimestamp());
    }

    private void Print()
    {
        TrainingHistory losses = history!();
        if (losses.Epochs > 0)
            Say(ProgressLine.Of(losses, epochs));
        printed = updates;
    }

    // The console is asked for each time: a notebook has one for every cell.
    private void Say(string line) => (output ?? Console.Out).WriteLine(line);

    /// <summary>1, 2, 5, 10, 20, 50, 100, ...: ever fewer, as ever less happens.</summary>
    private static bool IsMilestone(int number)
    {
        while (number % 10 == 0)
            number /= 10;
        return number is 1 or 2 or 5;
    }
}
