namespace CourseKit.Tests;

/// <summary>Long training with an adaptive optimizer, clipping and a schedule: memory stays what it was.</summary>
[Collection(ProcessWide.Name)]
public class OptimizerAllocationTests
{
    [Fact]
    public void Ten_thousand_steps_of_Adam_do_not_grow_memory()
    {
        var (model, x, y) = AllOptimizers.Network(Device.Cpu);
        var optimizer = new Adam(model.Parameters(), 0.001);
        var scheduler = new TimeDecayLR(optimizer, 1e-4);
        var lossOf = new MSELoss();

        SteadySteps.Assert(steps: 5000, warmUp: 1000, Step);
        var heldBefore = GC.GetTotalMemory(forceFullCollection: true);
        SteadySteps.Assert(steps: 2500, warmUp: 0, Step);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heldBefore, long.MinValue, 64 * 1024);

        void Step()
        {
            optimizer.ZeroGrad();
            lossOf.Forward(model.Forward(x), y).Backward();
            GradientClipping.ByNorm(optimizer.Parameters, 0.01);
            optimizer.Step();
            scheduler.Step();
        }
    }

    [Fact]
    public void A_step_on_a_large_parameter_reuses_its_blocks()
    {
        // 4 MB a tensor: the parameter, its gradient and two means. A block not given back would show after a few steps.
        var w = Tensor.Ones(1 << 20);
        w.RequiresGrad = true;
        var optimizer = new AdamW([w]);
        for (var i = 0; i < 3; i++)
            Step(); // the pool holds what a step needs
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 50; i++)
            Step();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4 << 20);

        void Step()
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            (w * 2).Mean().Backward();
            GradientClipping.ByNorm([w], 1e-4);
            optimizer.Step();
        }
    }
}
