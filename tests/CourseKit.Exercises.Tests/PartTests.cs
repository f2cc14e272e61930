using System.Reflection;

namespace CourseKit.Exercises.Tests;

public class PartTests
{
    private static double Step(double z) => z >= 0 ? 1 : 0;

    [Fact]
    public void Parts_that_hold_earn_their_points()
    {
        var exercise = Check.Exercise("step-neuron")
            .Part("fires at zero", 1, () => Check.Equal(1.0, Step(0.0)))
            .Part("silent below", 2, () => Check.Equal(0.0, Step(-2.0)));

        Assert.Equal(3, exercise.Points);
        Assert.Equal(3, exercise.Possible);
        Assert.Equal(ExerciseStatus.Passed, exercise.Status);
        Assert.All(exercise.Parts, part => Assert.Equal("", part.Message));
    }

    [Fact]
    public void A_wrong_part_costs_its_own_points_only()
    {
        var exercise = Check.Exercise("step-neuron")
            .Part("right", 2, () => Check.Equal(1.0, Step(0.0)))
            .Part("wrong", 1, () => Check.Equal(1.0, Step(-1.0), "the threshold is zero"));

        Assert.Equal(2, exercise.Points);
        Assert.Equal(3, exercise.Possible);
        Assert.Equal(ExerciseStatus.Partial, exercise.Status);
        Assert.Equal(
            new PartResult("wrong", 0, 1, PartStatus.Failed, "Expected 1, got 0. Hint: the threshold is zero."),
            exercise.Parts[1]);
    }

    [Fact]
    public void Code_that_is_not_written_yet_is_not_attempted()
    {
        static double Unwritten() => throw new NotImplementedException();

        var exercise = Check.Exercise("stub").Part("any", 1, () => Check.Equal(1.0, Unwritten()));

        Assert.Equal(PartStatus.NotAttempted, exercise.Parts[0].Status);
        Assert.Equal(ExerciseStatus.NotAttempted, exercise.Status);
        Assert.Equal(0, exercise.Points);
    }

    [Fact]
    public void An_answer_that_is_still_null_is_not_attempted()
    {
        double[]? weights = null;
        double? bias = null;

        var exercise = Check.Exercise("stub")
            .Part("weights", 1, () => Check.Close([1.0, 2.0], weights))
            .Part("bias", 1, () => Check.Close(1.0, bias))
            .Part("equal", 1, () => Check.Equal("ReLU", null!))
            .Part("shape", 1, () => Check.Shape([2], weights));

        Assert.All(exercise.Parts, part => Assert.Equal(PartStatus.NotAttempted, part.Status));
    }

    [Fact]
    public void An_unwritten_stub_stays_not_attempted_through_tasks_reflection_and_static_fields()
    {
        var exercise = Check.Exercise("stub")
            .Part("task", 1, () => Task.FromException(new NotImplementedException()).Wait())
            .Part("reflection", 1, () => throw new TargetInvocationException(new NotImplementedException()))
            .Part("await", 1, async () => { await Task.Yield(); throw new NotImplementedException(); })
            .Part("throws", 1, () => Check.Throws<ArgumentException>(() => throw new NotImplementedException()));

        Assert.All(exercise.Parts, part => Assert.Equal(PartStatus.NotAttempted, part.Status));
    }

    [Fact]
    public void An_exception_of_the_students_code_fails_its_part_and_the_rest_still_runs()
    {
        int[] three = [1, 2, 3];
        var exercise = Check.Exercise("crash")
            .Part("index", 1, () => Check.Equal(3, three[three.Length]))
            .Part("next", 1, () => Check.Equal(3, three[2]));

        Assert.Equal(PartStatus.Error, exercise.Parts[0].Status);
        Assert.Equal(
            "Your code threw IndexOutOfRangeException: Index was outside the bounds of the array. "
            + "An index usually runs from 0 to length - 1.",
            exercise.Parts[0].Message);
        Assert.Equal(PartStatus.Passed, exercise.Parts[1].Status);
        Assert.Equal(1, exercise.Points);
    }

    private sealed class MessageThrows : Exception
    {
        public override string Message => throw new InvalidOperationException("not even this");
        public override string ToString() => throw new InvalidOperationException("nor this");
    }

