using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class LiveDisplayTests : IDisposable
{
    private static readonly TensorDataset Line = new(Tensor.From([0.0, 1, 2, 3], [4, 1]), Tensor.From([1.0, 3, 5, 7], [4, 1]));
    private static readonly TensorDataset Moons = Synthetic.Moons(60, 0.1, new Generator(1)).WithClassesAsTargets();

    // What is on the page: the first figure, and what took its place.
    private readonly List<Figure> shown = [], updates = [];
    private readonly Clock clock = new();
    private readonly StringWriter printed = new() { NewLine = "\n" };

    public void Dispose() => printed.Dispose();

    private Figure Last => updates.Count > 0 ? updates[^1] : shown[^1];

    private Action<object> Display(object figure)
    {
        shown.Add((Figure)figure);
        return updated => updates.Add((Figure)updated);
    }

    private LiveDisplay Live(bool watched = true, Func<TrainingHistory, Figure>? draw = null) => new(draw, Display, watched, printed, clock);

    private static TrainingHistory Train(int epochs, TrainingCallback live, Func<TrainingProgress, bool>? onEpoch = null, TrainingCallback? second = null)
    {
        var model = new Linear(1, 1, generator: new Generator(1));
        return Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(Line, 4), epochs, Line, onEpoch, second is null ? [live] : [live, second]);
    }

    private static int Points(Figure figure) => figure.Data[0]!["y"]!.AsArray().Count;

    [Fact]
    public void A_figure_is_shown_once_redrawn_five_times_a_second_and_a_last_time_at_the_end()
    {
        LiveDisplay live = Live();
        var losses = new List<double>();
        using (live)
        {
            // An epoch takes 10 ms, so ten seconds in all.
            for (int epoch = 0; epoch < 1000; epoch++)
            {
                losses.Add(1.0 / (epoch + 1));
                live.Update(losses);
                clock.Advance(10);
            }
        }
        Assert.Equal(1, Points(Assert.Single(shown)));
        Assert.Equal((10 * 5) + 1, shown.Count + updates.Count);
        Assert.Equal(live.Drawings, shown.Count + updates.Count);
        Assert.Equal([1, 21, 41], shown.Concat(updates).Take(3).Select(Points));
        Assert.Equal(1000, Points(Last));
        Assert.Empty(printed.ToString());
    }

    [Fact]
    public void Slow_drawings_come_less_often_so_that_they_take_a_tenth_of_the_time()
    {
        LiveDisplay live = Live(draw: losses =>
        {
            clock.Advance(300);
            return TeachingFigures.TrainingCurves(losses);
        });
        using (live)
        {
            for (int epoch = 0; epoch < 6000; epoch++)
            {
                live.Update([1.0]);
                clock.Advance(10);
            }
            // The first drawing is not the next one's measure, as it compiles what it needs; so the second comes early, too.
            TimeSpan later = live.DrawingTime - TimeSpan.FromMilliseconds(600);
            Assert.InRange(later.TotalSeconds / clock.Now.TotalSeconds, 0.08, 0.1);
            Assert.InRange(live.Drawings, 22, 24);
        }
    }

    [Fact]
    public void The_finished_figure_is_the_last_one_whatever_the_clock_says()
    {
        TrainingHistory history = Train(300, Live());
        Assert.Equal(1, Points(Assert.Single(shown)));
        Assert.Equal(TeachingFigures.TrainingCurves(history).ToJson(), Assert.Single(updates).ToJson());
    }

    [Fact]
    public void What_a_later_callback_does_to_the_end_is_in_the_figure()
    {
        Train(300, Live(), second: new StopsAt(7));
        Assert.Equal(7, Points(Last));
        Assert.Contains("had enough", Last.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_learned_until_a_failure_is_drawn()
    {
        Assert.Throws<FormatException>(() => Train(10, Live(), progress => progress.Epoch < 4 ? true : throw new FormatException()));
        Assert.Equal(4, Points(Last));
    }

    [Fact]
    public void What_was_learned_until_a_failure_of_a_loop_of_ones_own_is_drawn()
    {
        var losses = new List<double>();
        Assert.Throws<FormatException>(Loop);
        Assert.Equal(5, Points(Last));

        void Loop()
        {
            using LiveDisplay live = Live();
            for (int epoch = 1; ; epoch++)
            {
                losses.Add(1.0 / epoch);
                live.Update(losses, losses);
                if (epoch == 5)
                    throw new FormatException();
            }
        }
    }

    [Fact]
    public void An_end_that_cannot_be_drawn_leaves_the_picture_before_and_hides_no_exception()
    {
        int drawings = 0;
        LiveDisplay live = Live(draw: losses => drawings++ == 0 ? TeachingFigures.TrainingCurves(losses) : throw new InvalidOperationException("out of paint"));
        Assert.Throws<FormatException>(() => { Train(10, live, progress => progress.Epoch < 4 ? true : throw new FormatException()); });
        Assert.Equal(1, Points(Last));
        Assert.Contains("out of paint", printed.ToString(), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => { Train(10, Live(watched: false, draw: _ => throw new InvalidOperationException("out of paint"))); });
    }

    [Fact]
    public void Where_nobody_watches_lines_tell_how_it_goes_and_the_figure_comes_finished()
    {
        TrainingHistory history = Train(130, Live(watched: false));
        string[] lines = printed.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(["1", "2", "5", "10", "20", "50", "100", "130"], lines.Select(line => line["epoch ".Length..line.IndexOf('/', StringComparison.Ordinal)].Trim()));
        Assert.Equal(ProgressLine.Of(history, 130), lines[^1]);
        Assert.Equal(TeachingFigures.TrainingCurves(history).ToJson(), Assert.Single(shown).ToJson());
        Assert.Empty(updates);
    }

    [Fact]
    public void A_program_without_a_notebook_prints_lines_alone()
    {
        Assert.False(HostDisplay.IsThere);
        var live = new LiveDisplay(output: printed);
        Train(3, live);
        Assert.Equal(3, printed.ToString().Count(letter => letter == '\n'));
        Assert.Equal(0, live.Drawings);
    }

    [Fact]
    public void A_host_shows_it_and_says_whether_anybody_watches()
    {
        Assert.Null(HostDisplay.Show("anything"));
        AppContext.SetData(HostDisplay.Name, (Func<object, Action<object>>)Display);
        try
        {
            Train(3, new LiveDisplay(output: printed));
            Assert.Equal((1, 1), (shown.Count, updates.Count));
            Assert.Empty(printed.ToString());
            AppContext.SetData(HostDisplay.WatchedName, (Func<bool>)(() => false));
            Train(3, new LiveDisplay(output: printed));
            Assert.Equal((2, 1), (shown.Count, updates.Count));
            Assert.NotEmpty(printed.ToString());
        }
        finally
        {
            AppContext.SetData(HostDisplay.Name, null);
            AppContext.SetData(HostDisplay.WatchedName, null);
        }
    }

    [Fact]
    public void A_display_that_is_used_again_begins_another_figure()
    {
        LiveDisplay live = Live();
        Train(3, live);
        Train(4, live);
        Assert.Equal([1, 1], shown.Select(Points));
        Assert.Equal([3, 4], updates.Select(Points));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Watching_changes_no_bit_of_what_is_learned(bool dropout)
    {
        Assert.Equal(Learned(null), Learned(model => LiveDisplay.WithBoundary(model, Moons, display: Display, watched: true, time: clock)));
        Assert.True(updates.Count > 20);

        double[] Learned(Func<Module, LiveDisplay>? watching)
        {
            var generator = new Generator(3);
            Sequential model = Network(dropout ? [new Dropout(0.2, generator)] : []);
            Trainer.Fit(model, new BCEWithLogitsLoss().Forward, new Adam(model.Parameters(), 0.02), new DataLoader(Moons, 16, generator: generator), 25, callbacks: watching is null ? [] : [watching(model), new Ticks(clock)]);
            return [.. model.Parameters().SelectMany(parameter => parameter.ToDoubleArray())];
        }
    }

    [Fact]
    public void The_boundary_beside_the_losses_is_the_models_at_that_moment()
    {
        Sequential model = Network([]);
        model.Train();
        using var live = LiveDisplay.WithBoundary(model, Moons, ["upper", "lower"], Display, watched: true, time: clock);
        live.Update([0.7, 0.6], [0.8, 0.65]);
        JsonNode boundary = Last.Data.Single(trace => (string?)trace!["type"] == "contour")!;
        (double x, double y) = (boundary["x"]![7]!.GetValue<double>(), boundary["y"]![31]!.GetValue<double>());
        Assert.Equal(model.Forward(Tensor.From([x, y], [1, 2])).Sigmoid().Item(), boundary["z"]![31]![7]!.GetValue<double>(), 2e-3);
        Assert.Contains("epoch 2, loss 0.6, validation 0.65", Last.ToJson(), StringComparison.Ordinal);
        Assert.Equal(["training", "validation", "best epoch", "upper", "lower"], Last.Data.Select(trace => trace!["name"]!.GetValue<string>()).Where(name => !name.StartsWith("probability", StringComparison.Ordinal)));
        Assert.True(model.IsTraining);
    }

    [Fact]
    public void A_model_that_ends_in_a_sigmoid_gives_the_probability_itself()
    {
        Sequential logits = Network([]);
        var whole = new Sequential(logits, new Sequential(new Sigmoid()));
        Assert.Equal(TeachingFigures.DecisionBoundary(logits, Moons).ToJson(), TeachingFigures.DecisionBoundary(whole, Moons).ToJson());
    }

    public static TheoryData<string, Action> Mismatches => new()
    {
        { "2500x60 of 2500x2", () => TeachingFigures.TrainingWithBoundary(new([1], []), new Linear(2, 60), Moons) },
        { "these are 4x1", () => TeachingFigures.DecisionBoundary(new Linear(1, 1), Line) },
        { "belongs to 7", () => TeachingFigures.DecisionBoundary(new Linear(2, 1), new TensorDataset(Tensor.Zeros(2, 2), Tensor.From([1.0, 7]))) },
    };

    [Theory]
    [MemberData(nameof(Mismatches), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_drawn_in_the_plane_is_told_with_its_numbers(string told, Action draw)
    {
        var problem = Assert.Throws<ArgumentException>(draw);
        Assert.Contains(told, problem.Message, StringComparison.Ordinal);
    }

    private static Sequential Network(Module[] between)
    {
        var generator = new Generator(3);
        return new Sequential([new Linear(2, 16, generator: generator), new Tanh(), .. between, new Linear(16, 1, generator: generator)]);
    }

    private sealed class StopsAt(int epoch) : TrainingCallback
    {
        public override void OnEpoch(TrainingRun run)
        {
            if (run.Epoch == epoch)
                run.Stop("had enough");
        }
    }

    /// <summary>Every epoch takes a second, so that every one is drawn.</summary>
    private sealed class Ticks(Clock clock) : TrainingCallback
    {
        public override void OnEpoch(TrainingRun run) => clock.Advance(1000);
    }

    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class Clock : TimeProvider
    {
        private long milliseconds;

        public TimeSpan Now => TimeSpan.FromMilliseconds(milliseconds);

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => milliseconds;

        public void Advance(int by) => milliseconds += by;
    }
}
