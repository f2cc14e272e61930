using ILGPU;

namespace CourseKit;

/// <summary>Which numbers are drawn, and how they are scaled and shifted.</summary>
internal readonly struct DrawPlan(ulong seed, ulong position, double a, double b)
{
    public readonly ulong Seed = seed, Position = position;
    public readonly double A = a, B = b;
}

// Number i is a function of its position alone, the same as on every device.
internal static class DrawKernels
{
    public static void Uniform(Index1D i, ArrayView<float> target, DrawPlan plan)
        => target[i] = (float)(plan.A + (plan.B - plan.A) * UniformAt(plan, plan.Position + (ulong)(int)i));

    public static void Normal(Index1D i, ArrayView<float> target, DrawPlan plan)
    {
        var pair = plan.Position + (ulong)(i / 2 * 2);
        var radius = Math.Sqrt(-2 * Math.Log(1 - UniformAt(plan, pair)));
        var angle = 2 * Math.PI * UniformAt(plan, pair + 1);
        target[i] = (float)(plan.A + plan.B * radius * (i % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)));
    }

    private static double UniformAt(DrawPlan plan, ulong position)
    {
        var (first, second, third, fourth) = Generator.Philox(position / 4, 0, (uint)plan.Seed, (uint)(plan.Seed >> 32));
        var lane = (int)(position % 4);
        return Generator.ToUniform(lane == 0 ? first : lane == 1 ? second : lane == 2 ? third : fourth);
    }
}
