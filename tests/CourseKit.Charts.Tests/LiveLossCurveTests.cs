using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class LiveLossCurveTests
{
    private static readonly TensorDataset Line = new(Tensor.From([0.0, 1, 2, 3], [4, 1]), Tensor.From([1.0, 3, 5, 7], [4, 1]));

    private static TrainingHistory Train(int epochs, LiveLossCurve curve, Func<TrainingProgress, bool>? onEpoch = null)
    {
        var model = new Linear(1, 1, generator: new Generator(1));
        return Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(Line, 4), epochs, Line, onEpoch, [curve]);
    }

    private static int Points(object figure) => JsonNode.Parse(((Figure)figure).ToJson())!["data"]![0]!["y"]!.AsArray().Count;

    [Fact]
    public void The_figure_is_shown_once_and_redrawn_at_most_five_times_a_second_and_at_the_end()
    {
        var shown = new List<object>();
        var updates = new List<object>();
        var clock = Stopwatch.StartNew();
        Train(300, new LiveLossCurve(display: figure =>
        {
            shown.Add(figure);
            return updates.Add;
        }));
        Assert.Equal(1, Points(Assert.Single(shown)));
        Assert.Equal(300, Points(updates[^1]));
        Assert.InRange(updates.Count, 1, 2 + (5 * clock.Elapsed.TotalSeconds));
        Assert.Equal(2, JsonNode.Parse(((Figure)updates[^1]).ToJson())!["data"]!.AsArray().Count);
    }

    [Fact]
    public void What_was_learned_until_a_failure_is_drawn()
    {
        var drawn = new List<object>();
        Assert.Throws<FormatException>(() => Train(10, new LiveLossCurve(display: figure =>
        {
            drawn.Add(figure);
            return drawn.Add;
        }), progress => progress.Epoch < 4 ? true : throw new FormatException()));
        Assert.InRange(Points(drawn[^1]), 3, 4);
    }

    [Fact]
    public void The_host_shows_it_where_it_offers_to_and_elsewhere_nothing_happens()
    {
        Assert.Null(HostDisplay.Show("anything"));
        Assert.Equal(3, Train(3, new LiveLossCurve()).Epochs);
        var shown = new List<object>();
        AppContext.SetData(HostDisplay.Name, (Func<object, Action<object>>)(value =>
        {
            shown.Add(value);
            return shown.Add;
        }));
        try
        {
            Train(3, new LiveLossCurve(logarithmic: true));
        }
        finally
        {
            AppContext.SetData(HostDisplay.Name, null);
        }

        Assert.Equal(3, Points(shown[^1]));
    }
}