    private sealed class MessageIsNull : Exception
    {
        public override string Message => null!;
    }

    [Fact]
    public void Exceptions_that_cannot_even_be_read_are_named_by_their_type()
    {
        var exercise = Check.Exercise("weird")
            .Part("throws", 1, () => throw new MessageThrows())
            .Part("null", 1, () => throw new MessageIsNull())
            .Part("inside", 1, () => throw new AggregateException(new MessageThrows()))
            .Part("long", 1, () => throw new InvalidOperationException(new string('x', 1_000_000)))
            .Part("lines", 1, () => throw new InvalidOperationException("one\n\u001b[31mtwo\0"));

        Assert.All(exercise.Parts, part => Assert.Equal(PartStatus.Error, part.Status));
        Assert.Equal("Your code threw MessageThrows.", exercise.Parts[0].Message);
        Assert.Equal("Your code threw MessageIsNull.", exercise.Parts[1].Message);
        Assert.Equal("Your code threw MessageThrows.", exercise.Parts[2].Message);
        Assert.InRange(exercise.Parts[3].Message.Length, 100, 1000);
        Assert.Equal("Your code threw InvalidOperationException: one [31mtwo.", exercise.Parts[4].Message);
    }

    private sealed class Unprintable
    {
        public override string ToString() => throw new InvalidOperationException();
    }

    [Fact]
    public void A_value_that_cannot_be_printed_is_still_compared()
    {
        var exercise = Check.Exercise("weird").Part("value", 1, () => Check.Equal(new Unprintable(), new Unprintable()));

        Assert.Equal(PartStatus.Failed, exercise.Parts[0].Status);
        Assert.Contains("a Unprintable that cannot be shown", exercise.Parts[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_stops_the_cell_is_not_mistaken_for_the_students_exception()
    {
        Assert.Throws<ThreadInterruptedException>(() =>
            Check.Exercise("stopped").Part("endless", 1, () => throw new ThreadInterruptedException()));

        // The kit's session says so to libraries in this way; only this test's own flow is being stopped.
        var isStopping = new AsyncLocal<bool> { Value = true };
        AppContext.SetData("CourseKit.StopRequested", (Func<bool>)(() => isStopping.Value));
        try
        {
            Assert.Throws<OperationCanceledException>(() =>
                Check.Exercise("stopped").Part("endless", 1, () => throw new OperationCanceledException()));
            isStopping.Value = false;
            Check.Exercise("running").Part("own", 1, () => throw new OperationCanceledException());
        }
        finally
        {
            AppContext.SetData("CourseKit.StopRequested", null);
        }
    }

    [Fact]
    public void An_answer_that_never_ends_is_read_only_as_far_as_needed()
    {
        static IEnumerable<double> Endless()
        {
            while (true) yield return 1;
        }

        var exercise = Check.Exercise("endless")
            .Part("close", 1, () => Check.Close([1.0, 1.0], Endless()))
            .Part("equal", 1, () => Check.Equal([1.0, 1.0], Endless()));

        Assert.All(exercise.Parts, part => Assert.Equal(PartStatus.Failed, part.Status));
        Assert.StartsWith("Expected 2 values, got", exercise.Parts[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Awaited_parts_are_awaited()
    {
        var exercise = Check.Exercise("async").Part("later", 1, async () =>
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
            Check.Equal(1, 2);
        });

        Assert.Equal("Expected 1, got 2.", exercise.Parts[0].Message);
    }

    [Fact]
    public void Ten_tenths_are_one_point()
    {
        var exercise = Check.Exercise("tenths");
        for (var i = 0; i < 10; i++) exercise.Part($"part {i}", 0.1, () => { });

        Assert.Equal("1", exercise.ToString());
    }

    [Fact]
    public void Parts_an_author_got_wrong_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Check.Exercise(" "));
        Assert.Throws<ArgumentException>(() => Check.Exercise("a").Part("", 1, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Check.Exercise("a").Part("p", -1, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Check.Exercise("a").Part("p", double.NaN, () => { }));
    }

    [Fact]
    public void An_exercise_without_visible_parts_is_not_attempted()
    {
        var exercise = Check.Exercise("hidden-only");

        Assert.Equal(ExerciseStatus.NotAttempted, exercise.Status);
        Assert.Equal("0", exercise.ToString());
    }
}
